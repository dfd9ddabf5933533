import LogDensities

/// The M-step: the λ at which the weighted mean over draws of ln p(θ | λ), plus ln p(λ), is largest.
///
/// By Fisher scoring, λ ← λ + F⁻¹ g with the expected information F: for the families in use a few steps reach the
/// closed form, and ties, fixed entries and hyperpriors need no formula of their own.
struct CompleteDataMaximiser: Sendable {
  /// `HierarchicalModel.priorStatistics` of every draw.
  let statistics: [Double]
  /// Normalised.
  let weights: [Double]

  private static let mostSteps = 50
  private static let radius = 2.0
  /// In units of the prior's scale, or of a logarithm: far below what draws can tell.
  private static let tolerance = 1e-5

  func maximum<Model: HierarchicalModel>(of model: Model, from start: Hyperparameters) -> Hyperparameters {
    var lambda = start
    for _ in 0..<Self.mostSteps {
      let table = model.priorTable(of: statistics, draws: weights.count, given: lambda)
      let gradient = zip(table.scores, lambda.hyperpriorGradient).map { scores, prior in
        zip(scores, weights).reduce(prior) { $0 + $1.0 * $1.1 }
      }
      let information = lambda.penalisedInformation(model.priorInformation(at: lambda))
      let point = TuningPoint(iteration: 0, at: lambda, of: model)
      let step = shortened(
        zip(gradient, information).map { $1 > 0 ? $0 / $1 : 0 }, at: point, radius: Self.radius)
      let next = lambda.moved(to: zip(lambda.free, step).map { $0 + $1 })
      let moved = zip(next.free, zip(lambda.free, point.unit)).map { abs($0 - $1.0) / $1.1 }.max() ?? 0
      lambda = next
      if moved < Self.tolerance { break }
    }
    return lambda
  }
}
