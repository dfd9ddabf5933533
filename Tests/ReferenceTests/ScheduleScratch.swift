import AnalyticModels
import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

struct Climb {
  var cost: Int?
  var regret: Double
  var total: Int
  var iterations: Int
  var expected: Double?
}

func climb<Model: AnalyticModel>(
  _ model: Model, _ name: ScheduleName, seed: UInt64, options: ScheduleOptions = ScheduleOptions(),
  iterations: Int? = nil
) async throws -> Climb {
  let loop = try TuningLoop(
    model: model, sampler: try NUTSPosteriorSampler<Model.Posterior>(SamplerSettings(seed: seed, threads: 1)),
    objective: try Objective(), schedule: CatalogueSchedule(name, options),
    stopping: ExpectedRegret(iterations: iterations ?? name.iterations))
  let best = model.logObjective(at: model.maximiser())
  var path: [(Int, Double)] = []
  let end = try await loop.run(from: loop.initialState()) { state, info in
    if ProcessInfo.processInfo.environment["TR"] != nil {
      print(
        "TR \(Model.self) \(seed) it \(info.iteration) g \(info.gradientEvaluations) draws \(info.draws) lam \(state.lambda.free.map { String(format: "%.2f", $0) }) reg \(String(format: "%.3f", best - model.logObjective(at: state.proposal!))) exp \(info.expectedRegret.map { String(format: "%.3f", $0) } ?? "-") \(info.isRejected == true ? "R" : "") reuse \(info.reuseEffectiveSize ?? 0)"
      )
    }
    if let p = state.proposal { path.append((info.gradientEvaluations, best - model.logObjective(at: p))) }
  }
  var start: Int?
  for (cost, regret) in path {
    if regret < 0.1 { start = start ?? cost } else { start = nil }
  }
  return Climb(
    cost: start, regret: path.last?.1 ?? .infinity, total: end.gradientEvaluations, iterations: end.iteration,
    expected: end.recent.last?.expectedRegret)
}

@Suite struct ScheduleScratch {
  func report<Model: AnalyticModel>(_ label: String, _ make: (UInt64) throws -> Model) async throws {
    let names =
      ProcessInfo.processInfo.environment["SCHED"].map {
        $0.split(separator: ",").compactMap { ScheduleName(rawValue: String($0)) }
      } ?? [.pooledNewton, .pooledNewtonPlain, .saem, .newton]
    for name in names {
      for data in [UInt64(1), 2] {
        var climbs: [Climb] = []
        let model = try make(data)
        var options = ScheduleOptions()
        if let step = ProcessInfo.processInfo.environment["STEP"].flatMap(Double.init) { options.step = step }
        for seed in 1...(ProcessInfo.processInfo.environment["NS"].flatMap { Int($0) } ?? 8) {
          climbs.append(try await climb(model, name, seed: UInt64(seed), options: options))
        }
        let costs = climbs.map { $0.cost ?? .max }.sorted()
        print(
          "SCR \(label) data \(data) \(name.rawValue): to 0.1 median \(costs[costs.count / 2]) worst \(costs[costs.count - 1]) total median \(climbs.map(\.total).sorted()[climbs.count / 2]) regret "
            + climbs.map { String(format: "%.3f", $0.regret) }.joined(separator: " "))
      }
    }
  }

  @Test func hierarchy() async throws { try await report("hierarchy") { GaussianHierarchy.simulated(seed: $0) } }
  @Test func regression() async throws { try await report("regression") { try GaussianRegression.simulated(seed: $0) } }
  @Test func laplace() async throws { try await report("laplace") { LaplaceRegression.simulated(seed: $0) } }
  @Test func logistic() async throws { try await report("logistic") { LogisticHierarchy.simulated(seed: $0) } }
}
