import Diagnostics
import EmpiricalBayes
import Evaluation
import Foundation
import GaussianProcesses
import LogDensities
import ModelMixing
import Priors
import Sampling

/// Gaussian-process mixing as a run sees it: models and observations, each with errors of its own, of one random function.
struct ProcessMix: MixMethod {
  var model: ProcessMixingModel
  let study: MixStudy

  var name: String { MixMethodOptions.Method.gp.rawValue }
  var samplerName: String { "NUTS" }
  var followsGradients: Bool { true }

  init(_ study: MixStudy, _ options: MixMethodOptions) throws {
    self.study = study
    let data = study.data
    let mean = data.response.reduce(0, +) / Double(data.count)
    var sources: [CorrelatedPredictions] = []
    for index in 0..<study.predictions.models {
      sources.append(try study.predictions.correlated(index, inputs: data.inputs))
    }
    let training = try ProcessMixingData(
      inputNames: data.inputNames, models: sources, observations: data, priorMean: mean)
    let kernel =
      try options.kernel.map { try CovarianceFunction(parsing: $0, features: data.inputNames) }
      ?? Self.standardKernel(data, about: mean)
    let free = kernel.namedParameters(features: data.inputNames).filter { !$0.parameter.isFixed }.map(\.name)
    let priors = try options.priors(of: free, blocks: free.map { _ in "kernel" })
    var model = try ProcessMixingModel(data: training, kernel: kernel, priors: priors)
    model.hyperparameters = model.hyperparameters.assigned(.blockScales)
    self.model = model
  }

  private static func standardKernel(_ data: MixingData, about mean: Double) -> CovarianceFunction {
    let square = data.response.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(data.count)
    func parameter(_ value: Double) -> KernelParameter { KernelParameter(value > 1e-200 ? value : 1) }
    let lengths = data.inputs.map { parameter(0.25 * (($0.max() ?? 0) - ($0.min() ?? 0))) }
    return .constant(parameter(square)) * .rbf(lengthScales: lengths)
  }

  func sampler(
    _ options: SamplingOptions, isFinal: Bool, meter: ChainMeter
  ) throws -> NUTSPosteriorSampler<ProcessMixingPosterior> {
    try NUTSPosteriorSampler(options.settings(isFinal: isFinal), meter: meter)
  }

  var shownParameters: [Int] { Array(model.parameterNames.indices) }

  func meanWeights(of sample: PosteriorSample) -> [(name: String, draws: [[Double]])]? {
    let places = Self.places(among: sample.count)
    guard let weights = try? weights(of: sample, at: study.data.inputs, places) else { return nil }
    let rows = Double(study.data.count)
    return study.predictions.names.enumerated().map { k, name -> (name: String, draws: [[Double]]) in
      (name, [weights.map { draw -> Double in draw[k].reduce(0, +) / rows }])
    }
  }

  /// About so many draws, evenly spaced, where each costs a factorisation.
  private static func places(among draws: Int, most: Int = 200) -> [Int] {
    let count = min(most, draws)
    return (0..<count).map { $0 * draws / count }
  }

  /// Draws × sources × inputs.
  private func weights(of sample: PosteriorSample, at inputs: [[Double]], _ places: [Int]) throws -> [[[Double]]] {
    try places.map { try model.sourceWeights(at: inputs, kernel: sample.withPosition($0, model.kernel(at:))) }
  }

  func predictions(
    of sample: PosteriorSample, to place: MixStudy.Place, _ band: MixBand, _ options: SamplingOptions
  ) async throws -> MixPredictions {
    let places = Self.places(among: sample.count)
    let positions = places.flatMap { sample.withPosition($0) { q in (0..<q.count).map { q[$0] } } }
    let found = try await model.predict(
      at: place.inputs, positions: positions, probabilities: MixPredictions.probabilities,
      quantity: band == .observation ? .observation : .latent,
      responseErrors: band == .observation ? place.errors : nil, threads: options.concurrency)
    let weights = try weights(of: sample, at: place.inputs, places)
    let mixture = MixPredictions.Curve(
      mean: found.mean, standardDeviation: found.standardDeviation, lower: found.quantiles[0],
      upper: found.quantiles[1])
    return MixPredictions(
      band: band, mixture: mixture, weights: study.predictions.names.indices.map { Self.curve(weights, source: $0) })
  }

  /// The weights of one source at all inputs.
  private static func curve(_ weights: [[[Double]]], source: Int) -> MixPredictions.Curve {
    let inputs = weights.first?[source].count ?? 0
    let summaries = (0..<inputs).map { row in DrawSummary([weights.map { $0[source][row] }]) }
    func values(_ value: (DrawSummary) -> Double) -> [Double] { summaries.map { $0.map(value) ?? .nan } }
    return MixPredictions.Curve(
      mean: values(\.mean), standardDeviation: values(\.standardDeviation), lower: values(\.lower),
      upper: values(\.upper))
  }

  func heldOutLogDensities(of sample: PosteriorSample, _ options: SamplingOptions) async throws -> [Double]? {
    guard let test = study.test else { return nil }
    let places = Self.places(among: sample.count)
    var values: [Double] = []
    for place in places {
      let kernel = sample.withPosition(place, model.kernel(at:))
      let found = try model.predict(at: test.data.inputs, kernel: kernel, probabilities: [], quantity: .observation)
      for row in 0..<test.data.count {
        let deviation = hypot(found.standardDeviation[row], test.data.responseErrors[row])
        values.append(logNormalDensity(test.data.response[row], mean: found.mean[row], deviation: deviation))
      }
    }
    let likelihood = PointwiseLogLikelihood(
      chains: 1, drawsPerChain: places.count, rows: test.data.count, drawByDraw: values)
    return try LogPredictiveDensity(likelihood).rows
  }
}

extension SamplingOptions {
  /// Settings of NUTS; people read final draws, so that their steps are smaller.
  func settings(isFinal: Bool) -> SamplerSettings {
    var settings = settings
    if isFinal { settings.targetAcceptance = targetAcceptance ?? 0.9 }
    return settings
  }
}

extension MixMethodOptions {
  /// `--prior` by parameter name; later ones win.
  /// - Throws: `Failure` for a pattern that points at no parameter.
  func priors(of names: [String], blocks: [String]) throws(Failure) -> [String: ScalarPrior] {
    var result: [String: ScalarPrior] = [:]
    for option in prior {
      let places = option.pattern.places(among: names, blocks: blocks)
      guard !places.isEmpty else {
        throw Failure(
          "--prior: there is no parameter \"\(option.pattern)\" here; there are \(names.joined(separator: ", ")).",
          .usage)
      }
      for place in places { result[names[place]] = option.prior }
    }
    return result
  }
}
