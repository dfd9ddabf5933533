import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing

/// The same seed gives the same bytes, whatever the number of threads: λ, chains, optimiser and trace of a whole run.
struct ReproducibilityTests {
  private struct Record: Encodable {
    let state: TuningState<[ChainState], GradientSchedule<Optimiser>.Memory>
    let trace: [TuningInfo]
    let positions: [Double]
  }

  private func rows() -> ExpertRows {
    var stream = RandomStream(seed: 61, purpose: .simulation)
    let x = (0..<70).map { _ in stream.normal() }
    let z = (0..<70).map { _ in stream.normal() }
    let y = x.indices.map { (z[$0] > 0 ? 1 + x[$0] : -1 - x[$0]) + 0.4 * stream.normal() }
    return ExpertRows(
      expertNames: ["x"], expertFeatures: x, gateNames: ["bias", "z"], gateFeatures: x.map { _ in 1 } + z, response: y)
  }

  private func bytes(
    threads: Int, seed: UInt64, mode: InnerSampling.Adaptation, metric: MetricKind
  ) async throws -> Data {
    let model = try ExpertModel(.cocoafuse, experts: 3, data: rows(), ordering: .intercepts)
    let settings = SamplerSettings(metric: metric, seed: seed, threads: threads)
    let loop = try TuningLoop(
      model: model, sampler: try NUTSPosteriorSampler<ExpertPosterior>(settings),
      objective: try Objective(entropyWeight: 0.1),
      schedule: GradientSchedule(Optimiser.natural(), adaptation: mode, draws: ConstantSchedule(draws: 15)),
      stopping: FixedHorizon(iterations: 5))
    var trace: [TuningInfo] = []
    let state = try await loop.run(from: loop.initialState()) { _, info in trace.append(info) }
    let final = try await loop.posterior(at: state.lambda, by: loop.sampler, plan: InnerSampling(mode, draws: 20))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(Record(state: state, trace: trace, positions: final.inner.sample.positions))
  }

  @Test(arguments: [
    (InnerSampling.Adaptation.persistent(warmup: 80, adaptation: 10), MetricKind.diagonal),
    (.persistent(warmup: 80, adaptation: 10), .lowRank), (.fresh(warmup: 60), .dense),
  ])
  func threadsChangeNothing(mode: InnerSampling.Adaptation, metric: MetricKind) async throws {
    let one = try await bytes(threads: 1, seed: 5, mode: mode, metric: metric)
    #expect(one.count > 10_000)
    for threads in [2, 3] { #expect(try await bytes(threads: threads, seed: 5, mode: mode, metric: metric) == one) }
    #expect(try await bytes(threads: 2, seed: 6, mode: mode, metric: metric) != one)
  }
}
