import Diagnostics
import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

@Suite struct EvidenceEstimatorTests {
  static let models: [EvidenceModel] = [
    .gaussianGroups(), .regression(), .laplaceGroups(), .bernoulliGroups(), .mixture(), .mixture(locations: (1, -1)),
  ]

  @Test(arguments: Self.models)
  func calibration(model: EvidenceModel) async throws {
    let repeats = Int(ProcessInfo.processInfo.environment["REPEATS"] ?? "40") ?? 40
    var z: [Double] = []
    var values: [Double] = []
    var errors: [Double] = []
    var last: LogEvidence?
    for seed in 1...repeats {
      let settings = EvidenceSettings(
        sampler: SamplerSettings(seed: UInt64(seed), threads: 2), warmup: 100, draws: 60)
      let evidence = try await EvidenceEstimator(model, settings: settings).estimate(at: model.hyperparameters)
      z.append((evidence.estimate.value - model.exact) / evidence.estimate.standardError)
      values.append(evidence.estimate.value - model.exact)
      errors.append(evidence.estimate.standardError)
      last = evidence
    }
    let mean = z.reduce(0, +) / Double(z.count)
    let sd = (z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(z.count - 1)).squareRoot()
    let bias = values.reduce(0, +) / Double(z.count)
    let spread = (values.reduce(0) { $0 + ($1 - bias) * ($1 - bias) } / Double(z.count - 1)).squareRoot()
    print(
      model.name, "exact", model.exact, "bias", bias, "spread", spread, "mean SE",
      errors.reduce(0, +) / Double(z.count),
      "z mean", mean, "sd", sd, "stages", last?.stages.count ?? 0, "gradients", last?.gradientEvaluations ?? 0,
      "overlap",
      last?.minimumOverlap ?? 0)
  }
}
