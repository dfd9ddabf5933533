import EmpiricalBayes
import Evaluation
import LogDensities
import ModelMixing
import Priors
import Sampling

/// Tree mixing as a run sees it.
struct TreeMix: MixMethod {
  var model: TreeMixingModel
  let study: MixStudy
  let constraint: WeightConstraint
  /// What observation errors are divided by to be relative ones.
  let unit: Double

  var name: String { MixMethodOptions.Method.trees.rawValue }
  var samplerName: String { "Metropolis within Gibbs over trees" }
  var followsGradients: Bool { false }
  var mostIterations: Int { 15 }

  init(_ study: MixStudy, _ options: MixMethodOptions) throws {
    self.study = study
    constraint = options.simplex ? .simplex : .none
    guard study.correlated.isEmpty else {
      throw Failure(
        "--model-covariance is not for --method trees: trees use the models' means alone, and estimate the noise.",
        .usage)
    }
    try study.demandErrorsEverywhere()
    let data = study.data
    let k = options.leafK ?? 2
    let (count, models) = (options.trees ?? 30, study.predictions.models)
    let hasErrors = data.responseErrors.allSatisfy { $0 > 0 }
    unit = hasErrors ? Self.rootMeanSquare(data.responseErrors) : 1
    let (response, unit) = (data.response, unit)
    let mean = response.reduce(0, +) / Double(response.count)
    // Without errors that are known, an overestimate, as Chipman, George and McCulloch (2010) begin with.
    let guess =
      hasErrors
      ? unit
      : (study.predictions.means + [response.map { _ in mean }]).map { prediction in
        Self.rootMeanSquare(Swift.zip(response, prediction).map { $0 - $1 })
      }.min() ?? 1
    let leaves: LeafPrior =
      options.leafPrior == .informative
      ? try .informative(models: models, trees: count, k: k) : try .nonInformative(models: models, trees: count, k: k)
    let mixing = try TreeMixing(
      MixingData(
        inputNames: data.inputNames, inputs: data.inputs, response: response,
        responseErrors: hasErrors ? data.responseErrors.map { $0 / unit } : nil),
      predictions: study.predictions,
      prior: TreeMixingPrior(
        trees: count, leaves: leaves, noise: .around(guess > 0 ? guess : 1, degrees: options.noiseDegrees ?? 3)))
    var model = TreeMixingModel(mixing)
    if hasErrors {
      // The noise stands where the errors that are known have it.
      model.hyperparameters = try model.hyperparameters.assigned(
        TuningPlan(rules: [TuningPlan.Rule(ParameterPattern("noise"), .fixed)]))
    }
    self.model = model
  }

  /// Relative noise scales at rows with known errors, where the data's are known too; nil elsewhere.
  private func noiseScales(_ errors: [Double]?) -> [Double]? {
    guard let errors, study.data.responseErrors.allSatisfy({ $0 > 0 }) else { return nil }
    return errors.map { $0 / unit }
  }

  private static func rootMeanSquare(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
  }

  func sampler(_ options: SamplingOptions, isFinal: Bool, meter: ChainMeter) throws -> TreePosteriorSampler {
    try TreePosteriorSampler(
      TreeSamplingSettings(
        chains: options.chains, warmup: isFinal ? max(options.warmup, 1000) : options.warmup,
        thinning: isFinal ? Self.thinning(options) : 2, seed: options.seed, threads: options.concurrency),
      keepingTrees: isFinal, meter: meter)
  }

  /// Sweeps a draw, so that few draws are as good as they can be: 12,000 sweeps a chain, at most 20 a draw, at least one.
  private static func thinning(_ options: SamplingOptions) -> Int {
    min(20, (12_000 + options.finalDraws - 1) / options.finalDraws)
  }

  var shownParameters: [Int] {
    model.parameterNames.indices.filter { ["leaves", "sigma"].contains(model.parameterNames[$0]) }
  }

  func meanWeights(of sample: PosteriorSample) -> [(name: String, draws: [[Double]])]? {
    study.predictions.names.compactMap { name in
      model.parameterNames.firstIndex(of: "weight[\(name)]").map { (name, values(of: sample, $0)) }
    }
  }

  /// The trees of the draws that are judged.
  func draws(
    of final: FinalPosterior<TreeMixingChains>, at lambda: Hyperparameters, _ options: SamplingOptions
  ) async throws -> TreeMixingSample {
    guard let sample = final.chains.sample else { throw Failure("The final draws have no trees.", .software) }
    return sample
  }

  func predictions(
    of sample: TreeMixingSample, to place: MixStudy.Place, _ band: MixBand, _ options: SamplingOptions
  ) async throws -> MixPredictions {
    let found = try await sample.predict(
      at: place.inputs, predictions: place.predictions, probabilities: MixPredictions.probabilities,
      includingNoise: band == .observation,
      responseErrors: noiseScales(place.errors), weights: constraint, seed: options.seed, threads: options.concurrency)
    return MixPredictions(band: band, mixture: .init(found.mixture), weights: found.weights.map { .init($0) })
  }

  func heldOutLogDensities(of sample: TreeMixingSample, _ options: SamplingOptions) async throws -> [Double]? {
    guard let test = study.test else { return nil }
    let found = try await sample.draws(
      at: test.data.inputs, predictions: test.predictions, weights: constraint,
      threads: options.concurrency)
    let sigmas = sample.sigmas.flatMap { $0 }
    var values: [Double] = []
    let scales = noiseScales(test.data.responseErrors)
    for (row, draws) in found.mixture.enumerated() {
      let scale = scales?[row] ?? 1
      for (mixed, sigma) in Swift.zip(draws.flatMap { $0 }, sigmas) {
        values.append(logNormalDensity(test.data.response[row], mean: mixed, deviation: sigma * scale))
      }
    }
    let likelihood = PointwiseLogLikelihood(
      chains: sample.chains, drawsPerChain: sample.drawsPerChain, rows: test.data.count, rowByRow: values)
    return try LogPredictiveDensity(likelihood).rows
  }
}

extension MixStudy {
  /// That errors, where some are known, are known in every row: trees scale their noise by them.
  fileprivate func demandErrorsEverywhere() throws(Failure) {
    guard hasErrors else { return }
    for (what, errors) in [("observation", data.responseErrors), ("held-out row", test?.data.responseErrors ?? [])] {
      guard let row = errors.firstIndex(of: 0) else { continue }
      throw Failure(
        "The error of \(what) \(row + 1) is 0; --method trees needs errors above 0 in every row, or no --target-error, and then"
          + " estimates the noise.", .data)
    }
  }
}
