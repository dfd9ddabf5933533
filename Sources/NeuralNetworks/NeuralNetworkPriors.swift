import LogDensities
import Priors

/// The scalar priors of a network: one a block, with exceptions by parameter name.
public struct NeuralNetworkPriors: Sendable, Codable, Equatable {
  /// Of every w_{h,f}. For n standardised features the activations so have a prior standard deviation of √(n + 1): with many
  /// features units saturate and the posterior falls apart into modes, unless the scale is tuned or about 1/√n.
  public var inputWeights = ScalarPrior.normal(location: 0, scale: 1)
  /// Of every b_h.
  public var hiddenBiases = ScalarPrior.normal(location: 0, scale: 1)
  /// Of every v_h.
  public var outputWeights: ScalarPrior
  /// Of b₂.
  public var outputBias = ScalarPrior.normal(location: 0, scale: 1)
  /// Of σ, on (0, ∞).
  public var noise = ScalarPrior.logNormal(location: 0, scale: 1)
  /// Exceptions, by parameter name such as `input[2,temperature]`. One that tells hidden units apart takes away the symmetry
  /// under which chains in equivalent places stand for each other.
  public var overrides: [String: ScalarPrior] = [:]

  /// The defaults: Normal(0, 1) for weights and biases and LogNormal(0, 1) for σ, but Normal(0, 1/√H) for output weights, so
  /// that the prior of the output does not depend on the number H of hidden units (Neal 1996, section 2.1).
  public init(hiddenUnits: Int = 5) {
    outputWeights = .normal(location: 0, scale: 1 / Double(max(1, hiddenUnits)).squareRoot())
  }

  /// The prior of a block's parameters that have no exception.
  public subscript(block: NeuralNetworkBlock) -> ScalarPrior {
    get {
      switch block {
      case .inputWeights: inputWeights
      case .hiddenBiases: hiddenBiases
      case .outputWeights: outputWeights
      case .outputBias: outputBias
      case .noise: noise
      }
    }
    set {
      switch block {
      case .inputWeights: inputWeights = newValue
      case .hiddenBiases: hiddenBiases = newValue
      case .outputWeights: outputWeights = newValue
      case .outputBias: outputBias = newValue
      case .noise: noise = newValue
      }
    }
  }

  /// The prior of every parameter.
  /// - Throws: `ModelError` as `PriorLayout.resolving` does.
  func resolved(_ names: [String], _ blocks: [NeuralNetworkBlock]) throws(ModelError) -> [ScalarPrior] {
    try PriorLayout.resolving(
      blocks.map { self[$0] }, overrides: overrides, names: names,
      supports: blocks.map { $0 == .noise ? .positive : .real })
  }
}
