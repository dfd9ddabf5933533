import Foundation
import ModelMixing
import Priors
import TuningIO

/// Observations, what K models say at their inputs, and the inputs where the mixture is wanted.
struct MixStudy: Sendable {
  /// What models say at some inputs.
  struct Place: Sendable {
    let inputs: [[Double]]
    let predictions: ModelPredictions
    /// The standard deviations of observations there; nil where they are not known.
    let errors: [Double]?
  }

  let name: String
  let summary: String
  let notes: [String]
  /// The names of the models whose errors have a covariance between the rows of data.
  let correlated: [String]
  let data: MixingData
  let predictions: ModelPredictions
  /// Models with parameters to calibrate; nil where predictions are all that is known.
  let models: [any PredictiveModel]?
  let new: Place
  /// The truth at the new inputs; nil where nobody knows it.
  let truth: [Double]?
  /// Held-out rows and what models say there; nil where there are none.
  let test: (data: MixingData, predictions: ModelPredictions)?
  let suggestion: MixingSuggestion?

  /// Whether observations have errors of their own.
  var hasErrors: Bool { data.responseErrors.contains { $0 > 0 } }

  /// - Throws: `Failure`, `TableError` or `MixingError` for what cannot be mixed.
  init(_ options: MixDataOptions, seed: UInt64) throws {
    if let problem = options.problem {
      try self.init(
        problem == .samba
          ? .samba(order: options.order ?? 2, errorModel: options.errorModel ?? .uninformative)
          : problem.problem(),
        seed: seed, heldOut: options.testRows ?? 50)
    } else if let path = options.data {
      try self.init(path: path, options)
    } else {
      throw Failure("Give either --problem or --data.", .usage)
    }
  }

  private init(_ problem: MixingProblem, seed: UInt64, heldOut: Int) throws {
    name = problem.name
    summary = "\(problem.summary) Observations are simulated with seed \(seed)."
    notes = problem.notes
    correlated = []
    suggestion = problem.suggestion
    let isCalibrated = problem.parameterNames.contains { !$0.isEmpty }
    models = isCalibrated ? problem.models : nil
    data = try problem.observations(seed: seed)
    predictions = try problem.predictions(at: data.inputs)
    let inputs = Self.grid(problem.inputs)
    let truth = try problem.trueValues(at: inputs)
    new = Place(
      inputs: inputs, predictions: try problem.predictions(at: inputs),
      errors: truth.map { problem.noise.standardDeviation(at: $0) })
    self.truth = truth
    if heldOut > 0 {
      let rows = try problem.simulatedSet(seed: seed, heldOut: heldOut).heldOut
      test = (rows, try problem.predictions(at: rows.inputs))
    } else {
      test = nil
    }
  }

  /// 100 points of one input, 30 × 30 of two.
  private static func grid(_ inputs: [MixingInput]) -> [[Double]] {
    guard inputs.count == 2 else { return inputs.map { $0.grid(100) } }
    let (first, second) = (inputs[0].grid(30), inputs[1].grid(30))
    return [first.flatMap { x in second.map { _ in x } }, first.flatMap { _ in second }]
  }

  private init(path: String, _ options: MixDataOptions) throws {
    let table = try Table(path: path)
    let rows = try Self.rows(of: table, options, \.file)
    name = (path as NSString).lastPathComponent
    summary = "\(name): \(rows.data.count) observations and \(rows.predictions.models) models."
    notes = rows.data.inputNames.filter { !rows.data.varyingInputs.contains($0) }.map {
      "The input \($0) is the same in every row, so that nothing can be learned of weights along it."
    }
    correlated = options.modelCovariance.map(\.name)
    suggestion = nil
    models = nil
    data = rows.data
    predictions = rows.predictions
    truth = nil
    if let path = options.predict {
      let table = try Table(path: path)
      let inputs = try Self.inputs(of: table, options)
      let isThere: Bool
      if case .column(let name)? = options.targetError.map(MixModelOption.Source.init) {
        isThere = table.columnNames.contains(name)
      } else {
        isThere = options.targetError != nil
      }
      new = Place(
        inputs: inputs, predictions: try Self.predictions(of: table, options, \.newFile),
        errors: isThere ? try Self.errors(of: table, options) : nil)
    } else {
      new = Place(
        inputs: rows.data.inputs, predictions: rows.predictions,
        errors: options.targetError == nil ? nil : rows.data.responseErrors)
    }
    test = try options.testData.map { try Self.rows(of: Table(path: $0), options, { _ in nil }) }
  }

  private static func rows(
    of table: Table, _ options: MixDataOptions, _ file: (MixCovarianceOption) -> String?
  ) throws -> (data: MixingData, predictions: ModelPredictions) {
    let (inputs, response) = (try inputs(of: table, options), try table.numeric(options.target ?? ""))
    let errors = try errors(of: table, options)
    let data = try located(in: table) { () throws(MixingError) in
      try MixingData(inputNames: names(options), inputs: inputs, response: response, responseErrors: errors)
    }
    return (data, try predictions(of: table, options, file))
  }

