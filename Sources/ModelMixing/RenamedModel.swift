/// A model whose parameters go by other names: so that models that call one thing differently can share it in a mixture.
public struct RenamedModel: PredictiveModel {
  /// The model itself.
  public let base: any PredictiveModel
  /// The names of its parameters here.
  public let parameterNames: [String]

  /// The model's own name.
  public var name: String { base.name }

  /// A model under other names.
  /// - Parameter names: New names by old ones; parameters that are not among them keep theirs.
  public init(_ base: any PredictiveModel, renaming names: [String: String]) {
    self.base = base
    parameterNames = base.parameterNames.map { names[$0] ?? $0 }
  }

  /// What the model itself says.
  public func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
    base.evaluate(at: input, parameters: parameters)
  }

  /// Those of the model itself.
  public func derivatives(at input: [Double], parameters: [Double]) -> [Prediction] {
    base.derivatives(at: input, parameters: parameters)
  }
}
