#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// y successes of n Bernoulli trials with logit θ.
struct LogisticLikelihood: Sendable {
  private let successes: Double
  private let trials: Double

  init(_ successes: Int, of trials: Int) {
    self.successes = Double(successes)
    self.trials = Double(trials)
  }

  /// y θ − n ln(1 + e^θ), its derivative, and the variance n p (1 − p).
  func evaluate(at theta: Double) -> (value: Double, slope: Double, variance: Double) {
    let tail = exp(-abs(theta))
    let probability = theta >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
    // For θ > 0 as −(n − y) θ − n ln(1 + e^{−θ}): both terms of the other form may be huge.
    let linear = theta >= 0 ? -(trials - successes) * theta : successes * theta
    return (
      (linear == 0 ? 0 : linear) - trials * log1p(tail), successes - trials * probability,
      trials * tail / ((1 + tail) * (1 + tail))
    )
  }

  /// ln ∫ p(y | θ) N(θ; m, s) dθ by the trapezoidal rule in t, θ = mode + w sinh t with w the width at the mode, at most
  /// that of the likelihood's slope: close nodes at the mode and far ones in the tails, and an error that falls exponentially
  /// with the step, as the integrand is analytic.
  func logEvidence(location: Double, scale: Double) -> Double {
    func logIntegrand(_ theta: Double) -> Double {
      evaluate(at: theta).value + logNormal((theta - location) / scale, scale)
    }
    let mode = mode(location: location, scale: scale)
    let width = min(1, 1 / (1 / (scale * scale) + evaluate(at: mode).variance).squareRoot())
    let peak = logIntegrand(mode)
    let step = 0.025
    var sum = 1.0
    for direction in [1.0, -1.0] {
      for index in 1...4000 {
        let t = direction * step * Double(index)
        let relative = exp(logIntegrand(mode + width * sinh(t)) - peak) * cosh(t)
        sum += relative
        if relative < 1e-18 { break }
      }
    }
    return peak + log(step * width * sum)
  }

  /// The zero of y − n p(θ) − (θ − m) / s², which falls in θ: Newton's steps, halving the bracket where they leave it.
  private func mode(location: Double, scale: Double) -> Double {
    let square = scale * scale
    var bracket = (location - square * trials, location + square * trials)
    var theta = location
    for _ in 0..<200 {
      let part = evaluate(at: theta)
      let slope = part.slope - (theta - location) / square
      if slope > 0 { bracket.0 = theta } else { bracket.1 = theta }
      var next = theta + slope / (part.variance + 1 / square)
      if !(next > bracket.0 && next < bracket.1) { next = 0.5 * (bracket.0 + bracket.1) }
      let moved = abs(next - theta)
      theta = next
      if moved <= 1e-10 * (1 + abs(theta)) { break }
    }
    return theta
  }
}
