import Experiments
import Experts
import LogDensities
import Priors
import Sampling
import Testing

/// Trials that run at once, go on where they were, and fail one by one.
struct TrialRunnerTests {
  /// A noisy line.
  private static let rows: ExpertRows = {
    var stream = RandomStream(seed: 3, purpose: .simulation)
    let x = (0..<30).map { _ in stream.normal() }
    return ExpertRows(
      expertNames: ["x"], expertFeatures: x, gateNames: ["bias", "x"],
      gateFeatures: [Double](repeating: 1, count: 30) + x, response: x.map { $0 + 0.3 * stream.normal() })
  }()

  private func trials() -> [Trial] {
    TrialGrid(
      experts: [1, 2, 3], combinations: [.moe], gates: [.init(terms: "x", training: Self.rows, test: nil)],
      priorSets: [.init(name: "default", definition: "default") { _, _ in ExpertPriors() }], tunings: [nil],
      sampler: SamplerSettings(chains: 2, warmup: 60, draws: 30, threads: 1)
    ).planned().trials.map(\.trial)
  }

  @Test func resultsDoNotDependOnHowManyRunAtOnce() async throws {
    let one = try await TrialRunner(concurrency: 1).run(trials())
    let three = try await TrialRunner(concurrency: 3).run(trials())
    #expect(one == three && one.map(\.key) == trials().map(\.key))
    #expect(one.allSatisfy { $0.scores?.leaveOneOut?.rows.count == 30 && $0.scores?.seconds == nil })
  }

  @Test func finishedTrialsAreTakenAsTheyAre() async throws {
    let trials = trials()
    let kept = TrialResult(key: trials[1].key, scores: nil, failure: "It was so.")
    var fresh: [String] = []
    let results = try await TrialRunner(concurrency: 1).run(trials, finished: [kept.key: kept]) {
      fresh.append($0.key)
    }
    #expect(results.map(\.key) == trials.map(\.key) && results[1] == kept)
    #expect(fresh == [trials[0].key, trials[2].key])
  }

  @Test func aFailedTrialEndsNoOthers() async throws {
    var trials = trials()
    trials[0].settings.sampler.chains = 0
    let results = try await TrialRunner(concurrency: 2).run(trials)
    #expect(results[0].scores == nil && results[0].failure?.contains("chains") == true)
    #expect(results[1].scores != nil && results[2].scores != nil)
  }

  @Test func aStopwatchTells() async throws {
    let results = try await TrialRunner(concurrency: 1, stopwatch: { 7 }).run(Array(trials().prefix(1)))
    #expect(results[0].scores?.seconds == 0)
  }

  @Test func cancellationIsNoFailureOfATrial() async throws {
    let trials = trials()
    let work = Task { try await TrialRunner(concurrency: 1).run(trials) }
    work.cancel()
    await #expect(throws: SamplingError.self) { try await work.value }
  }
}
