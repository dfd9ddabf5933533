/// A ready problem: models of one quantity, the truth, and data that are simulated from it.
public struct MixingProblem: Sendable {
  /// The problem's name, such as `samba`.
  public let name: String
  /// What it is, in a sentence.
  public let summary: String
  /// The inputs of models and truth, column by column (length d).
  public let inputs: [MixingInput]
  /// The models (length K).
  public let models: [any PredictiveModel]
  /// What the models predict.
  public let truth: MixingTruth
  /// Where the usual data of the problem are observed, column by column (d × n).
  public let design: [[Double]]
  /// The noise of simulated observations.
  public let noise: SimulatedNoise
  /// Weights and priors to start with.
  public let suggestion: MixingSuggestion
  /// What there is to know: the source, and where this problem differs from it.
  public let notes: [String]

  /// The names of the inputs (length d).
  public var inputNames: [String] { inputs.map(\.name) }
  /// The names of the models (length K).
  public var modelNames: [String] { models.map(\.name) }
  /// The names of each model's own parameters (K lists).
  public var parameterNames: [[String]] { models.map(\.parameterNames) }

  /// What the models say at some inputs.
  /// - Parameters:
  ///   - columns: The inputs, column by column (d × n).
  ///   - parameters: Each model's own parameters (K lists); nil for the reference values of `suggestion`.
  /// - Throws: `MixingError` where lengths differ, an input is not possible, or a prediction is not finite there.
  public func predictions(
    at columns: [[Double]], parameters: [[Double]]? = nil
  ) throws(MixingError) -> ModelPredictions {
    try check(columns)
    let values = parameters ?? suggestion.referenceParameters(for: models)
    try MixingError.check(values.count, "The list of parameters", expected: models.count)
    for (model, parameters) in zip(models, values) {
      try MixingError.check(parameters, "The parameters of \(model.name)", count: model.parameterNames.count)
    }
    let rows = Self.rows(of: columns)
    let found = zip(models, values).map { model, parameters in
      rows.map { model.evaluate(at: $0, parameters: parameters) }
    }
    return try ModelPredictions(
      names: modelNames, means: found.map { $0.map(\.mean) },
      standardDeviations: found.map { $0.map(\.standardDeviation) })
  }

  /// The truth at some inputs, column by column (d × n).
  /// - Throws: `MixingError` where lengths differ or an input is not possible.
  public func trueValues(at columns: [[Double]]) throws(MixingError) -> [Double] {
    try check(columns)
    return Self.rows(of: columns).map { truth.value(at: $0) }
  }

  func check(_ columns: [[Double]]) throws(MixingError) {
    try MixingError.check(columns.count, "The list of inputs", expected: inputs.count)
    guard let count = columns.first?.count, count > 0 else { throw .noRows }
    for (input, column) in zip(inputs, columns) {
      try MixingError.check(column, "Input \(input.name)", count: count)
      if input.isPositive, let row = column.firstIndex(where: { $0 <= 0 }) {
        throw .invalid("Input \(input.name) must be above 0, found \(column[row]) in row \(row + 1).")
      }
    }
  }

  private static func rows(of columns: [[Double]]) -> [[Double]] {
    (0..<(columns.first?.count ?? 0)).map { row in columns.map { $0[row] } }
  }
}

/// An input of a ready problem.
public struct MixingInput: Sendable, Codable, Equatable {
  /// Its name.
  public let name: String
  /// Where plots begin.
  public let lower: Double
  /// Where plots end.
  public let upper: Double
  /// Where held-out inputs are drawn from: the range that the design covers.
  public let observed: ClosedRange<Double>
  /// Whether the models are defined above 0 only.
  public let isPositive: Bool

  /// `count` equally spaced values from `lower` to `upper`; `lower` alone for one.
  public func grid(_ count: Int) -> [Double] {
    (0..<max(0, count)).map { lower + (upper - lower) * Double($0) / Double(max(1, count - 1)) }
  }
}

/// The function that models of a ready problem approximate.
public struct MixingTruth: Sendable {
  /// Its formula.
  public let formula: String
  private let body: @Sendable ([Double]) -> Double

  /// A truth by its formula for people and for the machine.
  public init(_ formula: String, _ body: @escaping @Sendable ([Double]) -> Double) {
    self.formula = formula
    self.body = body
  }

  /// Its value at one input (length d).
  public func value(at input: [Double]) -> Double { body(input) }
}
