/// Weights and priors that suit a ready problem, as plain data: names and numbers, for whichever method takes them.
public struct MixingSuggestion: Sendable, Codable, Equatable {
  /// The weight function's name, such as `cdf`.
  public let weights: String
  /// The weight function's parameters with their priors; empty for weights that have defaults of their own.
  public let weightPriors: [SuggestedPrior]
  /// What the weight function's parameters obey beyond their priors, such as `g1 < g3 < g2`.
  public let constraint: String?
  /// The priors of the models' own parameters.
  public let modelPriors: [SuggestedPrior]
  /// Values of the models' own parameters to draw them at, by names such as `model[model1,theta1]`.
  public let referenceValues: [String: Double]

  /// A suggestion.
  public init(
    weights: String, weightPriors: [SuggestedPrior], constraint: String? = nil, modelPriors: [SuggestedPrior] = [],
    referenceValues: [String: Double] = [:]
  ) {
    self.weights = weights
    self.weightPriors = weightPriors
    self.constraint = constraint
    self.modelPriors = modelPriors
    self.referenceValues = referenceValues
  }

  /// The reference values in the order of each model's parameters (K lists), 0 where there is none.
  public func referenceParameters(for models: [any PredictiveModel]) -> [[Double]] {
    models.map { model in model.parameterNames.map { referenceValues["model[\(model.name),\($0)]"] ?? 0 } }
  }
}

/// A parameter's prior by the name of its family and the numbers of that family.
public struct SuggestedPrior: Sendable, Codable, Equatable {
  /// The parameter, such as `weight[theta0]` for the weight function's `theta0` or `model[model1,theta1]` for a model's own.
  public let parameter: String
  /// The family, as study files call it.
  public let family: String
  /// The family's hyperparameters by name, in the family's order.
  public let hyperparameters: [Value]

  /// A hyperparameter's value.
  public struct Value: Sendable, Codable, Equatable {
    /// Its name, such as `scale`.
    public let name: String
    /// Its value on the natural scale.
    public let value: Double
  }

  /// The numbers alone, in the family's order.
  public var values: [Double] { hyperparameters.map(\.value) }

  private init(_ parameter: String, _ family: String, _ values: [(String, Double)]) {
    self.parameter = parameter
    self.family = family
    hyperparameters = values.map { Value(name: $0.0, value: $0.1) }
  }

  /// Uniform between two bounds.
  public static func uniform(_ parameter: String, _ lower: Double, _ upper: Double) -> SuggestedPrior {
    SuggestedPrior(parameter, "uniform", [("lower", lower), ("upper", upper)])
  }

  /// Normal.
  public static func normal(_ parameter: String, location: Double, scale: Double) -> SuggestedPrior {
    SuggestedPrior(parameter, "normal", [("location", location), ("scale", scale)])
  }

  /// Normal between two bounds; location and scale are those before it is cut.
  public static func truncatedNormal(
    _ parameter: String, location: Double, scale: Double, lower: Double, upper: Double
  ) -> SuggestedPrior {
    SuggestedPrior(
      parameter, "truncated-normal", [("location", location), ("scale", scale), ("lower", lower), ("upper", upper)])
  }
}
