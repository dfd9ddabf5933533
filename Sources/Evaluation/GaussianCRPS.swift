#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The continuous ranked probability score of N(mean, standardDeviation) at `observed` (Gneiting and Raftery 2007, eq. 21);
/// a standard deviation of 0 gives |observed − mean|.
public func gaussianCRPS(mean: Double, standardDeviation: Double, observed: Double) -> Double {
  precondition(standardDeviation >= 0, "a standard deviation is not negative")
  return meanAbsolute(observed - mean, standardDeviation) - standardDeviation * inverseSquareRootOfPi
}

/// The continuous ranked probability score of a mixture of Gaussians at `observed`, exactly, from K² terms
/// (Grimit, Gneiting, Berrocal and Johnson 2006). `weights` sum to 1.
public func gaussianMixtureCRPS(
  weights: [Double], means: [Double], standardDeviations: [Double], observed: Double
) -> Double {
  precondition(
    weights.count == means.count && weights.count == standardDeviations.count, "one weight, mean and deviation each")
  var (distance, spread) = (0.0, 0.0)
  for i in weights.indices {
    distance += weights[i] * meanAbsolute(observed - means[i], standardDeviations[i])
    for j in weights.indices {
      let deviation = hypot(standardDeviations[i], standardDeviations[j])
      spread += weights[i] * weights[j] * meanAbsolute(means[i] - means[j], deviation)
    }
  }
  return distance - 0.5 * spread
}

/// E |X| of X ~ N(mean, deviation): m (2 Φ(m/s) − 1) + 2 s φ(m/s).
private func meanAbsolute(_ mean: Double, _ deviation: Double) -> Double {
  guard deviation > 0 else { return abs(mean) }
  let z = mean / deviation
  return mean * erf(z * 0.5.squareRoot()) + deviation * squareRootOfTwoOverPi * exp(-0.5 * z * z)
}

private let inverseSquareRootOfPi = 0.564189583547756286948079451561
private let squareRootOfTwoOverPi = 0.797884560802865355879892119869
