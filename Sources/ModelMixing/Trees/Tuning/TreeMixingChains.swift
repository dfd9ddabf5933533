/// Where the chains of tree mixing stand, and the trees of their last draws where their sampler keeps them.
///
/// What is stored and compared is where they stand: they go on from there alone.
public struct TreeMixingChains: Sendable, Codable, Equatable {
  /// The state of every chain.
  public let states: [TreeEnsemble]
  /// The draws that led here; nil where the sampler keeps no trees, and after reading.
  public let sample: TreeMixingSample?

  /// Chains that stand somewhere.
  public init(_ states: [TreeEnsemble], sample: TreeMixingSample? = nil) {
    self.states = states
    self.sample = sample
  }

  /// States that were written.
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode([TreeEnsemble].self))
  }

  /// Writes the states.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(states)
  }

  /// Whether they stand at the same place.
  public static func == (one: TreeMixingChains, other: TreeMixingChains) -> Bool { one.states == other.states }
}
