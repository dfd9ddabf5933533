import LogDensities

extension AnalyticModel {
  /// ln L(λ) + ln p(λ): what tuning without an entropy penalty increases.
  public func logObjective(at lambda: Hyperparameters) -> Double { logEvidence(at: lambda) + lambda.logHyperprior }

  /// The λ that maximises `logObjective` over the coordinates within their bounds, by a search from the model's own λ that
  /// ends where no step of 10⁻⁷ in a coordinate goes up. Deterministic.
  public func maximiser() -> Hyperparameters {
    var best = hyperparameters
    var height = logObjective(at: best)
    var steps = best.coordinates.map { _ in 0.5 }
    while let longest = steps.max(), longest > 1e-7 {
      for index in steps.indices {
        var improved = false
        for direction in [1.0, -1.0] {
          var free = best.free
          free[index] += direction * steps[index]
          let trial = best.moved(to: free)
          let value = logObjective(at: trial)
          guard value > height else { continue }
          (best, height, improved) = (trial, value, true)
          break
        }
        steps[index] *= improved ? 1.5 : 0.5
      }
    }
    return best
  }
}
