/// A user's own weights as a closure; derivatives are taken by central differences.
public struct CustomWeights: WeightFunction {
  /// What reports call it.
  public let name: String
  /// The number of models.
  public let models: Int
  /// The names of its parameters.
  public let parameterNames: [String]
  /// Whether weights are continuous in the parameters.
  public let isContinuous: Bool
  private let body: @Sendable (_ input: [Double], _ parameters: [Double]) -> [Double]

  /// Weights by a closure.
  /// - Parameter weights: K weights, at least 0 and of sum 1, at an input (one number a column) for the parameters.
  public init(
    name: String, models: Int, parameterNames: [String], isContinuous: Bool = true,
    weights: @escaping @Sendable (_ input: [Double], _ parameters: [Double]) -> [Double]
  ) {
    self.name = name
    self.models = models
    self.parameterNames = parameterNames
    self.isContinuous = isContinuous
    body = weights
  }

  /// The logarithms of what the closure returns; NaN, and so no likelihood, where that is not one number a model.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>
  ) {
    let weights = body((0..<features.count).map { features[$0] }, (0..<parameters.count).map { parameters[$0] })
    for model in 0..<models { logWeights[model] = weights.count == models ? logarithm(weights[model]) : .nan }
  }
}
