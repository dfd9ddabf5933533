/// How a row's experts are combined into one density (CoCoAFusE paper, section 2.3).
public enum Combination: String, Codable, Sendable, CaseIterable {
  /// Mixture of experts (11): each row comes from one expert.
  case moe
  /// Blend of experts (Remark 9): one Gaussian with the weighted mean and variance.
  case boe
  /// Fusion (17): a mixture of the experts after each has moved towards the blend by the behaviour gate.
  case cocoafuse
}

/// The shape of an experts model, and where each of its parameters stands in an unconstrained position q:
/// intercepts a_1 … a_M; slopes b_1 … b_M, each over the expert features; gate columns G_1 … G_{M−1}, each over the gate
/// features; the behaviour gate g_β (CoCoAFusE only); ln σ_1 … ln σ_M. The last gate column is the reference, fixed at 0.
public struct ExpertArchitecture: Sendable, Codable, Equatable {
  /// How the experts are combined.
  public let combination: Combination
  /// M, at least 1.
  public let experts: Int
  /// n, without a bias, which every expert has of its own.
  public let expertFeatures: Int
  /// g, bias included, at least 1.
  public let gateFeatures: Int

  /// An architecture of that shape.
  public init(combination: Combination, experts: Int, expertFeatures: Int, gateFeatures: Int) {
    precondition(experts >= 1, "a model needs an expert")
    precondition(expertFeatures >= 0, "a number of features is not negative")
    precondition(gateFeatures >= 1, "a gate needs a feature, if only the bias")
    self.combination = combination
    self.experts = experts
    self.expertFeatures = expertFeatures
    self.gateFeatures = gateFeatures
  }

  /// a_1 … a_M.
  public var intercepts: Range<Int> { 0..<experts }

  /// All slopes, expert by expert.
  public var slopes: Range<Int> { experts..<experts * (1 + expertFeatures) }

  /// b_i over the expert features; `expert` counts from 0.
  public func slopes(of expert: Int) -> Range<Int> {
    precondition((0..<experts).contains(expert), "experts count from 0 to M - 1")
    let first = experts + expert * expertFeatures
    return first..<first + expertFeatures
  }

  /// All gate columns, one after the other; empty for one expert.
  public var gate: Range<Int> { slopes.upperBound..<slopes.upperBound + (experts - 1) * gateFeatures }

  /// G_k over the gate features; `column` counts from 0 to M − 2.
  public func gate(column: Int) -> Range<Int> {
    precondition((0..<experts - 1).contains(column), "gate columns count from 0 to M - 2")
    let first = slopes.upperBound + column * gateFeatures
    return first..<first + gateFeatures
  }

  /// g_β over the gate features; empty unless the combination is CoCoAFusE.
  public var behaviour: Range<Int> {
    gate.upperBound..<gate.upperBound + (combination == .cocoafuse ? gateFeatures : 0)
  }

  /// ln σ_1 … ln σ_M.
  public var logSigmas: Range<Int> { behaviour.upperBound..<behaviour.upperBound + experts }

  /// The length of a position.
  public var dimension: Int { logSigmas.upperBound }
}
