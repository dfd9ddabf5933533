import Sampling

/// Observations, K models and weights that depend on the inputs: ln p(y | θ) of a mixing rule, with its gradient.
///
/// Parameters θ are on their own scales: those of the weights (`weight[theta0]`), then those of the models (`model[name,mass]`),
/// with one for all models that share it (`model[mass]`).
public struct LinearMixture: Sendable {
  /// The observations.
  public let data: MixingData
  /// What the models are called (length K).
  public let modelNames: [String]
  /// The weights.
  public let weights: any WeightFunction
  /// What makes one likelihood of the predictions.
  public let rule: MixingRule
  /// The names of θ.
  public let parameterNames: [String]
  let models: [MixedModel]
  let rows: MixtureRows
  let observations: MixingObservations

  /// A mixture of models without free parameters.
  /// - Parameter predictions: What the models say at the inputs of the data.
  /// - Throws: `MixingError` where counts differ, features cannot be computed, or a row would have no error at all.
  public init(
    data: MixingData, predictions: ModelPredictions, weights: any WeightFunction, rule: MixingRule = .densityMixing
  ) throws(MixingError) {
    let models = predictions.names.map { MixedModel(name: $0, model: nil, places: []) }
    try self.init(data, models, weights, rule, weights.weightParameterNames, predictions: predictions)
  }

  /// A mixture of models that predict by themselves; parameters that they have are calibrated.
  /// - Parameter shared: Names of parameters that are one and the same for all models that have them.
  /// - Throws: `MixingError` as for known models, for models of one name, and where a shared parameter is in fewer than two.
  public init(
    data: MixingData, models: [any PredictiveModel], weights: any WeightFunction, rule: MixingRule = .densityMixing,
    shared: Set<String> = []
  ) throws(MixingError) {
    for name in shared.sorted() where models.count(where: { $0.parameterNames.contains(name) }) < 2 {
      throw .invalid("The parameter \(name) cannot be shared: fewer than two models have it.")
    }
    var names = weights.weightParameterNames
    var mixed: [MixedModel] = []
    for model in models {
      guard Set(model.parameterNames).count == model.parameterNames.count else {
        throw .invalid("Two parameters of \(model.name) have one name; names must differ.")
      }
      var places: [Int] = []
      for parameter in model.parameterNames {
        let isShared = shared.contains(parameter)
        let name = isShared ? "model[\(parameter)]" : "model[\(model.name),\(parameter)]"
        let place = isShared ? names.firstIndex(of: name) : nil
        places.append(place ?? names.count)
        if place == nil { names.append(name) }
      }
      mixed.append(MixedModel(name: model.name, model: model, places: places))
    }
    try self.init(data, mixed, weights, rule, names, predictions: nil)
  }

