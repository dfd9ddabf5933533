import LogDensities

/// A model with one group prior whose evidence is known, by a formula or by quadrature in one dimension: what schedules and
/// estimators are judged by. It is sampled like any other, by the gradient of its joint log density.
public protocol AnalyticModel: HierarchicalModel where Posterior == GroupPosterior<Self> {
  /// The prior of all parameters.
  var prior: GroupPrior { get }

  /// Adds the gradient of ln p(y | θ) and returns ln p(y | θ), the sum over rows with all constants.
  func addLikelihoodGradient(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double

  /// ln L(λ) = ln ∫ p(y | θ) p(θ | λ) dθ, with all constants.
  func logEvidence(at lambda: Hyperparameters) -> Double
}

extension AnalyticModel {
  /// The number of members of the group.
  public var dimension: Int { prior.members }

  /// `theta[1]` and so on.
  public var parameterNames: [String] { (1...prior.members).map { "theta[\($0)]" } }

  /// The posterior at λ.
  public func posterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior {
    let (location, scale) = try prior.locationAndScale(at: lambda)
    return GroupPosterior(model: self, location: location, scale: scale, smoothing: 0)
  }

  /// The posterior with the kinks of a Laplace prior smoothed over a twentieth of its scale.
  public func smoothedPosterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior {
    let (location, scale) = try prior.locationAndScale(at: lambda)
    return GroupPosterior(model: self, location: location, scale: scale, smoothing: 0.05)
  }

  /// ln p(y | θ).
  public func logLikelihood(at position: Span<Double>) -> Double {
    var gradient = [Double](repeating: 0, count: dimension)
    var span = gradient.mutableSpan
    return addLikelihoodGradient(at: position, to: &span)
  }

  /// ln p(θ | λ).
  public func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    prior.logDensity(at: position, given: lambda)
  }

  /// ∂ ln p(θ | λ) / ∂ (m, ln s).
  public func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    precondition(score.count == 2, "a group prior has a location and a log scale")
    (score[0], score[1]) = prior.score(at: position, given: lambda)
  }

  /// The expected prior information of every coordinate.
  public func priorInformation(at lambda: Hyperparameters) -> [Double] {
    lambda.pulledBack(prior.information(at: lambda))
  }

  /// Adds the prior's gradient; positions are unconstrained already.
  public func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    let (location, scale) = prior.unchecked(lambda)
    return prior.addGradient(at: position, location: location, scale: scale, to: &gradient)
  }

  /// One or two sums over the group where they are enough.
  public func priorStatistics(at position: Span<Double>, for lambda: Hyperparameters) -> [Double] {
    prior.statistics(at: position, for: lambda)
  }

  /// From the sums.
  public func priorTable(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable {
    prior.table(of: statistics, draws: draws, given: lambda)
  }

  /// In closed form, from the sums.
  public func priorCurvature(
    of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters
  ) -> [Double] {
    prior.curvature(of: statistics, draws: draws, weights: weights, given: lambda)
  }

  /// With q = m + s ξ.
  public func pathwiseScore(
    at position: Span<Double>, likelihoodGradient: Span<Double>, given lambda: Hyperparameters
  ) -> [Double]? {
    prior.pathwiseScore(at: position, likelihoodGradient: likelihoodGradient, given: lambda)
  }

  /// All but that of a Laplace location.
  public func scoreIsContinuous(for lambda: Hyperparameters) -> [Bool] {
    lambda.coordinates.indices.map { prior.family == .normal || lambda.membership[0] != $0 }
  }

  /// θ as it is.
  public func constrained(_ position: Span<Double>) -> [Double] { (0..<position.count).map { position[$0] } }
}
