import Foundation
import AnalyticModels
import LogDensities

/// The central difference of a function of λ in every coordinate.
func derivative(
  at lambda: Hyperparameters, step: Double = 1e-5, of body: (Hyperparameters) -> Double
) -> [Double] {
  lambda.free.indices.map { index in
    var (up, down) = (lambda.free, lambda.free)
    up[index] += step
    down[index] -= step
    return (body(lambda.moved(to: up)) - body(lambda.moved(to: down))) / (2 * step)
  }
}

/// One posterior mean with everything that a sum over a grid of positions gives.
struct GridMeans {
  var logEvidence: Double
  var score: [Double]
  var pathwise: [Double]

  /// Sums over the product of `axis` with itself, as many times as the model has parameters: the trapezoidal rule, which is
  /// exact to all digits for analytic integrands that vanish at the ends.
  init<Model: AnalyticModel>(_ model: Model, at lambda: Hyperparameters, axis: [Double]) {
    let step = axis[1] - axis[0]
    var positions: [[Double]] = [[]]
    for _ in 0..<model.dimension { positions = positions.flatMap { head in axis.map { head + [$0] } } }
    let q = lambda.coordinates.count
    var (total, score, pathwise) = (0.0, [Double](repeating: 0, count: q), [Double](repeating: 0, count: q))
    let zeros = [Double](repeating: 0, count: model.dimension)
    for position in positions {
      var likelihood = zeros
      var likelihoodSpan = likelihood.mutableSpan
      let value = model.addLikelihoodGradient(at: position.span, to: &likelihoodSpan)
      let density = exp(value + model.logPrior(at: position.span, given: lambda))
      var entries = [0.0, 0]
      var entrySpan = entries.mutableSpan
      model.score(at: position.span, given: lambda, into: &entrySpan)
      let path = model.pathwiseScore(at: position.span, likelihoodGradient: likelihood.span, given: lambda) ?? []
      total += density
      for (index, value) in lambda.pulledBack(entries).enumerated() { score[index] += density * value }
      for (index, value) in path.enumerated() { pathwise[index] += density * value }
    }
    logEvidence = log(total) + Double(model.dimension) * log(step)
    self.score = score.map { $0 / total }
    self.pathwise = pathwise.map { $0 / total }
  }
}

/// The largest relative distance, on the scale 1 + |expected|.
func distance(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  return zip(found, expected).map { abs($0 - $1) / (1 + abs($1)) }.max() ?? 0
}
