import Experts

/// Weights of K models as the softmax of K − 1 linear functions of features and 0, the gate of mixtures of experts:
/// w_k ∝ exp(G_k · φ(x)), with G_K = 0.
public struct SoftmaxWeights: WeightFunction {
  /// The number of models.
  public let models: Int
  /// How features, a bias among them, are made of the inputs; nil for a bias alone: weights that no input changes.
  public let design: Design?

  /// Weights that are the same at every input, but not known.
  public init(models: Int) {
    self.models = models
    design = nil
  }

  /// Weights from features of several inputs; bare columns are standardised over the data.
  /// - Throws: `MixingError` where a feature cannot be computed, is constant or is there twice.
  public init(models: Int, features: [FeatureTerm], data: MixingData) throws(MixingError) {
    self.models = models
    do {
      let source = NumericColumns(names: data.inputNames, values: data.inputs)
      design = try Design.fit(features, to: source, rows: data.count, bias: true).design
    } catch {
      throw .invalid("The features of the weights cannot be used: \(error)")
    }
  }

  /// `softmax`.
  public var name: String { "softmax" }
  /// Such as `1,bias`, model by model for all but the last: the gate's columns, each with all its features.
  public var parameterNames: [String] {
    let features = design?.featureNames ?? ["bias"]
    return (1..<max(1, models)).flatMap { model in features.map { "\(model),\($0)" } }
  }
  /// Everywhere.
  public var isContinuous: Bool { true }

  /// The bias and the terms.
  public func features(of inputs: [[Double]], names: [String]) throws(MixingError) -> [[Double]] {
    let rows = inputs.first?.count ?? 0
    guard let design else { return [[Double](repeating: 1, count: rows)] }
    do {
      let matrix = try design.matrix(for: NumericColumns(names: names, values: inputs), rows: rows)
      return (0..<matrix.columns).map { Array(matrix.column($0)) }
    } catch {
      throw .invalid("The features of the weights cannot be used: \(error)")
    }
  }

  /// The logarithm of the softmax.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>
  ) {
    let count = features.count
    logWeights[models - 1] = 0
    for model in 0..<models - 1 {
      var logit = 0.0
      for index in 0..<count { logit += parameters[model * count + index] * features[index] }
      logWeights[model] = logit
    }
    Gating.logSoftmax(&logWeights)
  }

  /// ∂ ln w_k / ∂G_j = (1[j = k] − w_j) φ.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>,
    derivatives: inout MutableSpan<Double>
  ) {
    self.logWeights(at: features, parameters: parameters, into: &logWeights)
    let (count, total) = (features.count, parameters.count)
    for other in 0..<models - 1 {
      let weight = exponential(logWeights[other])
      for model in 0..<models {
        let slope = (model == other ? 1 : 0) - weight
        for index in 0..<count { derivatives[model * total + other * count + index] = slope * features[index] }
      }
    }
  }
}
