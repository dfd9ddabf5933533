import Experts

/// The weight functions there are, for a choice made at run time.
public enum WeightFamily: String, Sendable, Codable, CaseIterable {
  /// `StepWeights`, one step.
  case step
  /// `StepWeights`, a symmetric pair about the middle between 0 and the column's maximum.
  case addstep
  /// `StepWeights`, two places of their own.
  case addstepasym
  /// `SigmoidWeights`.
  case sigmoid
  /// `ProbitWeights`.
  case cdf
  /// `SwitchCosineWeights`.
  case switchcos
  /// `SoftmaxWeights`.
  case softmax
  /// `ConstantWeights`, 1/K each.
  case constant

  /// Whether it weighs two models and no other number, by one input column.
  public var isForTwoModels: Bool { self != .softmax && self != .constant }

  /// A weight function for these data.
  /// - Parameters:
  ///   - column: The input column that functions of one input depend on.
  ///   - features: What the softmax is linear in, apart from its bias; nil for all input columns that vary.
  /// - Throws: `MixingError` where a function for two models is asked for others, there is no such column, or a feature
  ///   cannot be computed.
  public func function(
    models: Int, data: MixingData, column: Int = 0, features: [FeatureTerm]? = nil
  ) throws(MixingError) -> any WeightFunction {
    guard !isForTwoModels || models == 2 else {
      throw .invalid("The \(rawValue) weights are for 2 models, found \(models); softmax weights take any number.")
    }
    guard data.inputs.indices.contains(column) else {
      throw .invalid("There is no input column \(column + 1): \(data.inputNames).")
    }
    switch self {
    case .step: return StepWeights(column: column)
    case .addstep:
      return StepWeights(.symmetricPair(maximum: data.inputs[column].max() ?? 0), column: column)
    case .addstepasym: return StepWeights(.pair, column: column)
    case .sigmoid: return SigmoidWeights(column: column)
    case .cdf: return ProbitWeights(column: column)
    case .switchcos: return SwitchCosineWeights(column: column)
    case .softmax:
      let terms = features ?? data.varyingInputs.map { FeatureTerm(.column($0)) }
      return terms.isEmpty
        ? SoftmaxWeights(models: models) : try SoftmaxWeights(models: models, features: terms, data: data)
    case .constant: return try ConstantWeights(equal: models)
    }
  }
}
