import Experts
import LogDensities
import Priors

/// Linear mixing as the outer loop sees it: the parameters of the weights and those of the models that are calibrated, with
/// independent priors whose hyperparameters are λ, in the blocks `weights` and `models`.
///
/// Models have their names, so that nothing may be renumbered.
public struct LinearMixingModel: IndependentPriorModel {
  /// ln p(y | θ).
  public let mixture: LinearMixture
  /// The family of every parameter's prior, and its entries of λ.
  public let layout: PriorLayout
  /// λ where tuning starts, with roles; at first `TuningRoles.blockScales`. Entries must stay those of the layout.
  public var hyperparameters: Hyperparameters
  /// The prior at one λ; see `prepared(for:)`.
  public var preparedPrior = PreparedPrior()
  /// Why gradients do not lead everywhere: where weights jump, or end to be defined, under these priors. nil where they do.
  public let discontinuity: String?
  /// Rows at which the mixed mean is watched, evenly spaced over the data.
  let probes: [Int]

  /// A mixture with priors.
  /// - Throws: `ModelError` where there is no parameter at all, or priors do not fit the parameters.
  public init(_ mixture: LinearMixture, priors: LinearMixingPriors = LinearMixingPriors()) throws(ModelError) {
    guard mixture.parameterCount > 0 else {
      throw .invalid(
        "The \(mixture.weights.name) weights have no parameter here and no model has one: there is nothing to sample.")
    }
    let resolved = try priors.resolved(for: mixture)
    let blocks = mixture.parameterNames.indices.map { $0 < mixture.weightParameters ? "weights" : "models" }
    let (layout, hyperparameters) = PriorLayout.arranging(resolved, names: mixture.parameterNames, blocks: blocks)
    self.mixture = mixture
    self.layout = layout
    self.hyperparameters = hyperparameters.assigned(.blockScales)
    discontinuity = mixture.weights.discontinuity(
      over: layout.supports.prefix(mixture.weightParameters).map(\.range))
    let count = min(Self.mostProbes, mixture.count)
    probes = (0..<count).map { count == 1 ? 0 : $0 * (mixture.count - 1) / (count - 1) }
  }

  static let mostProbes = 8

  /// Whether the posterior is continuous, as samplers that follow gradients need it.
  public var isContinuous: Bool { discontinuity == nil }

  /// The number of rows.
  public var rows: Int { mixture.count }

  /// The posterior at λ.
  /// - Throws: `ModelError` where a scale, say, is not finite and positive.
  public func posterior(given lambda: Hyperparameters) throws(ModelError) -> LinearMixingPosterior {
    LinearMixingPosterior(
      mixture: mixture, supports: layout.supports, prior: try prior(at: lambda), discontinuity: discontinuity)
  }

  /// The posterior with every |x| of a Laplace prior, should there be one, smoothed to √(x² + (0.05 scale)²).
  public func smoothedPosterior(given lambda: Hyperparameters) throws(ModelError) -> LinearMixingPosterior {
    LinearMixingPosterior(
      mixture: mixture, supports: layout.supports,
      prior: try ProductPrior(layout, at: lambda.values, laplaceSmoothing: 0.05), discontinuity: discontinuity)
  }

  /// ln p(y | θ).
  public func logLikelihood(at position: Span<Double>) -> Double {
    mixture.logLikelihood(at: constrained(position))
  }

  /// ln p(y_n | θ) for every row; with covariances between rows that of y_n given the rows before it.
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    let found = mixture.pointwiseLogLikelihood(at: constrained(position))
    for row in 0..<values.count { values[row] = found[row] }
  }

  /// ln Hent(w̄), the normalised entropy of the weights' means over the rows; nil for one model.
  public func logAllocationEntropy(at position: Span<Double>) -> Double? {
    guard mixture.modelNames.count > 1 else { return nil }
    guard let shares = mixture.logMeanWeights(at: constrained(position)) else { return -.infinity }
    return Gating.logNormalisedEntropy(ofLogShares: shares)
  }

  /// The log-likelihood, the models' mean weights, and the mixed mean at eight rows.
  public var convergenceQuantityNames: [String] {
    ["log-likelihood"] + mixture.modelNames.map { "mean weight of \($0)" }
      + probes.map { "mixed mean at row \($0 + 1)" }
  }

  /// The log-likelihood, the mean weight of every model over the rows, and Σ_k w_k f_k at about eight rows.
  public func convergenceQuantities(at position: Span<Double>) -> [Double] {
    let parameters = constrained(position)
    guard let (total, _, terms) = mixture.evaluate(at: parameters.span) else {
      return [Double](repeating: .nan, count: convergenceQuantityNames.count)
    }
    let k = terms.models
    let weights = terms.logWeights.map(exponential)
    let means = (0..<k).map { model in
      (0..<rows).reduce(0) { $0 + weights[$1 * k + model] } / Double(rows)
    }
    return [total] + means + probes.map { terms.mixedMean(row: $0) }
  }

  /// The posterior; nil where it jumps, so that nothing follows its gradient.
  public func weighableDensity(given lambda: Hyperparameters) throws(ModelError) -> (any LogDensity)? {
    isContinuous ? try posterior(given: lambda) : nil
  }
}

extension MixingTerms {
  /// Σ_k w_k f_k of one row; a weight of 0 takes part with nothing.
  func mixedMean(row: Int) -> Double {
    (row * models..<(row + 1) * models).reduce(0) { $0 + exponential(logWeights[$1]) * means[$1] }
  }
}

extension Support {
  /// The values that it allows, its ends included.
  var range: ClosedRange<Double> {
    switch self {
    case .real: -.infinity ... .infinity
    case .positive: 0 ... .infinity
    case .interval(let lower, let upper): lower...upper
    }
  }
}
