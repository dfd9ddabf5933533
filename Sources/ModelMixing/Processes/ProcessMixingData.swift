import GaussianProcesses

/// What a Gaussian process that mixes models is trained on: predictions of models at inputs of their own, with the covariance
/// of all their errors, and observations where there are any.
public struct ProcessMixingData: Sendable, Equatable {
  /// A stretch of rows from one source.
  public struct Source: Sendable, Equatable {
    /// The model's name, or `observations`.
    public let name: String
    /// Its rows.
    public let rows: Range<Int>
  }

  /// The names of the inputs (length d).
  public let inputNames: [String]
  /// Where the rows come from, in their order.
  public let sources: [Source]
  /// The constant prior mean of the mixed quantity, which the process is without.
  public let priorMean: Double
  /// The rows as a Gaussian process takes them: `priorMean` subtracted, errors as its noise.
  public let training: GaussianProcessData

  /// The number of rows over all sources.
  public var rows: Int { training.rows }

  /// Models whose errors are independent of each other: a block-diagonal covariance.
  /// - Parameters:
  ///   - inputNames: One name an input column.
  ///   - models: What each model says where it is trusted; at least one.
  ///   - observations: Measurements of the same quantity, with independent errors.
  ///   - priorMean: The prior mean of the mixed quantity.
  /// - Throws: `MixingError` where there is no model, names repeat, or inputs or a covariance cannot be used.
  public init(
    inputNames: [String], models: [CorrelatedPredictions], observations: MixingData? = nil, priorMean: Double = 0
  ) throws(MixingError) {
    guard !models.isEmpty else { throw .noModels }
    var blocks = models
    if let observations {
      guard observations.inputNames == inputNames else {
        throw .invalid("The observations' inputs are \(observations.inputNames), the models' are \(inputNames).")
      }
      blocks.append(
        try CorrelatedPredictions(
          name: "observations", inputs: observations.inputs, means: observations.response,
          standardDeviations: observations.responseErrors))
    }
    if let odd = blocks.first(where: { $0.inputs.count != inputNames.count }) {
      throw .ragged(what: "The list of inputs of \(odd.name)", expected: inputNames.count, found: odd.inputs.count)
    }
    let total = blocks.reduce(0) { $0 + $1.count }
    var covariance = [Double](repeating: 0, count: total * total)
    var first = 0
    for block in blocks {
      for row in 0..<block.count {
        for column in 0..<block.count {
          covariance[(first + row) * total + first + column] = block.covariance[row * block.count + column]
        }
      }
      first += block.count
    }
    try self.init(
      inputNames: inputNames, sources: blocks.map { ($0.name, $0.count) },
      inputs: inputNames.indices.map { column in blocks.flatMap { $0.inputs[column] } },
      means: blocks.flatMap(\.means), covariance: covariance, priorMean: priorMean)
  }

  /// Rows with the covariance of all errors given whole: models whose errors go together.
  /// - Parameters:
  ///   - inputNames: One name an input column.
  ///   - sources: The name of every source and the number of its rows, in the order of rows.
  ///   - inputs: The inputs of all rows, column by column (d × n).
  ///   - means: The predictions or observations (length n).
  ///   - covariance: The covariance of their errors, by rows (n × n).
  ///   - priorMean: The prior mean of the mixed quantity.
  /// - Throws: `MixingError` where names repeat, lengths differ, or the covariance is none.
  public init(
    inputNames: [String], sources: [(name: String, count: Int)], inputs: [[Double]], means: [Double],
    covariance: [Double], priorMean: Double = 0
  ) throws(MixingError) {
    guard !inputNames.isEmpty else { throw .noInputs }
    guard Set(sources.map(\.name)).count == sources.count else {
      throw .repeatedName(sources.map(\.name).first { name in sources.count { $0.name == name } > 1 } ?? "")
    }
    try MixingError.check(inputs.count, "The list of inputs", expected: inputNames.count)
    let counts = sources.map(\.count)
    guard counts.allSatisfy({ $0 > 0 }) else { throw .invalid("Every model needs at least one prediction.") }
    try MixingError.check(means.count, "The list of means", expected: counts.reduce(0, +))
    guard priorMean.isFinite else { throw .invalid("The prior mean is \(priorMean); it must be a finite number.") }
    var places: [Source] = []
    for (name, count) in sources {
      let start = places.last?.rows.upperBound ?? 0
      places.append(Source(name: name, rows: start..<start + count))
    }
    self.inputNames = inputNames
    self.sources = places
    self.priorMean = priorMean
    do throws(GaussianProcessError) {
      training = try GaussianProcessData(
        inputs: inputs, response: means.map { $0 - priorMean }, noise: .covariance(covariance), features: inputNames)
    } catch { throw .invalid(error.description) }
  }
}
