/// A model p(y | θ) p(θ | λ) as the outer loop sees it: y data, θ parameters, λ hyperparameters.
///
/// Positions are unconstrained coordinates q of θ (for a standard deviation σ, ln σ). The Jacobian of θ(q) belongs to
/// the sampled density and to no other member: `logPrior` is the density of θ itself, normalised in θ for every λ.
///
/// Where θ has no fixed number of coordinates (regression trees, say), a position is a record of fixed length that tells what
/// the members here need of a draw: its likelihood, its predictions and the sufficient statistics of its prior. A posterior
/// of such a model is no `LogDensity`, and its sampler is one of its own.
public protocol HierarchicalModel: Sendable {
  /// p(θ | y, λ) for the sampler: for one that follows gradients a `LogDensity`, up to a constant, in unconstrained
  /// coordinates, Jacobian included.
  associatedtype Posterior: Sendable

  /// The length of a position.
  var dimension: Int { get }
  /// The names of the constrained parameters, in the order of `constrained(_:)`.
  var parameterNames: [String] { get }
  /// The number of rows of data.
  var rows: Int { get }
  /// The hyperparameters at their initial values, with their roles.
  var hyperparameters: Hyperparameters { get }

  /// The posterior at λ.
  /// - Throws: `ModelError` where λ has no posterior (a scale that is not finite and positive).
  func posterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior

  /// The posterior as a density whose mass in each of several modes can be weighed; nil where there is no density of
  /// positions, and chains that disagree are only reported.
  func weighableDensity(given lambda: Hyperparameters) throws(ModelError) -> (any LogDensity)?

  /// The posterior at λ with its kinks smoothed away: what a search for starting points by optimisation can follow.
  func smoothedPosterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior

  /// ln p(y | θ), the sum over rows.
  func logLikelihood(at position: Span<Double>) -> Double

  /// ln p(θ | λ), without the Jacobian.
  func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double

  /// ∂ ln p(θ | λ) / ∂λ for every entry of λ, tuned or not (length `lambda.count`), including the normaliser's part.
  func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>)

  /// The expected prior information E_{θ|λ}[−∂² ln p(θ | λ) / ∂c²] of every coordinate c of λ (length
  /// `lambda.coordinates.count`): the variance of the summed scores of its members. For independent priors it is
  /// `lambda.pulledBack` of the information of the entries.
  func priorInformation(at lambda: Hyperparameters) -> [Double]

  /// Adds to `gradient` that of ln p(θ(q) | λ) + ln |dθ/dq| in q and returns the value: the prior as a density of positions,
  /// without an ordering. The gradient of `posterior(given:)` less this one is the likelihood's, which no λ changes.
  func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double

  /// The numbers through which θ enters ln p(θ | λ), for every λ that tuning can reach from `lambda`; as many at every
  /// position. The position itself is always enough, sums over a block may do.
  func priorStatistics(at position: Span<Double>, for lambda: Hyperparameters) -> [Double]

  /// ln p(θ | λ) and its score in the coordinates of λ for many draws, known by their `priorStatistics(at:for:)`, one draw
  /// after the other. What reuse of draws spends its time on.
  func priorTable(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable

  /// Σ_s weights_s ∂² ln p(θ_s | λ) / ∂c ∂c′, the weighted sum of Hessians in the coordinates of λ, by rows (q × q). For a
  /// score that is not continuous, minus the expected information stands for the second derivative.
  func priorCurvature(
    of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters
  ) -> [Double]

  /// Σ_i ∂q_i/∂c · G_i for every coordinate c of λ, with G the gradient of ln p(y | θ(q)) and q as a
  /// function of λ at a fixed standardised value, such as q = m + s·ξ. Its posterior mean is that of the score (integration
  /// by parts), so that their difference is a control variate. nil where a coordinate has no such function.
  func pathwiseScore(
    at position: Span<Double>, likelihoodGradient: Span<Double>, given lambda: Hyperparameters
  ) -> [Double]?

  /// For every coordinate of λ whether its score is continuous in λ at every θ. A Laplace location's is not: its Hessian
  /// has a point mass that no mean over draws sees.
  func scoreIsContinuous(for lambda: Hyperparameters) -> [Bool]

  /// ln p(y_n | θ) for every row, into `values` of length `rows`.
  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>)

  /// ln Hent(ᾱ(θ)), the logarithm of the normalised entropy of the mean use of the model's experts over the rows: 0 where
  /// all are in equal use, falling without bound as all but one go out of use. nil, at every position, for a model that
  /// allocates nothing.
  func logAllocationEntropy(at position: Span<Double>) -> Double?

  /// θ itself, for people.
  func constrained(_ position: Span<Double>) -> [Double]

  /// The names of `convergenceQuantities(at:)`.
  var convergenceQuantityNames: [String] { get }

  /// Scalars by which to judge whether chains agree. They must not depend on how experts are numbered: chains that differ
  /// by a relabelling only have converged.
  func convergenceQuantities(at position: Span<Double>) -> [Double]

  /// Moves a draw of `posterior(given:)` to the support that the user asked for (an ordering, say) and returns the log
  /// importance weight that the move owes; 0 and untouched for a model that asks for nothing.
  func canonicalise(_ position: inout MutableSpan<Double>, given lambda: Hyperparameters) -> Double

  /// Moves all draws of a sample (positions, one after the other) as `canonicalise(_:given:)` does one, and returns a log
  /// weight for each, up to a constant. A model can weigh draws by where all of them lie, and must where chains may stay in
  /// one of several equivalent places.
  func canonicalise(draws: inout [Double], given lambda: Hyperparameters) -> [Double]

  /// As `addPriorGradient`, for the prior averaged over transformations of θ that leave the likelihood as it is (for experts,
  /// their numberings). It has the same ln L, and equivalent places have the same mass under it, so that chains which got stuck
  /// in one of them stand for all. The prior itself for a model without such transformations.
  func addSymmetricPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double

  /// ln of the prior that the user asked for (ordered, say), averaged over all such transformations, less
  /// `addSymmetricPriorGradient`: the log weight of a draw under the latter for the ln L of the former. 0 where they are the same.
  func logSymmetryWeight(at position: Span<Double>, given lambda: Hyperparameters) -> Double

  /// Whether a coordinate of λ belongs to one numbered part (the scale of one expert's slopes, say). Estimates then need draws
  /// that are numbered alike, see `align`, and chains that keep their numbers.
  func tunesExpertsApart(_ lambda: Hyperparameters) -> Bool

  /// Renumbers all draws (positions, one after the other) to one labelling: the given one, or where that is nil one found
  /// in the draws. Returns a log weight for each, up to a constant, with which they are of the posterior on that labelling
  /// whatever numberings the chains were in, and the labelling to carry on. What estimates of coordinates that belong to
  /// one numbered part need.
  func align(
    draws: inout [Double], to labelling: Labelling?, given lambda: Hyperparameters
  ) -> (labelling: Labelling?, logWeights: [Double])

  /// The same model with what depends on λ alone (a normaliser, say) computed once, for callers that see many draws at one
  /// λ. Every member gives the same bits as before, at this λ and at any other.
  func prepared(for lambda: Hyperparameters) -> Self
}

