/// A model of one quantity: its prediction at an input, and how sure it is of it. What a user brings to model mixing.
///
/// A model may have parameters of its own, which mixing then calibrates together with the weights.
public protocol PredictiveModel: Sendable {
  /// What reports call it.
  var name: String { get }
  /// The names of its own parameters; empty for a model that is known.
  var parameterNames: [String] { get }

  /// The prediction at one input.
  /// - Parameters:
  ///   - input: One number an input column.
  ///   - parameters: One number for each of `parameterNames`.
  /// - Returns: The predictive mean and standard deviation, which must be finite and at least 0.
  func evaluate(at input: [Double], parameters: [Double]) -> Prediction

  /// The derivative of the prediction's mean and standard deviation in each parameter.
  func derivatives(at input: [Double], parameters: [Double]) -> [Prediction]
}

extension PredictiveModel {
  /// None: a model that is known.
  public var parameterNames: [String] { [] }

  /// By central differences, right to about ten digits for a smooth model.
  public func derivatives(at input: [Double], parameters: [Double]) -> [Prediction] {
    parameters.indices.map { index in
      let step = 6e-6 * max(1, abs(parameters[index]))
      var (above, below) = (parameters, parameters)
      above[index] += step
      below[index] -= step
      let (first, second) = (evaluate(at: input, parameters: above), evaluate(at: input, parameters: below))
      let width = above[index] - below[index]
      return Prediction(
        mean: (first.mean - second.mean) / width,
        standardDeviation: (first.standardDeviation - second.standardDeviation) / width)
    }
  }
}

/// A mean with a standard deviation.
public struct Prediction: Sendable, Codable, Equatable {
  /// E y.
  public var mean: Double
  /// The standard deviation, 0 where the model is sure.
  public var standardDeviation: Double

  /// A prediction.
  public init(mean: Double, standardDeviation: Double) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}
