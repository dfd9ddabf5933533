import Testing

@testable import eb_tune

/// When a run counts as having got there, and which schedule wins.
@Suite struct BenchmarkRunTests {
  private func run(_ regrets: [Double], ended: Bool = false, failure: String? = nil, seed: Int = 1) -> BenchmarkRun {
    var run = BenchmarkRun(job: BenchmarkJob(problem: "p", schedule: .saem, step: 1, seed: seed))
    run.costs = regrets.indices.map { 100 * ($0 + 1) }
    run.regrets = regrets
    (run.endedItself, run.failure) = (ended, failure)
    return run
  }

  private func good(_ count: Int) -> [Double] { Array(repeating: 0.05, count: count) }

  @Test func streaks() {
    #expect(run([5, 1] + good(8) + [3]).cost(within: 0.1) == 300)
    #expect(run([5, 1] + good(7) + [3]).cost(within: 0.1) == nil)
    #expect(run(good(7) + [3] + good(8) + [4]).cost(within: 0.1) == 900)
    #expect(run([5] + good(8)).cost(within: 0.01) == nil)
    #expect(run([5, .infinity] + good(8)).cost(within: 0.1) == 300)
  }

  /// To the end of the run: three are enough, or one where the schedule ended it; never where the run broke off.
  @Test func ends() {
    #expect(run([5, 1] + good(3)).cost(within: 0.1) == 300)
    #expect(run([5, 1] + good(2)).cost(within: 0.1) == nil)
    #expect(run([5, 1] + good(1), ended: true).cost(within: 0.1) == 300)
    #expect(run([5, 1] + good(4), failure: "broke").cost(within: 0.1) == nil)
    #expect(run([5, 1], ended: true).cost(within: 0.1) == nil)
    #expect(run([], ended: true).cost(within: 0.1) == nil)
  }

  @Test func regretAtACost() {
    let run = run([5, 1, 0.2])
    #expect(run.regret(at: 99) == nil && run.regret(at: 100) == 5)
    #expect(run.regret(at: 299.9) == 1 && run.regret(at: 1e9) == 0.2)
  }

  /// Reports are half a percent of the cost apart, and the last proposal is one of them.
  @Test func recorder() {
    var recorder = BenchmarkRecorder()
    for step in 1...2000 { recorder.note([Double(step)], cost: 10 * step + 1000) }
    recorder.finish()
    let ratios = zip(recorder.costs.dropFirst(), recorder.costs).map { Double($0) / Double($1) }
    #expect(ratios.dropLast().allSatisfy { $0 >= 1.005 && $0 < 1.02 })
    #expect(recorder.costs.first == 1010 && recorder.costs.last == 21_000 && recorder.proposals.last == [2000])
    let before = recorder.costs
    recorder.finish()
    #expect(recorder.costs == before)
  }

  /// Failures are infinite costs, and count before medians.
  @Test func summaries() {
    let failing = BenchmarkSummary([run(good(9)), run(good(9)), run([9]), run(good(9))], tolerances: [0.1])
    #expect(failing.costs[0].failures == 1 && failing.costs[0].median == 100 && failing.costs[0].worst == .infinity)
    let slow = BenchmarkSummary(Array(repeating: run([5, 5] + good(9)), count: 4), tolerances: [0.1])
    #expect(slow.isBetter(than: failing) && !failing.isBetter(than: slow))
    let half = BenchmarkSummary([run(good(9)), run([9])], tolerances: [0.1])
    #expect(half.costs[0].median == .infinity)
    #expect(BenchmarkSummary.median([3, 1, 2]) == 2 && BenchmarkSummary.median([4, 1, 2, 3]) == 2.5)
  }

  /// Equal at the largest tolerance: the next one decides.
  @Test func ties() {
    let better = BenchmarkSummary([run(good(8) + Array(repeating: 0.001, count: 9))], tolerances: [0.1, 0.01])
    let worse = BenchmarkSummary([run(good(17))], tolerances: [0.1, 0.01])
    #expect(better.isBetter(than: worse) && !worse.isBetter(than: better))
  }
}
