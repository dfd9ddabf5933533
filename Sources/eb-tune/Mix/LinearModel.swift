import Experts
import ModelMixing
import Priors

extension MixStudy {
  /// The weight function of linear mixing: the one asked for, the problem's suggestion, or softmax.
  func weightFamily(_ options: MixMethodOptions) -> WeightFamily {
    options.weights ?? (options.features != nil ? .softmax : suggestedFamily ?? .softmax)
  }

  private var suggestedFamily: WeightFamily? { suggestion.flatMap { WeightFamily(rawValue: $0.weights) } }

  /// The linear mixture of the options; it has no parameter where all is known.
  /// - Throws: `Failure` or `MixingError` for options that do not go together with the models.
  func linearMixture(_ options: MixMethodOptions) throws -> LinearMixture {
    let rule = options.mixingRule
    if !correlated.isEmpty, !rule.usesModelErrors {
      throw Failure(
        "--model-covariance has no use with --rule \(rule.name) and no model errors; give --model-errors full.", .usage)
    }
    let weights = try weightFunction(options)
    guard let models else {
      guard options.share.isEmpty else {
        throw Failure(
          "--share needs models with parameters of their own, as --problem coleman has them; these are known by their predictions alone.",
          .usage)
      }
      return try LinearMixture(data: data, predictions: predictions, weights: weights, rule: rule)
    }
    let shared = try Self.sharing(options.share, models)
    return try LinearMixture(
      data: data, models: shared, weights: weights, rule: rule, shared: Set(options.share.map(\.name)))
  }

  private func weightFunction(_ options: MixMethodOptions) throws -> any WeightFunction {
    let family = weightFamily(options)
    guard !family.isForTwoModels || predictions.models == 2 else {
      throw Failure(
        "--weights \(family.rawValue) is for 2 models, found \(predictions.models); softmax weights take any number.",
        .usage)
    }
    guard options.column == nil || family.isForTwoModels else {
      throw Failure(
        "--column is for weights of one input; the weights are \(family.rawValue), whose inputs --features chooses.",
        .usage)
    }
    var column = 0
    if let name = options.column {
      guard let place = data.inputNames.firstIndex(of: name) else {
        throw Failure(
          "--column is \"\(name)\"; the inputs are \(data.inputNames.joined(separator: ", ")).", .usage)
      }
      column = place
    }
    for term in options.features?.terms ?? [] {
      for name in term.expression.columns where !data.inputNames.contains(name) {
        throw Failure(
          "--features: there is no input \"\(name)\"; the inputs are \(data.inputNames.joined(separator: ", ")).",
          .usage)
      }
    }
    return try family.function(
      models: predictions.models, data: data, column: column, features: options.features?.terms)
  }

  /// The models with shared parameters under their new names.
  private static func sharing(
    _ options: [MixShareOption], _ models: [any PredictiveModel]
  ) throws(Failure) -> [any PredictiveModel] {
    guard !options.isEmpty else { return models }
    let known = models.flatMap(\.parameterNames)
    var names: [String: String] = [:]
    for option in options {
      for parameter in option.parameters {
        guard known.contains(parameter) else {
          throw Failure(
            "--share: no model has a parameter \"\(parameter)\"; there are \(known.joined(separator: ", ")).", .usage)
        }
        guard names[parameter] == nil else {
          throw Failure("--share: the parameter \(parameter) is shared twice.", .usage)
        }
        names[parameter] = option.name
      }
    }
    return models.map { RenamedModel($0, renaming: names) }
  }

  /// A linear mixture with the priors of the problem and of the options.
  /// - Throws: `Failure` or `ModelError` for priors that do not fit.
  func linearModel(_ mixture: LinearMixture, _ options: MixMethodOptions) throws -> LinearMixingModel {
    let names = mixture.parameterNames
    var priors: [String: ScalarPrior] = [:]
    if let suggestion {
      let all = (weightFamily(options) == suggestedFamily ? suggestion.weightPriors : []) + suggestion.modelPriors
      for prior in all where names.contains(prior.parameter) { priors[prior.parameter] = try prior.scalar }
    }
    let given = try options.priors(of: names, blocks: names.map { $0.hasPrefix("model[") ? "models" : "weights" })
    for option in options.share where given["model[\(option.name)]"] == nil {
      throw Failure(
        "--share \(option.text) needs a prior of the shared parameter, such as --prior 'model[\(option.name)]=normal(0,1)'.",
        .usage)
    }
    return try LinearMixingModel(
      mixture, priors: LinearMixingPriors(overrides: priors.merging(given) { _, last in last }))
  }
}

extension MixOutcome {
  /// Linear mixing by weights that are known, of models without parameters: nothing is sampled.
  init(knownWeightsOf mixture: LinearMixture, _ study: MixStudy, _ band: MixBand) throws {
    guard band != .mean else {
      throw Failure(
        "--band mean is for methods with draws; with weights that are known the mixed mean has no uncertainty.", .usage)
    }
    let known = [[Double]()]
    let prediction = try mixture.prediction(
      fromParameters: known, at: study.new.inputs, predictions: study.knownPredictions(study.new.predictions),
      target: band.target, responseErrors: study.new.errors, probabilities: MixPredictions.probabilities)
    var heldOut: HeldOut?
    if let test = study.test, mixture.rule.isDensityOfData {
      let rows = try mixture.replacing(data: test.data, predictions: study.knownPredictions(test.predictions))
        .pointwiseLogLikelihood(at: [])
      heldOut = HeldOut(rows: rows, untuned: nil, Checks(checks: []))
    }
    let (names, weights) = (mixture.modelNames, mixture.weights(at: []))
    self.init(
      samplerName: "closed form", gamma: 0, result: nil, coordinates: [], tuning: [], posterior: [],
      chains: ["The weights are known and no model has a parameter to calibrate, so that nothing was sampled."],
      parameters: [],
      meanWeights: names.indices.compactMap { k in
        let own = stride(from: k, to: weights.count, by: names.count).map { weights[$0] }
        return Quantity(names[k], [[own.reduce(0, +) / Double(own.count)]])
      },
      predictions: MixPredictions(
        band: band, mixture: .init(prediction.mixture), weights: prediction.weights.map { .init($0) }),
      heldOut: heldOut, writeDraws: nil)
  }
}
