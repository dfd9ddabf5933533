import Evaluation

/// One model of a table: what it is, how well it predicts, whether to believe it and what it cost.
public struct ModelScores: Sendable, Codable, Equatable {
  /// R-hat below which chains agree (the CoCoAFusE paper's Table 5).
  public static let rHatLimit = 1.05

  /// What the table calls it, such as `CoCoAFusE`.
  public var name: String
  /// What distinguishes it, such as `3 experts, gate degree 2`; empty where nothing does.
  public var detail: String
  /// M; nil of a model without experts.
  public var experts: Int?
  /// The number of parameters.
  public var parameters: Int
  /// On the training rows; nil where it could not be computed.
  public var leaveOneOut: LeaveOneOut?
  /// On the test rows; nil where there are none.
  public var test: PredictiveScores?
  /// P(Y ≤ y) of every test row.
  public var probabilities: [Double]
  /// The largest R-hat of label-invariant quantities; nil of a model that is not sampled, and where it is infinite.
  public var largestRHat: Double?
  /// Whether the model was fitted by sampling, so that R-hat says something.
  public var isSampled: Bool
  /// What a reader should know before believing the numbers, a sentence each.
  public var warnings: [String]
  /// Gradient evaluations of tuning and drawing.
  public var gradientEvaluations: Int
  /// Wall-clock seconds; nil where nobody held a clock.
  public var seconds: Double?

  /// Whether it was sampled and its chains disagree: R-hat of 1.05 or more, or none.
  public var hasNotConverged: Bool { isSampled && !((largestRHat ?? .infinity) < Self.rHatLimit) }

  /// A row of a table.
  public init(
    name: String, detail: String = "", experts: Int? = nil, parameters: Int, leaveOneOut: LeaveOneOut?,
    test: PredictiveScores?, probabilities: [Double] = [], largestRHat: Double?, isSampled: Bool,
    warnings: [String] = [], gradientEvaluations: Int = 0, seconds: Double? = nil
  ) {
    self.name = name
    self.detail = detail
    self.experts = experts
    self.parameters = parameters
    self.leaveOneOut = leaveOneOut
    self.test = test
    self.probabilities = probabilities
    self.largestRHat = largestRHat
    self.isSampled = isSampled
    self.warnings = warnings
    self.gradientEvaluations = gradientEvaluations
    self.seconds = seconds
  }
}
