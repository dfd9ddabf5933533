import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RowPredictions {
  /// Gaussian predictive distributions, every field in closed form. One entry a row in every array; a standard deviation
  /// of 0 is all mass at the mean.
  public static func gaussian(
    observed: [Double], means: [Double], standardDeviations: [Double]
  ) -> RowPredictions {
    precondition(
      means.count == observed.count && standardDeviations.count == observed.count, "one mean and deviation a row")
    precondition(standardDeviations.allSatisfy { $0 >= 0 }, "a standard deviation is not negative")
    let reach = standardNormalQuantile(0.975)
    let rows = observed.indices
    let scores = rows.map { standardised(observed[$0] - means[$0], standardDeviations[$0]) }
    return RowPredictions(
      observed: observed,
      logDensity: rows.map { logDensity(scores[$0], standardDeviations[$0]) },
      mean: means,
      lower: rows.map { means[$0] - reach * standardDeviations[$0] },
      upper: rows.map { means[$0] + reach * standardDeviations[$0] },
      probability: scores.map { 0.5 * erfc(-$0 * 0.5.squareRoot()) },
      squaredError: rows.map {
        let distance = observed[$0] - means[$0]
        return distance * distance + standardDeviations[$0] * standardDeviations[$0]
      },
      crps: rows.map {
        gaussianCRPS(mean: means[$0], standardDeviation: standardDeviations[$0], observed: observed[$0])
      })
  }

  /// z, which is 0 at the mean even where the standard deviation is 0.
  private static func standardised(_ distance: Double, _ deviation: Double) -> Double {
    distance == 0 ? 0 : distance / deviation
  }

  /// −∞ off the mean where the standard deviation is 0, and not −∞ + ∞.
  private static func logDensity(_ score: Double, _ deviation: Double) -> Double {
    let exponent = -0.5 * score * score
    return exponent == -.infinity ? exponent : exponent - log(deviation) - halfLogTwoPi
  }
}

private let halfLogTwoPi = 0.918938533204672741780329736406
