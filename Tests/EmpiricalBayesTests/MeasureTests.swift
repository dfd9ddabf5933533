import EmpiricalBayes
import Foundation
import LogDensities
import Testing

@Test func measureSteps() async throws {
  var problems: [(String, GaussianHierarchy)] = []
  for seed in 0..<4 {
    let s = UInt64(seed)
    problems.append(("wide", GaussianHierarchy.simulated(groups: 50, location: 3, scale: 1.67, noise: 1, seed: 100 + s)))
    problems.append(("weak", GaussianHierarchy.simulated(groups: 20, location: 1, scale: 1, noise: 1.5, seed: 200 + s)))
    problems.append(("narrow", GaussianHierarchy.simulated(groups: 100, location: 1, scale: 0.3, noise: 0.6, seed: 300 + s)))
    problems.append(("far", GaussianHierarchy.simulated(groups: 40, location: 30, scale: 5, noise: 1, seed: 400 + s)))
    problems.append(("motor", GaussianHierarchy.simulated(groups: 30, location: 0.5, scale: 0.05, noise: 0.05, seed: 500 + s, start: (0, 0.01))))
  }
  for draws in [10, 50] {
    for a in [0.5, 1.0, 1.5] {
      for t0 in [5.0, 10, 20, 50] {
        for kappa in [0.51, 0.6, 0.75, 1.0] {
          var out: [String: [[Double]]] = [:]
          for (name, model) in problems {
            let top = model.maximiser(from: model.hyperparameters)
            let best = model.logEvidence(at: top)
            var gaps: [Double] = []
            let loop = TuningLoop(
              model: model, sampler: NormalSampler(seed: 3, correlation: 0.3), objective: try Objective(),
              optimiser: Optimiser.natural(size: a, delay: t0, exponent: kappa), schedule: ConstantSchedule(draws: draws),
              selector: LastIterate(), stopping: FixedHorizon(iterations: 60))
            _ = try await loop.run(from: try loop.initialState()) { state, _ in
              if [15, 30, 60].contains(state.iteration) { gaps.append(best - model.logEvidence(at: state.lambda)) }
            }
            out[name, default: []].append(gaps)
          }
          let text = out.keys.sorted().map { name in
            let rows = out[name] ?? []
            return name + " " + (0..<3).map { c in String(format: "%.3f", rows.map { $0[c] }.max() ?? 0) }.joined(separator: " ")
          }.joined(separator: " | ")
          let all = (0..<3).map { c in out.values.flatMap { $0 }.map { min($0[c], 5) }.reduce(0, +) / 20 }
          print("MEASURE", draws, a, t0, kappa, all.map { String(format: "%.4f", $0) }.joined(separator: " "), "||", text)
        }
      }
    }
  }
}
