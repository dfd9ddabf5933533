import AnalyticModels
import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

/// The default schedule carries a pool, chains and a path: a run that is stored and resumed, and a run on other threads, end in
/// the same bits.
struct PooledReproducibilityTests {
  private typealias Loop<Model: AnalyticModel> = TuningLoop<
    Model, NUTSPosteriorSampler<Model.Posterior>, CatalogueSchedule
  >

  private struct Record<State: Encodable>: Encodable {
    let state: State
    let trace: [TuningInfo]
  }

  private var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  private var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  private func loop<Model: AnalyticModel>(
    _ model: Model, _ name: ScheduleName, threads: Int = 1, seed: UInt64 = 9, iterations: Int = 14
  ) throws -> Loop<Model> {
    try Loop(
      model: model, sampler: NUTSPosteriorSampler(SamplerSettings(seed: seed, threads: threads)),
      objective: Objective(), schedule: CatalogueSchedule(name), stopping: FixedHorizon(iterations: iterations))
  }

  private func bytes<Model: AnalyticModel>(_ loop: Loop<Model>, from state: Loop<Model>.State? = nil) async throws
    -> Data
  {
    var trace: [TuningInfo] = []
    let end = try await loop.run(from: state ?? loop.initialState()) {
      trace.append($1); _ = $0
    }
    return try encoder.encode(Record(state: await loop.rescored(end), trace: Array(trace.suffix(3))))
  }

  /// Stored while the pool grows and λ travels, while chains adapt, and near the end.
  @Test(arguments: [1, 4, 7, 11]) func resumingIsExact(after iterations: Int) async throws {
    let model = GaussianHierarchy.simulated(groups: 12, seed: 9)
    for name in ScheduleName.allCases where iterations == 4 || name == .pooledNewton {
      let whole = try loop(model, name)
      let part = try loop(model, name, iterations: iterations)
      let stored = try encoder.encode(await part.run(from: part.initialState()))
      let state = try decoder.decode(Loop<GaussianHierarchy>.State.self, from: stored)
      let (resumed, uninterrupted) = (try await bytes(whole, from: state), try await bytes(whole))
      #expect(resumed == uninterrupted, "\(name.rawValue)")
      #expect(resumed.count > 2000)
    }
  }

  @Test func threadsChangeNothing() async throws {
    let model = LogisticHierarchy.simulated(groups: 12, seed: 9)
    let one = try await bytes(loop(model, .pooledNewton))
    for threads in [2, 3] { #expect(try await bytes(loop(model, .pooledNewton, threads: threads)) == one) }
    #expect(try await bytes(loop(model, .pooledNewton, seed: 10)) != one)
  }
}
