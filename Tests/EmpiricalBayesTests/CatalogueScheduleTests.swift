import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

@Suite struct CatalogueScheduleTests {
  typealias Loop = TuningLoop<GaussianHierarchy, NUTSPosteriorSampler<NormalProduct>, CatalogueSchedule>

  static func loop(
    _ name: ScheduleName, _ model: GaussianHierarchy, seed: UInt64, gamma: Double = 0,
    stopping: any StoppingRule = ExpectedRegret(iterations: 60)
  ) throws -> Loop {
    try Loop(
      model: model, sampler: try NUTSPosteriorSampler(SamplerSettings(seed: seed, threads: 2)),
      objective: try Objective(entropyWeight: gamma), schedule: CatalogueSchedule(name), stopping: stopping)
  }

  @Test(arguments: ScheduleName.allCases) func scratch(_ name: ScheduleName) async throws {
    let model = GaussianHierarchy.simulated(groups: 50, location: 3, scale: 2, noise: 1.25, seed: 61)
    let best = model.logEvidence(at: model.maximiser(from: model.hyperparameters))
    for seed in 1...3 {
      let loop = try Self.loop(name, model, seed: UInt64(seed))
      var text = "\(name.rawValue) \(seed):"
      let end = try await loop.run(from: loop.initialState()) { state, info in
        if let p = state.proposal {
          text += String(format: " %d:%.3f", info.gradientEvaluations, best - model.logEvidence(at: p))
          if let r = info.expectedRegret { text += String(format: "(%.3f)", r) }
          if info.isRejected == true { text += "R" }
        }
      }
      print(text, end.iteration)
    }
  }
}
