import LogDensities
import Priors

/// A mixture, blend or fusion of experts with independent priors: p(y | X, θ) p(θ | λ) (sections 2.4 and 3, Appendix D).
///
/// Positions are those of `ExpertArchitecture`. Priors are densities of θ, with σ and not ln σ where θ is σ. The sampled
/// posterior is never restricted to an ordering; `canonicalise` moves its draws there.
public struct ExpertModel: HierarchicalModel {
  /// The shape of the model.
  public let architecture: ExpertArchitecture
  /// ln p(y | X, θ).
  public let likelihood: ExpertLikelihood
  /// The family of every parameter's prior, and its entries of λ.
  public let layout: PriorLayout
  /// How experts are told apart.
  public let ordering: Ordering
  /// Such as `slope[1,temperature]`, in the order of a position.
  public let parameterNames: [String]
  /// λ where tuning starts, with roles; at first `TuningRoles.blockScales`. Entries must stay those of the layout.
  public var hyperparameters: Hyperparameters
  let gateColumns: [Double]
  let invariants: LabelInvariants
  /// The prior at one λ and the numberings between which it makes a difference; see `prepared(for:)`.
  var preparedPrior: (values: [Double], prior: OrderedPrior, symmetry: PriorSymmetry?)?
  /// The statistics of draws for what can be reached from one λ; see `prepared(for:)`.
  var preparedStatistics: SufficientStatistics?

  /// A model of data.
  /// - Parameters:
  ///   - combination: How the experts are combined.
  ///   - experts: M, at least 1.
  ///   - data: The rows.
  ///   - priors: The priors, whose hyperparameters are the initial λ.
  ///   - ordering: How experts are told apart; with more than 12 experts only `none`.
  ///   - instructionSet: What the likelihood's kernel computes with.
  /// - Throws: `ModelError` where data, names or priors do not fit together.
  public init(
    _ combination: Combination, experts: Int, data: ExpertRows, priors: ExpertPriors = ExpertPriors(),
    ordering: Ordering = .none, instructionSet: InstructionSet = .automatic
  ) throws(ModelError) {
    guard experts >= 1 else { throw .invalid("A model needs at least one expert, found \(experts).") }
    guard ordering == .none || experts <= PermutationSum.largest else {
      throw .invalid("Ordered experts are limited to \(PermutationSum.largest), found \(experts).")
    }
    try data.validate()
    guard data.response.count > 0 else { throw .invalid("A model needs at least one row.") }
    architecture = ExpertArchitecture(
      combination: combination, experts: experts, expertFeatures: data.expertNames.count,
      gateFeatures: data.gateNames.count)
    likelihood = ExpertLikelihood(
      architecture: architecture, expertFeatures: data.expertFeatures, gateFeatures: data.gateFeatures,
      response: data.response, instructionSet: instructionSet)
    parameterNames = architecture.parameterNames(expertFeatures: data.expertNames, gateFeatures: data.gateNames)
    self.ordering = ordering
    let resolved = try priors.resolved(parameterNames, architecture.blocks)
    let (layout, hyperparameters) = PriorLayout.arranging(
      resolved, names: parameterNames, blocks: architecture.blocks.map(\.rawValue))
    self.layout = layout
    self.hyperparameters = hyperparameters.assigned(.blockScales)
    gateColumns = data.gateFeatures
    invariants = LabelInvariants(architecture, data)
  }

  /// The length of a position.
  public var dimension: Int { architecture.dimension }
  /// The number of rows.
  public var rows: Int { likelihood.rows }

  /// The unordered posterior at λ.
  /// - Throws: `ModelError` where a scale, say, is not finite and positive, or where λ makes the ordering impossible.
  public func posterior(given lambda: Hyperparameters) throws(ModelError) -> ExpertPosterior {
    ExpertPosterior(likelihood: likelihood, prior: try prior(at: lambda).base)
  }

  /// The posterior with every |x| of a Laplace prior smoothed to √(x² + (0.05 scale)²): what a quasi-Newton search for
  /// starting points can follow.
  public func smoothedPosterior(given lambda: Hyperparameters) throws(ModelError) -> ExpertPosterior {
    ExpertPosterior(
      likelihood: likelihood, prior: try ProductPrior(layout, at: lambda.values, laplaceSmoothing: 0.05))
  }

  /// ln p(y | X, θ).
  public func logLikelihood(at position: Span<Double>) -> Double { likelihood.logLikelihood(at: position) }

  /// ln p(y_n | x_n, θ) for every row.
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    likelihood.pointwiseLogLikelihood(at: position, into: &values)
  }

  /// θ: the position with σ for ln σ.
  public func constrained(_ position: Span<Double>) -> [Double] { layout.constrained(position) }
}
