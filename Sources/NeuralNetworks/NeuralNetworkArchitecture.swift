import LogDensities

/// The blocks of parameters of a network, in the order of a position.
public enum NeuralNetworkBlock: String, Sendable, Codable, CaseIterable {
  /// w: from every feature to every hidden unit.
  case inputWeights = "input weights"
  /// b: of every hidden unit.
  case hiddenBiases = "hidden biases"
  /// v: from every hidden unit to the output.
  case outputWeights = "output weights"
  /// b₂.
  case outputBias = "output bias"
  /// σ.
  case noise
}

/// The shape of a network with one hidden layer, and where each parameter stands in an unconstrained position q: input
/// weights w_1 … w_H, each over the n features; hidden biases b_1 … b_H; output weights v_1 … v_H; the output bias b₂; ln σ.
public struct NeuralNetworkArchitecture: Sendable, Codable, Equatable {
  /// The most hidden units, 256.
  public static let mostHiddenUnits = 256

  /// n, without a bias, at least 1.
  public let features: Int
  /// H, at least 1.
  public let hiddenUnits: Int

  /// An architecture of that shape.
  public init(features: Int, hiddenUnits: Int = 5) {
    precondition(features >= 1, "a network needs a feature")
    precondition((1...Self.mostHiddenUnits).contains(hiddenUnits), "a network has 1 to 256 hidden units")
    self.features = features
    self.hiddenUnits = hiddenUnits
  }

  /// All input weights, unit by unit.
  public var inputWeights: Range<Int> { 0..<hiddenUnits * features }

  /// w_h over the features; `unit` counts from 0.
  public func inputWeights(of unit: Int) -> Range<Int> {
    precondition((0..<hiddenUnits).contains(unit), "units count from 0 to H - 1")
    return unit * features..<(unit + 1) * features
  }

  /// b_1 … b_H.
  public var hiddenBiases: Range<Int> { inputWeights.upperBound..<inputWeights.upperBound + hiddenUnits }

  /// v_1 … v_H.
  public var outputWeights: Range<Int> { hiddenBiases.upperBound..<hiddenBiases.upperBound + hiddenUnits }

  /// Where b₂ stands.
  public var outputBias: Int { outputWeights.upperBound }

  /// Where ln σ stands.
  public var logSigma: Int { outputBias + 1 }

  /// The length of a position.
  public var dimension: Int { logSigma + 1 }

  /// Where a block stands in a position.
  public func range(of block: NeuralNetworkBlock) -> Range<Int> {
    switch block {
    case .inputWeights: inputWeights
    case .hiddenBiases: hiddenBiases
    case .outputWeights: outputWeights
    case .outputBias: outputBias..<logSigma
    case .noise: logSigma..<dimension
    }
  }

  /// The block of every entry of a position.
  public var blocks: [NeuralNetworkBlock] {
    NeuralNetworkBlock.allCases.flatMap { block in range(of: block).map { _ in block } }
  }

  /// The names of the parameters in the order of a position, such as `input[1,temperature]`.
  public func parameterNames(features names: [String]) -> [String] {
    precondition(names.count == features, "one name a feature")
    let units = 1...hiddenUnits
    return units.flatMap { unit in names.map { "input[\(unit),\($0)]" } }
      + units.map { "hidden_bias[\($0)]" } + units.map { "output[\($0)]" } + ["output_bias", "sigma"]
  }
}
