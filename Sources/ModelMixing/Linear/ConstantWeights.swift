/// Weights that are known and the same everywhere: 1 and 0 to calibrate one model alone, 1/K for plain averages.
public struct ConstantWeights: WeightFunction {
  /// w_k, of sum 1.
  public let weights: [Double]

  /// Weights as given.
  /// - Throws: `MixingError` where there are none, one is not a number of at least 0, or their sum is not 1 to 1e-9.
  public init(_ weights: [Double]) throws(MixingError) {
    guard !weights.isEmpty else { throw .noModels }
    guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), abs(weights.reduce(0, +) - 1) <= 1e-9 else {
      throw .invalid("Constant weights must be at least 0 and sum to 1, found \(weights).")
    }
    self.weights = weights
  }

  /// 1/K for each of K models.
  public init(equal models: Int) throws(MixingError) {
    guard models > 0 else { throw .noModels }
    weights = [Double](repeating: 1 / Double(models), count: models)
  }

  /// `constant`.
  public var name: String { "constant" }
  /// As many as weights.
  public var models: Int { weights.count }
  /// None.
  public var parameterNames: [String] { [] }
  /// Nothing changes them.
  public var isContinuous: Bool { true }

  /// ln w.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>
  ) {
    for model in weights.indices { logWeights[model] = logarithm(weights[model]) }
  }
}