extension HierarchicalModel {
  /// No experts: nothing is allocated, and an entropy penalty is undefined.
  public func logAllocationEntropy(at position: Span<Double>) -> Double? { nil }

  /// The posterior itself, for models without kinks.
  public func smoothedPosterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior {
    try posterior(given: lambda)
  }

  /// None.
  public func weighableDensity(given lambda: Hyperparameters) throws(ModelError) -> (any LogDensity)? { nil }

  /// The log-likelihood alone.
  public var convergenceQuantityNames: [String] { ["log-likelihood"] }

  /// The log-likelihood alone.
  public func convergenceQuantities(at position: Span<Double>) -> [Double] { [logLikelihood(at: position)] }

  /// The model itself: nothing is worth keeping.
  public func prepared(for lambda: Hyperparameters) -> Self { self }

  /// The prior itself: no transformation leaves the likelihood as it is.
  public func addSymmetricPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double { addPriorGradient(at: position, given: lambda, to: &gradient) }

  /// The prior asked for is the one that is sampled.
  public func logSymmetryWeight(at position: Span<Double>, given lambda: Hyperparameters) -> Double { 0 }

  /// No: a model without numbered parts.
  public func tunesExpertsApart(_ lambda: Hyperparameters) -> Bool { false }

  /// Every draw stays as it is: a model without numbered parts.
  public func align(
    draws: inout [Double], to labelling: Labelling?, given lambda: Hyperparameters
  ) -> (labelling: Labelling?, logWeights: [Double]) {
    (nil, [Double](repeating: 0, count: draws.count / dimension))
  }

  /// Every draw stays as it is.
  public func canonicalise(_ position: inout MutableSpan<Double>, given lambda: Hyperparameters) -> Double { 0 }

  /// Draw by draw.
  public func canonicalise(draws: inout [Double], given lambda: Hyperparameters) -> [Double] {
    stride(from: 0, to: draws.count, by: dimension).map { start in
      var position = Array(draws[start..<start + dimension])
      var span = position.mutableSpan
      let logWeight = canonicalise(&span, given: lambda)
      draws.replaceSubrange(start..<start + dimension, with: position)
      return logWeight
    }
  }
}

extension HierarchicalModel where Posterior: LogDensity {
  /// The density that chains move on: the posterior, summed over the model's symmetries where chains are free to change place.
  public func weighableDensity(given lambda: Hyperparameters) throws(ModelError) -> (any LogDensity)? {
    let posterior = try posterior(given: lambda)
    guard !tunesExpertsApart(lambda), let symmetrised = posterior.symmetrised else { return posterior }
    return symmetrised
  }
}

/// What is wrong with a model or with hyperparameters handed to it.
public enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A hyperparameter outside its range.
  case hyperparameter(name: String, value: Double, allowed: String)
  /// The model cannot be built as asked.
  case invalid(String)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .hyperparameter(let name, let value, let allowed): "Hyperparameter \(name) is \(value); allowed is \(allowed)."
    case .invalid(let reason): reason
    }
  }
}
