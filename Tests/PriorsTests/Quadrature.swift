import Foundation

@testable import Priors

/// ∫ f(u) p(u) du of a scalar prior by the trapezoid rule after u = centre + scale · sinh(t), which reaches power tails
/// and converges exponentially for smooth integrands; Laplace densities are split at their kink by symmetry of the grid.
func expectation(_ prior: ScalarPrior, _ f: (Double) -> Double) -> Double {
  let (centre, scale, _) = prior.extent
  let step = 1.0 / 512
  var sum = 0.0
  for i in -(60 * 512)...(60 * 512) {
    let t = Double(i) * step
    let u = centre + scale * sinh(t)
    let logWeight = prior.logDensity(at: u) + prior.support.logJacobian(at: u) + log(scale) + abs(t)
    guard logWeight > -745 else { continue }
    // The kink lies on a node, where the trapezoid rule has an error of order step² only; f is averaged across it.
    let weight = exp(logWeight - abs(t)) * cosh(t)
    sum += weight * f(u)
  }
  return sum * step
}

/// A central difference with Richardson extrapolation.
func derivative(_ step: Double, _ f: (Double) -> Double) -> Double {
  let coarse = (f(2 * step) - f(-2 * step)) / (4 * step)
  let fine = (f(step) - f(-step)) / (2 * step)
  return (4 * fine - coarse) / 3
}
