#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Experts
import LogDensities
import Priors

/// Tree mixing as the outer loop sees it: y = Σ_k w_k(x) f_k(x) + σ s ε, weights sums of trees.
///
/// λ holds for each model the location β_k and ln τ_k of its leaf entries (block `leaves`), and ln √λ of the noise prior
/// σ² = ν λ/χ²_ν (block `noise`; none where σ is known); ν stays. At first one scale a block is tuned.
///
/// A position is a record of a draw (see `parameterNames`), not coordinates of it: leaf statistics, ln σ, the mixed mean at all
/// rows, mean weights and mean shares. `logPrior` is p(leaves, σ | shapes of the trees, λ): no λ changes the prior of shapes,
/// whose logarithm is left out. There are no gradients in positions.
public struct TreeMixingModel: HierarchicalModel {
  /// The problem, with its priors where tuning starts.
  public let mixing: TreeMixing
  /// The names of the models.
  public var modelNames: [String] { mixing.predictions.names }
  /// λ where tuning starts, with roles; at first `TuningRoles.blockScales`.
  public var hyperparameters: Hyperparameters
  /// Rows at which the mixed mean is watched: about eight, evenly spaced over the order of the responses.
  let probes: [Int]
  let record: TreeRecord
  /// The mean number of leaves of all trees under the prior.
  let expectedLeaves: Double

  /// A model.
  public init(_ mixing: TreeMixing) {
    self.mixing = mixing
    record = TreeRecord(models: mixing.problem.models, rows: mixing.problem.rows)
    hyperparameters = Self.hyperparameters(of: mixing.prior, mixing.predictions.names).assigned(.blockScales)
    let response = mixing.data.response
    let order = response.indices.sorted { (response[$0], $0) < (response[$1], $1) }
    let count = min(8, order.count)
    probes = (0..<count).map { order[count == 1 ? 0 : $0 * (order.count - 1) / (count - 1)] }
    expectedLeaves = Double(mixing.prior.trees) * PriorTrees(mixing).expectedLeaves()
  }

  /// The length of a record.
  public var dimension: Int { record.length }
  /// `leaves`, and for each model `leafMean[name]` and `leafSquares[name]` (the mean of its leaf entries and the sum of squares about it),
  /// `sigma`, `mixture[row]` (the mixed mean), `weight[name]` (its mean over the rows) and `share[name]`, where each row's
  /// weights are first projected on the simplex and one more row of equal weights counted.
  public var parameterNames: [String] { record.names(modelNames) }
  /// The number of rows.
  public var rows: Int { record.rows }

  /// The problem at λ.
  /// - Throws: `ModelError` where a location or scale cannot be used.
  public func posterior(given lambda: Hyperparameters) throws(ModelError) -> TreeMixing {
    let (leaves, noise) = try priors(at: lambda)
    do throws(MixingError) { return try mixing.replacing(leaves: leaves, noise: noise) } catch {
      throw .invalid(error.description)
    }
  }

  /// ln p(y | θ).
  public func logLikelihood(at position: Span<Double>) -> Double {
    (0..<rows).reduce(0) { $0 + logLikelihood(row: $1, at: position) }
  }

  /// ln N(y_n; f(x_n), σ s_n).
  private func logLikelihood(row: Int, at position: Span<Double>) -> Double {
    let deviation = exp(position[record.logSigma]) * mixing.problem.scales[row]
    return logNormalDensity(mixing.data.response[row], mean: position[record.mixture + row], deviation: deviation)
  }

  /// ln p(y_n | θ) for every row.
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    for row in 0..<rows { values[row] = logLikelihood(row: row, at: position) }
  }

  /// ln Hent of the mean shares, see `parameterNames`; nil for one model.
  public func logAllocationEntropy(at position: Span<Double>) -> Double? {
    Gating.logNormalisedEntropy(ofLogShares: (0..<record.models).map { log(position[record.shares + $0]) })
  }

  /// The record with σ for ln σ.
  public func constrained(_ position: Span<Double>) -> [Double] {
    (0..<dimension).map { $0 == record.logSigma ? exp(position[$0]) : position[$0] }
  }

  /// The log-likelihood, σ, the number of leaves, each mean weight, and the mixed mean at rows named by their responses' rank.
  public var convergenceQuantityNames: [String] {
    ["log-likelihood", "sigma", "leaves"] + modelNames.map { "mean weight of \($0)" }
      + probes.indices.map { "mixed mean at row \($0 + 1)" }
  }

  /// The log-likelihood, σ, the number of leaves, the mean weights and the mixed mean at about eight rows: none depends on the order
  /// of the trees.
  public func convergenceQuantities(at position: Span<Double>) -> [Double] {
    [logLikelihood(at: position), exp(position[record.logSigma]), position[0]]
      + (0..<record.models).map { position[record.weights + $0] } + probes.map { position[record.mixture + $0] }
  }
}
