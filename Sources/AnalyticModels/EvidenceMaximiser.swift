import LogDensities

extension AnalyticModel {
  /// ln L(λ) + ln p(λ): what tuning without an entropy penalty increases.
  public func logObjective(at lambda: Hyperparameters) -> Double { logEvidence(at: lambda) + lambda.logHyperprior }

  /// The λ that maximises `logObjective` over the coordinates within their bounds, to 10⁻⁷ in each, from the model's own λ.
  public func maximiser() -> Hyperparameters {
    CoordinateSearch().maximum(from: hyperparameters, of: logObjective).lambda
  }
}
