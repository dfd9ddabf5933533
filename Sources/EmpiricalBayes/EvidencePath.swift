import Diagnostics
import LogDensities

/// ln L along the iterates of λ: the integral of its gradient (Fisher's identity) by the trapezoid rule, corrected by the
/// difference of Hessians (Louis 1982) at both ends. It needs no draws of its own, and is two-sided where importance weights
/// from one end would be wrong by nats.
public struct EvidencePath: Sendable, Codable, Equatable {
  /// ln L here − ln L at the first iterate of the path, with its standard error.
  public let gain: Estimate
  /// λ here.
  let lambda: [Double]
  /// ∇ ln L here.
  let gradient: [Double]
  /// Its Monte Carlo covariance, by rows.
  let covariance: [Double]
  /// ∇² ln L here, by rows; empty with more than `mostCoordinates`.
  let curvature: [Double]
  /// The step that led here.
  let step: [Double]
  /// The variance of all terms but that of the gradient here.
  let closedVariance: Double

  /// With more coordinates the Hessian costs more than it tells.
  static let mostCoordinates = 24

  /// The path with one more iterate.
  init<Model: HierarchicalModel>(after previous: EvidencePath?, _ batch: TuningBatch, of model: Model) {
    let estimates = MarginalLikelihoodGradient.estimate(batch.evaluated)
    let q = estimates.count
    lambda = batch.lambda.free
    gradient = estimates.map(\.value)
    covariance = batch.evaluated.covariance(ofGradient: estimates.map(\.standardError))
    curvature =
      q <= Self.mostCoordinates
      ? LouisHessian.ofLogEvidence(batch.draws, of: model, at: batch.lambda) : []
    guard let previous else {
      gain = Estimate(value: 0, standardError: 0)
      step = [Double](repeating: 0, count: q)
      closedVariance = 0
      return
    }
    let step = zip(lambda, previous.lambda).map { $0 - $1 }
    let slope = trapezoid(along: step, gradient, previous.gradient)
    let bend =
      curvature.isEmpty || previous.curvature.isEmpty
      ? 0 : -quadratic(step, zip(curvature, previous.curvature).map { $0 - $1 }) / 12
    // A correction is a guess at what the trapezoid misses: half of it counts as an error of its own.
    let middle = zip(step, previous.step).map { 0.5 * ($0 + $1) }
    let closed = previous.closedVariance + quadratic(middle, previous.covariance) + 0.25 * bend * bend
    let open = 0.25 * quadratic(step, covariance)
    gain = Estimate(
      value: previous.gain.value + slope + bend, standardError: (closed + open).squareRoot())
    self.step = step
    closedVariance = closed
  }
}

/// The rise along a step by the trapezoid rule, from the gradients at both of its ends.
func trapezoid(along step: [Double], _ end: [Double], _ start: [Double]) -> Double {
  zip(step, zip(end, start)).reduce(0) { $0 + 0.5 * $1.0 * ($1.1.0 + $1.1.1) }
}

/// xᵀAx for a matrix by rows.
func quadratic(_ x: [Double], _ matrix: [Double]) -> Double {
  var sum = 0.0
  for row in x.indices {
    for column in x.indices { sum += x[row] * matrix[row * x.count + column] * x[column] }
  }
  return sum
}