  private static func names(_ options: MixDataOptions) -> [String] {
    (options.inputs ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func inputs(of table: Table, _ options: MixDataOptions) throws -> [[Double]] {
    try names(options).map { try table.numeric($0) }
  }

  private static func errors(of table: Table, _ options: MixDataOptions) throws -> [Double]? {
    try options.targetError.map { try MixModelOption.Source($0).values(in: table) }
  }

  /// - Parameter file: Which file has a model's covariance between these rows; nil where there is none.
  private static func predictions(
    of table: Table, _ options: MixDataOptions, _ file: (MixCovarianceOption) -> String?
  ) throws -> ModelPredictions {
    var (deviations, covariances): ([[Double]], [[Double]?]) = ([], [])
    for model in options.model {
      let given = try model.deviation?.values(in: table)
      let option = options.modelCovariance.first { $0.name == model.name }
      guard let option, let path = file(option) else {
        guard given != nil || option == nil else {
          throw Failure(
            "\(table.file): there is no error of \(model.name) in these rows; give its standard deviation in --model, or for"
              + " --predict a second file in --model-covariance.", .usage)
        }
        deviations.append(given ?? [Double](repeating: 0, count: table.rows))
        covariances.append(nil)
        continue
      }
      let matrix = try covariance(path, of: model.name, rows: table.rows)
      let own = (0..<table.rows).map { max(0, matrix[$0 * (table.rows + 1)]).squareRoot() }
      if let row = given?.indices.first(where: { abs((given?[$0] ?? 0) - own[$0]) > 1e-3 * own[$0] }) {
        throw Failure(
          "\(path), line \(row + 1): the variance of \(model.name) there is \(matrix[row * (table.rows + 1)]), not the square of"
            + " the standard deviation in \(table.place(ofRow: row)), \(given?[row] ?? 0).", .data)
      }
      deviations.append(own)
      covariances.append(matrix)
    }
    let known = zip(covariances, deviations).map { $0 ?? diagonal($1) }
    let means = try options.model.map { try table.numeric($0.mean) }
    return try located(in: table) { () throws(MixingError) in
      try ModelPredictions(
        names: options.model.map(\.name), means: means, standardDeviations: deviations,
        covariances: covariances.contains { $0 != nil } ? known : nil)
    }
  }

  /// What cannot be mixed, with the file and where it is one the line.
  private static func located<Value>(
    in table: Table, _ body: () throws(MixingError) -> Value
  ) throws(Failure) -> Value {
    do throws(MixingError) {
      return try body()
    } catch {
      switch error {
      case .negative(let what, let row): throw Failure("\(table.place(ofRow: row)): \(what) is below 0 there.", .data)
      case .notFinite(let what, let row):
        throw Failure("\(table.place(ofRow: row)): \(what) is not finite there.", .data)
      default: throw Failure("\(table.file): \(error.description)", .data)
      }
    }
  }

  private static func covariance(_ path: String, of model: String, rows: Int) throws -> [Double] {
    let matrix = try NumberMatrix(path: path)
    guard matrix.rows == rows, matrix.columns == rows else {
      throw Failure(
        "\(path): the covariance of \(model) needs \(rows) lines of \(rows) numbers without a header, found \(matrix.rows)"
          + " of \(matrix.columns).", .data)
    }
    if let row = (0..<rows).first(where: { matrix.elements[$0 * (rows + 1)] < 0 }) {
      throw Failure("\(path), line \(row + 1): the variance of \(model) there is below 0.", .data)
    }
    return matrix.elements
  }

  private static func diagonal(_ deviations: [Double]) -> [Double] {
    var matrix = [Double](repeating: 0, count: deviations.count * deviations.count)
    for (row, deviation) in deviations.enumerated() { matrix[row * (deviations.count + 1)] = deviation * deviation }
    return matrix
  }
}

extension SuggestedPrior {
  /// The prior itself.
  /// - Throws: `OptionError`, for a suggestion that is none.
  var scalar: ScalarPrior {
    get throws {
      try PriorOption("\(parameter)=\(family)(\(values.map { "\($0)" }.joined(separator: ",")))").prior
    }
  }
}

extension MixStudy {
  /// What a reader must know of how a method takes the models' errors and the inputs; empty where nothing is to be said.
  func notes(for method: MixMethodOptions.Method, _ options: MixMethodOptions) -> [String] {
    guard method != .precision else { return [] }
    var usedInput: String?
    if method == .linear, weightFamily(options).isForTwoModels {
      usedInput = options.column ?? data.inputNames.first
    }
    return errorNotes(for: method, options) + remarks(usedInput: usedInput, usesErrors: method != .trees)
  }

  private func errorNotes(for method: MixMethodOptions.Method, _ options: MixMethodOptions) -> [String] {
    let names = correlated.joined(separator: ", ")
    switch method {
    case .gp where correlated.count < predictions.models:
      return [
        correlated.isEmpty
          ? "The models' errors were taken as independent between inputs."
          : "The errors of all models but \(names) were taken as independent between inputs."
      ]
    case .linear where !correlated.isEmpty && !options.mixingRule.usesCovariances:
      return ["Density mixing goes row by row: of the covariance of \(names) it uses the diagonal alone."]
    default: return []
    }
  }
}
