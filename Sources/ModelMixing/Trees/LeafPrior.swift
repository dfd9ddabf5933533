#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The prior of the leaf vectors: entry k of every leaf is N(β_k, τ_k²), all independent. A weight, a sum over m trees, is then
/// N(m β_k, m τ_k²) before any data.
public struct LeafPrior: Sendable, Codable, Equatable {
  /// β_k, one a model.
  public let means: [Double]
  /// τ_k > 0, one a model: standard deviations.
  public let scales: [Double]

  /// A prior of one's own.
  /// - Throws: `MixingError` where the lengths differ, or a number cannot be used.
  public init(means: [Double], scales: [Double]) throws(MixingError) {
    guard !means.isEmpty else { throw .noModels }
    guard means.count == scales.count else {
      throw .ragged(what: "The list of leaf scales", expected: means.count, found: scales.count)
    }
    for mean in means where !mean.isFinite {
      throw .setting(name: "leaf mean", value: "\(mean)", allowed: "any finite number")
    }
    for scale in scales where !(scale > 0 && (scale * scale).isNormal && (1 / (scale * scale)).isFinite) {
      throw .setting(name: "leaf scale", value: "\(scale)", allowed: "positive, with a finite square")
    }
    self.means = means
    self.scales = scales
  }

  /// A prior that was written, checked like any other.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      means: container.decode([Double].self, forKey: .means), scales: container.decode([Double].self, forKey: .scales))
  }

  /// β = 1/(2m), τ = 1/(2 k √m): every weight is 0.5 ± 0.5/k (Yannotty, Santner, Furnstahl and Pratola 2023).
  public static func nonInformative(models: Int, trees: Int, k: Double = 2) throws(MixingError) -> LeafPrior {
    let m = try positive(trees, k: k)
    return try same(models: models, mean: 1 / (2 * m), scale: 1 / (2 * k * m.squareRoot()))
  }

  /// β = 1/(K m), τ = 1/(2 k m): weights near 1/K each, which sum to 1 in the mean. Where the models' own precisions are known,
  /// Yannotty et al. centre each leaf on them instead; that is not done here.
  public static func informative(models: Int, trees: Int, k: Double = 2) throws(MixingError) -> LeafPrior {
    let m = try positive(trees, k: k)
    return try same(models: models, mean: 1 / (Double(max(1, models)) * m), scale: 1 / (2 * k * m))
  }

  private static func positive(_ trees: Int, k: Double) throws(MixingError) -> Double {
    guard trees >= 1 else { throw .setting(name: "trees", value: "\(trees)", allowed: "at least 1") }
    guard k > 0, k.isFinite else { throw .setting(name: "k", value: "\(k)", allowed: "positive") }
    return Double(trees)
  }

  private static func same(models: Int, mean: Double, scale: Double) throws(MixingError) -> LeafPrior {
    guard models >= 1 else { throw .noModels }
    return try LeafPrior(
      means: [Double](repeating: mean, count: models), scales: [Double](repeating: scale, count: models))
  }

  /// ln p(all leaves | β, τ) given the shapes of the trees, constants included.
  public func logDensity(_ statistics: LeafStatistics) -> Double {
    let count = Double(statistics.leaves)
    return means.indices.reduce(0) { total, model in
      let square = statistics.squares(about: means[model], model: model)
      return total - count * (log(scales[model]) + 0.5 * log(2 * .pi)) - 0.5 * square / (scales[model] * scales[model])
    }
  }

  /// The score of the same: ∂/∂β_k and ∂/∂ln τ_k, one of each a model.
  public func score(_ statistics: LeafStatistics) -> (means: [Double], logScales: [Double]) {
    let count = Double(statistics.leaves)
    var score = (means: means, logScales: scales)
    for model in means.indices {
      let variance = scales[model] * scales[model]
      score.means[model] = count * (statistics.means[model] - means[model]) / variance
      score.logScales[model] = statistics.squares(about: means[model], model: model) / variance - count
    }
    return score
  }

  /// Its negative second derivatives, for Louis' formula: −∂²/∂β_k², −∂²/∂β_k ∂ln τ_k, −∂²/∂(ln τ_k)²; models do not meet.
  public func information(
    _ statistics: LeafStatistics
  ) -> (means: [Double], cross: [Double], logScales: [Double]) {
    let count = Double(statistics.leaves)
    var information = (means: means, cross: means, logScales: means)
    for model in means.indices {
      let variance = scales[model] * scales[model]
      information.means[model] = count / variance
      information.cross[model] = 2 * count * (statistics.means[model] - means[model]) / variance
      information.logScales[model] = 2 * statistics.squares(about: means[model], model: model) / variance
    }
    return information
  }
}

/// What the density of the leaves of one draw depends on: their number, and mean and spread of each entry.
public struct LeafStatistics: Sendable, Codable, Equatable {
  /// The leaves of all trees.
  public let leaves: Int
  /// The mean of entry k over the leaves, one a model.
  public let means: [Double]
  /// Σ (leaf − mean)² of entry k, one a model: about the mean, so that no digits cancel where the leaves are close.
  public let squares: [Double]

  /// Statistics from their parts.
  public init(leaves: Int, means: [Double], squares: [Double]) {
    self.leaves = leaves
    self.means = means
    self.squares = squares
  }

  /// Σ leaf of entry `model`.
  public func sum(model: Int) -> Double { Double(leaves) * means[model] }

  /// Σ (leaf − centre)² of entry `model`; with centre 0 the sum of squares.
  public func squares(about centre: Double, model: Int) -> Double {
    let shift = means[model] - centre
    return squares[model] + Double(leaves) * shift * shift
  }
}