  private init(
    _ data: MixingData, _ models: [MixedModel], _ weights: any WeightFunction, _ rule: MixingRule, _ names: [String],
    predictions: ModelPredictions?
  ) throws(MixingError) {
    guard !models.isEmpty else { throw .noModels }
    try rule.validate()
    let own = models.map(\.name)
    if let name = own.first(where: { name in own.count { $0 == name } > 1 }) { throw .repeatedName(name) }
    if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw .invalid("Two parameters would be called \(name); rename a model or a parameter.")
    }
    guard weights.models == models.count else {
      throw .invalid("The \(weights.name) weights are for \(weights.models) models, found \(models.count).")
    }
    self.data = data
    self.models = models
    modelNames = own
    self.weights = weights
    self.rule = rule
    parameterNames = names
    rows = try Self.rows(data.inputs, data.inputNames, data.count, models, weights, predictions)
    let covariances: [[Double]?] = predictions?.covariances ?? models.map { _ in nil }
    observations = MixingObservations(
      response: data.response, variances: data.responseErrors.map { $0 * $0 }, covariances: covariances)
    try checkErrors()
    try checkCovariances()
  }

  /// The same mixture of other observations: held-out rows, say.
  /// - Parameter predictions: What the models say there, for models that are known by their predictions alone.
  /// - Throws: `MixingError` as for the first ones.
  public func replacing(data: MixingData, predictions: ModelPredictions? = nil) throws(MixingError) -> LinearMixture {
    guard data.inputNames == self.data.inputNames else {
      throw .invalid("The inputs are \(data.inputNames), where \(self.data.inputNames) are needed.")
    }
    return try LinearMixture(data, models, weights, rule, parameterNames, predictions: predictions)
  }

  /// The number of parameters.
  public var parameterCount: Int { parameterNames.count }
  /// The number of rows.
  public var count: Int { data.count }
  /// How many of the parameters are those of the weights; they come first.
  var weightParameters: Int { weights.parameterNames.count }

  /// Rows at other inputs, column by column.
  func rows(at inputs: [[Double]], _ predictions: ModelPredictions?) throws(MixingError) -> MixtureRows {
    try MixingError.check(inputs.count, "The list of inputs", expected: data.inputNames.count)
    let count = inputs.first?.count ?? 0
    guard count > 0 else { throw .noRows }
    for (name, column) in zip(data.inputNames, inputs) { try MixingError.check(column, "Input \(name)", count: count) }
    return try Self.rows(inputs, data.inputNames, count, models, weights, predictions)
  }

  private static func rows(
    _ inputs: [[Double]], _ names: [String], _ count: Int, _ models: [MixedModel], _ weights: any WeightFunction,
    _ predictions: ModelPredictions?
  ) throws(MixingError) -> MixtureRows {
    let columns = try weights.features(of: inputs, names: names)
    let rows = (0..<count).map { row in inputs.map { $0[row] } }
    if let predictions {
      guard predictions.names == models.map(\.name) else {
        throw .invalid("Predictions are of \(predictions.names), where those of \(models.map(\.name)) are needed.")
      }
      try MixingError.check(predictions.count, "The list of predictions", expected: count)
    }
    var known: [(means: [Double], deviations: [Double])?] = []
    for (index, mixed) in models.enumerated() {
      if let model = mixed.model {
        known.append(model.parameterNames.isEmpty ? try Self.evaluate(model, at: rows) : nil)
      } else if let predictions {
        known.append((predictions.means[index], predictions.standardDeviations[index]))
      } else {
        throw .invalid("The model \(mixed.name) is known by its predictions alone; give them for these inputs too.")
      }
    }
    return MixtureRows(
      count: count, inputs: rows, features: (0..<count).flatMap { row in columns.map { $0[row] } },
      featureCount: columns.count, known: known)
  }

  private static func evaluate(
    _ model: any PredictiveModel, at rows: [[Double]]
  ) throws(MixingError) -> (means: [Double], deviations: [Double]) {
    let found = rows.map { model.evaluate(at: $0, parameters: []) }
    for (row, prediction) in found.enumerated() {
      guard prediction.mean.isFinite else { throw .notFinite(what: "The mean of \(model.name)", row: row) }
      guard prediction.standardDeviation.isFinite else {
        throw .notFinite(what: "The standard deviation of \(model.name)", row: row)
      }
      guard prediction.standardDeviation >= 0 else {
        throw .negative(what: "The standard deviation of \(model.name)", row: row)
      }
    }
    return (found.map(\.mean), found.map(\.standardDeviation))
  }

  /// That every covariance that is used is one.
  private func checkCovariances() throws(MixingError) {
    guard rule.usesCovariances else { return }
    for (name, covariance) in zip(modelNames, observations.covariances) {
      if let covariance { try MixingError.checkCovariance(covariance, of: name, rows: count) }
    }
  }

  /// That the likelihood has a variance in every row whatever the weights.
  private func checkErrors() throws(MixingError) {
    for row in 0..<count where data.responseErrors[row] == 0 {
      guard rule.usesModelErrors else {
        throw .invalid(
          "The \(rule.name) rule has no error but the observation's, which is 0 in row \(row + 1); give response errors."
        )
      }
      for (model, known) in zip(models, rows.known) {
        guard let known, known.deviations[row] == 0 else { continue }
        throw .invalid(
          "Neither the model \(model.name) nor the observation has an error in row \(row + 1): where both are 0 there is no"
            + " likelihood; give one of them an error.")
      }
    }
  }
}

extension WeightFunction {
  /// The names of its parameters in a mixture.
  var weightParameterNames: [String] { parameterNames.map { "weight[\($0)]" } }
}
