import Diagnostics
import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Priors
import Sampling

/// Draws of an experts model's posterior, made on the program's own path: start search on the smoothed posterior, chains
/// from the best optimum, sampling without an ordering, draws moved to the model's ordering afterwards.
struct SampledExperts {
  let model: ExpertModel
  /// As sampled.
  let raw: PosteriorSample
  /// In the model's ordering, with the weights that this owes.
  let draws: WeightedSample
  /// The label-invariant quantities.
  let quantities: [SampleChecks.Quantity]

  init(_ model: ExpertModel, settings: SamplerSettings) async throws {
    let sampler = try NUTSPosteriorSampler<ExpertPosterior>(settings)
    let lambda = model.hyperparameters
    raw = try await sampler.sample(
      model.posterior(given: lambda), from: nil, startingOn: model.smoothedPosterior(given: lambda),
      plan: InnerSampling(.fresh(warmup: settings.warmup), draws: settings.draws), iteration: 0
    ).sample
    draws = try WeightedSample(canonicalising: raw, of: model, at: lambda)
    quantities = SampleChecks.quantities(of: model, raw)
    self.model = model
  }

  var divergences: Int { raw.statistics.count { $0.isDivergent } }
  var worstRHat: Double { quantities.map { RHat.rankNormalised($0.draws) }.max() ?? .infinity }
  var smallestBulkESS: Double { quantities.map { EffectiveSampleSize.bulk($0.draws) }.min() ?? 0 }

  /// The constrained parameters in the model's ordering, chains × draws, by name.
  var parameters: [String: [[Double]]] {
    let constrained = (0..<draws.sample.count).map { draws.sample.withPosition($0, model.constrained) }
    let (chains, length) = (raw.chains, raw.drawsPerChain)
    var result: [String: [[Double]]] = [:]
    for (column, name) in model.parameterNames.enumerated() {
      result[name] = (0..<chains).map { chain in (0..<length).map { constrained[chain * length + $0][column] } }
    }
    return result
  }

  /// The total log-likelihood, chains × draws.
  var logLikelihood: [[Double]] { raw.map { model.logLikelihood(at: $0) } }

  /// What people want to know when a comparison fails.
  func summary(worst: Comparison?) -> String {
    let rHat = String(format: "%.4f", worstRHat)
    let ess = String(format: "%.0f", smallestBulkESS)
    let z = worst.map { String(format: "%.2f (%@)", $0.z, $0.name) } ?? "none"
    return "R-hat \(rHat), bulk ESS \(ess), divergences \(divergences) of \(raw.count), "
      + "gradients \(raw.gradientEvaluations), worst z \(z)"
  }
}

/// The difference of two estimates in units of their combined Monte Carlo error.
struct Comparison {
  let name: String
  let z: Double

  init(_ name: String, _ found: Double, _ foundError: Double, _ expected: Double, _ expectedError: Double) {
    self.name = name
    z = abs(found - expected) / hypot(foundError, expectedError)
  }
}

extension [[Double]] {
  /// The mean over all chains.
  var mean: Double { joined().reduce(0, +) / Double(joined().count) }

  /// The standard deviation over all chains.
  var standardDeviation: Double {
    let centre = mean
    return (joined().reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(joined().count - 1)).squareRoot()
  }

  /// The quantile over all chains, by linear interpolation.
  func quantile(_ probability: Double) -> Double {
    let sorted = joined().sorted()
    let place = probability * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
