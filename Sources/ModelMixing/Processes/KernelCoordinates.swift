#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import GaussianProcesses
import LogDensities
import Priors

/// Three ways to write kernel parameters θ: unconstrained coordinates q of their priors' supports, which a sampler moves; θ; and
/// the kernel's own coordinates p, the logarithms of positive parameters and locations as they are.
struct KernelCoordinates: Sendable {
  let supports: [Support]
  let scales: [KernelParameter.Scale]

  var dimension: Int { supports.count }

  /// p(q).
  func kernelPosition(of position: Span<Double>) -> [Double] {
    supports.indices.map { index in
      if supports[index] == .positive && scales[index] == .logarithmic { return position[index] }
      let value = supports[index].value(at: position[index])
      return scales[index] == .linear ? value : log(value)
    }
  }

  /// dp/dq of one coordinate.
  func slope(_ index: Int, at coordinate: Double) -> Double {
    switch scales[index] {
    case .linear: supports[index].slope(at: coordinate)
    case .logarithmic:
      supports[index] == .positive
        ? 1 : supports[index].slope(at: coordinate) / supports[index].value(at: coordinate)
    }
  }

  /// θ of p, moved off the ends of an interval by 1e-12 of its width.
  func value(_ index: Int, ofKernelPosition position: Double) -> Double {
    let value = scales[index] == .linear ? position : exp(position)
    guard case .interval(let lower, let upper) = supports[index] else { return value }
    let margin = 1e-12 * (upper - lower)
    return min(max(value, lower + margin), upper - margin)
  }
}

/// ln p(y | θ) in unconstrained coordinates.
struct ProcessMixingLikelihood: Sendable {
  let marginal: MarginalLikelihood
  let coordinates: KernelCoordinates

  /// The value, and the gradient in place of what `gradient` holds.
  func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    let point = coordinates.kernelPosition(of: position)
    guard point.allSatisfy(\.isFinite) else { return -.infinity }
    let value = try marginal.evaluate(at: point.span, gradient: &gradient)
    for index in point.indices { gradient[index] *= coordinates.slope(index, at: position[index]) }
    return value
  }

  func value(at position: Span<Double>) -> Double {
    let point = coordinates.kernelPosition(of: position)
    return point.allSatisfy(\.isFinite) ? marginal.value(at: point) : -.infinity
  }
}

/// ln p(θ | λ) as a function of the kernel's own coordinates, without a Jacobian: with it a search finds the mode of the density
/// of θ itself.
struct KernelHyperprior: LogDensity {
  let prior: ProductPrior
  let coordinates: KernelCoordinates

  var dimension: Int { coordinates.dimension }

  func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    var total = 0.0
    for index in 0..<dimension {
      let (support, scalar) = (coordinates.supports[index], prior.priors[index])
      let value = coordinates.value(index, ofKernelPosition: position[index])
      let own = support.coordinate(of: value)
      total += scalar.logDensity(at: own)
      let inner = coordinates.scales[index] == .linear ? 1 : value
      gradient[index] = scalar.derivative(at: own) / support.slope(at: own) * inner
    }
    return total.isNaN ? -.infinity : total
  }
}
