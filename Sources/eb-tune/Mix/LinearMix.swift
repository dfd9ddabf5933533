import EmpiricalBayes
import Evaluation
import LogDensities
import ModelMixing
import Priors
import Sampling

/// Linear mixing as a run sees it, sampled by NUTS, or where weights jump by slices.
struct LinearMix<Sampler: PosteriorSampler>: MixMethod where Sampler.Posterior == LinearMixingPosterior {
  var model: LinearMixingModel
  let study: MixStudy
  let samplerName: String
  let followsGradients: Bool
  let make: @Sendable (SamplingOptions, Bool, ChainMeter) throws -> Sampler

  func sampler(_ options: SamplingOptions, isFinal: Bool, meter: ChainMeter) throws -> Sampler {
    try make(options, isFinal, meter)
  }

  var name: String { MixMethodOptions.Method.linear.rawValue }
  var shownParameters: [Int] { Array(model.parameterNames.indices) }

  private func parameters(of sample: PosteriorSample) -> [[Double]] {
    (0..<sample.count).map { sample.withPosition($0, model.constrained) }
  }

  var isDensityOfData: Bool { model.mixture.rule.isDensityOfData }

  func meanWeights(of sample: PosteriorSample) -> [(name: String, draws: [[Double]])]? {
    let names = model.mixture.modelNames
    let rows = Double(model.rows)
    let means = parameters(of: sample).map { draw in
      let weights = model.mixture.weights(at: draw)
      return names.indices.map { k in
        stride(from: k, to: weights.count, by: names.count).reduce(0) { $0 + weights[$1] } / rows
      }
    }
    return names.enumerated().map { k, name -> (name: String, draws: [[Double]]) in
      let draws = means.map { $0[k] }
      let chains = (0..<sample.chains).map { chain in
        Array(draws[chain * sample.drawsPerChain..<(chain + 1) * sample.drawsPerChain])
      }
      return (name, chains)
    }
  }

  func predictions(
    of sample: PosteriorSample, to place: MixStudy.Place, _ band: MixBand, _ options: SamplingOptions
  ) async throws -> MixPredictions {
    let prediction = try model.prediction(
      from: sample, at: place.inputs, predictions: study.knownPredictions(place.predictions), target: band.target,
      responseErrors: place.errors, probabilities: MixPredictions.probabilities)
    return MixPredictions(
      band: band, mixture: .init(prediction.mixture), weights: prediction.weights.map { .init($0) })
  }

  func heldOutLogDensities(of sample: PosteriorSample, _ options: SamplingOptions) async throws -> [Double]? {
    guard let test = study.test, isDensityOfData else { return nil }
    let rows = try model.mixture.replacing(data: test.data, predictions: study.knownPredictions(test.predictions))
    let values = parameters(of: sample).flatMap { rows.pointwiseLogLikelihood(at: $0) }
    let likelihood = PointwiseLogLikelihood(
      chains: sample.chains, drawsPerChain: sample.drawsPerChain, rows: test.data.count, drawByDraw: values)
    return try LogPredictiveDensity(likelihood).rows
  }
}

extension MixBand {
  /// What linear mixing predicts.
  var target: MixedPrediction.Target {
    switch self {
    case .mean: .mean
    case .quantity: .quantity
    case .observation: .observation
    }
  }
}

extension MixStudy {
  /// That a mixture has weights at the new inputs and a density of the held-out rows, before anything is sampled.
  func checkOtherRows(of mixture: LinearMixture) throws(MixingError) {
    _ = try mixture.weights.features(of: new.inputs, names: data.inputNames)
    guard let test, mixture.rule.isDensityOfData else { return }
    _ = try mixture.replacing(data: test.data, predictions: knownPredictions(test.predictions))
  }

  /// Predictions where they are all that is known of the models; nil where models predict by themselves.
  func knownPredictions(_ predictions: ModelPredictions) -> ModelPredictions? { models == nil ? predictions : nil }
}

extension MixPredictions.Curve {
  /// Of summaries whose quantiles are those at `MixPredictions.probabilities`.
  init(_ summaries: [PredictionSummary]) {
    self.init(
      mean: summaries.map(\.mean), standardDeviation: summaries.map(\.standardDeviation),
      lower: summaries.map { $0.quantiles[0] }, upper: summaries.map { $0.quantiles[1] })
  }
}
