import Foundation
import LogDensities
import Synchronization
import Testing

@testable import Sampling

private final class Counter: Sendable {
  let calls = Atomic(0)
}

@Suite struct MultiChainSamplerTests {
  private let density = CorrelatedNormal(autoregressive: 0.8, dimension: 6)

  private func run(threads: Int, metric: MetricKind) async throws -> (PosteriorSample, [ChainState], Int) {
    let sampler = try MultiChainSampler(
      SamplerSettings(warmup: 150, draws: 100, metric: metric, seed: 41, threads: threads))
    let (first, spent) = try await sampler.start(density, iteration: 0)
    let (_, warm) = try await sampler.sample(
      density, from: first, warmup: .full(transitions: 150), draws: 10, iteration: 1)
    let (sample, states) = try await sampler.sample(
      density, from: warm, warmup: .short(transitions: 10), draws: 100, iteration: 2)
    return (sample, states, spent)
  }

  @Test(arguments: MetricKind.allCases)
  func bitsDoNotDependOnThreads(metric: MetricKind) async throws {
    let one = try await run(threads: 1, metric: metric)
    for threads in [2, 4, 64] {
      let other = try await run(threads: threads, metric: metric)
      #expect(other.0.positions.map(\.bitPattern) == one.0.positions.map(\.bitPattern))
      #expect(other.0.statistics == one.0.statistics)
      #expect(other.0.gradientEvaluations == one.0.gradientEvaluations)
      #expect(other.1 == one.1)
      #expect(other.2 == one.2)
    }
  }

  @Test func seedsIterationsAndChainsDiffer() async throws {
    let settings = SamplerSettings(warmup: 50, draws: 5, seed: 42)
    let sampler = try MultiChainSampler(settings)
    let states = try sampler.start(at: Array(repeating: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], count: 4))
    func positions(_ sampler: MultiChainSampler, iteration: UInt32) async throws -> [Double] {
      try await sampler.sample(density, from: states, warmup: .none, draws: 5, iteration: iteration).sample.positions
    }
    let first = try await positions(sampler, iteration: 1)
    #expect(Array(first[0..<30]) != Array(first[30..<60]))
    #expect(try await positions(sampler, iteration: 2) != first)
    #expect(try await positions(sampler, iteration: 1) == first)
    var other = settings
    other.seed = 43
    #expect(try await positions(MultiChainSampler(other), iteration: 1) != first)
  }

  /// A checkpoint between two calls changes no bit.
  @Test func resumesExactlyFromEncodedStates() async throws {
    let sampler = try MultiChainSampler(SamplerSettings(metric: .dense, seed: 44))
    let start = try await sampler.start(density, iteration: 0).states
    let states = try await sampler.sample(
      density, from: start, warmup: .full(transitions: 100), draws: 1, iteration: 1
    ).states
    let decoded = try JSONDecoder().decode([ChainState].self, from: JSONEncoder().encode(states))
    let straight = try await sampler.sample(
      density, from: states, warmup: .short(transitions: 5), draws: 20, iteration: 2)
    let resumed = try await sampler.sample(
      density, from: decoded, warmup: .short(transitions: 5), draws: 20, iteration: 2)
    #expect(straight.sample.positions == resumed.sample.positions)
    #expect(straight.states == resumed.states)
  }

  /// What start and sample report is what the density counted.
  @Test func countsEveryGradient() async throws {
    let counter = Counter()
    let plain = density
    let counted = ClosureDensity(6) { q throws(LogDensityError) in
      counter.calls.add(1, ordering: .relaxed)
      return try plain.evaluate(at: q)
    }
    let sampler = try MultiChainSampler(SamplerSettings(seed: 47, threads: 2))
    let (states, spent) = try await sampler.start(counted, iteration: 0)
    #expect(spent == counter.calls.exchange(0, ordering: .relaxed))
    for plan in [WarmUpPlan.full(transitions: 120), .short(transitions: 7), .none] {
      let sample = try await sampler.sample(counted, from: states, warmup: plan, draws: 5, iteration: 1).sample
      #expect(sample.gradientEvaluations == counter.calls.exchange(0, ordering: .relaxed))
    }
  }

  /// Every `thinning`-th transition is kept.
  @Test func thinningKeepsEveryNth() async throws {
    let sampler = try MultiChainSampler(SamplerSettings(chains: 2, seed: 45))
    let states = [[1.0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]]
      .map { ChainState(position: $0, stepSize: 0.3, metric: .diagonal(scale: Array(repeating: 1, count: 6))) }
    let all = try await sampler.sample(density, from: states, warmup: .none, draws: 30, iteration: 1)
    let thin = try await sampler.sample(density, from: states, warmup: .none, draws: 10, iteration: 1, thinning: 3)
    for chain in 0..<2 {
      for draw in 0..<10 {
        let expected = all.sample.withPosition(chain * 30 + 3 * draw + 2) { $0[0] }
        #expect(thin.sample.withPosition(chain * 10 + draw) { $0[0] } == expected)
      }
    }
    #expect(all.states == thin.states)
    #expect(all.sample.gradientEvaluations == thin.sample.gradientEvaluations)
  }

  @Test func reportsErrors() async throws {
    for settings in [
      SamplerSettings(chains: 0), SamplerSettings(draws: 0), SamplerSettings(maximumTreeDepth: 0),
      SamplerSettings(targetAcceptance: 1), SamplerSettings(targetAcceptance: .nan), SamplerSettings(threads: 0),
      SamplerSettings(warmup: -1),
    ] {
      #expect(throws: SamplingError.self) { try MultiChainSampler(settings) }
    }
    let sampler = try MultiChainSampler(SamplerSettings(chains: 2))
    let nowhere = ClosureDensity(1) { _ throws(LogDensityError) in (-.infinity, [0]) }
    await #expect(throws: SamplingError.noFiniteStart(tried: 8)) { try await sampler.start(nowhere, iteration: 0) }
    await #expect(throws: SamplingError.nonFiniteStart(logDensity: -.infinity)) {
      try await sampler.sample(
        nowhere, from: sampler.start(at: [[0], [1]]), warmup: .none, draws: 1, iteration: 0)
    }
    let broken = ClosureDensity(1) { _ throws(LogDensityError) in throw .failed("no data") }
    await #expect(throws: SamplingError.density(.failed("no data"))) {
      try await sampler.sample(broken, from: sampler.start(at: [[0], [1]]), warmup: .none, draws: 1, iteration: 0)
    }
    await #expect(throws: SamplingError.self) {
      try await sampler.sample(density, from: sampler.start(at: [[0], [1]]), warmup: .none, draws: 1, iteration: 0)
    }
    #expect(throws: SamplingError.self) { try sampler.start(at: [[0]]) }
    #expect(SamplingError.cancelled.description == "Sampling was cancelled.")
  }

  @Test func stopsWhenCancelled() async throws {
    let sampler = try MultiChainSampler(SamplerSettings(seed: 46))
    let density = density
    let task = Task {
      try await sampler.sample(
        density, from: sampler.start(at: Array(repeating: [0, 0, 0, 0, 0, 1], count: 4)), warmup: .none,
        draws: 100_000_000, iteration: 1)
    }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: SamplingError.cancelled) { try await task.value }
  }

  @Test func settingsRoundTrip() throws {
    let settings = SamplerSettings(chains: 3, metric: .lowRank, seed: .max)
    #expect(try JSONDecoder().decode(SamplerSettings.self, from: JSONEncoder().encode(settings)) == settings)
  }
}

/// An outer loop's view: many short calls with states handed on.
@Suite struct WarmRestartTests {
  /// Draws pooled over 150 short calls have the target's moments, although metric and step size move between and within
  /// calls: 5 batch-means standard errors (25 batches a chain), false alarm 2.5e-6 a comparison.
  @Test(arguments: MetricKind.allCases)
  func keepsTheDistribution(metric: MetricKind) async throws {
    let density = CorrelatedNormal(autoregressive: 0.7, dimension: 5)
    let sampler = try MultiChainSampler(SamplerSettings(metric: metric, seed: 51, threads: 2))
    var states = try await sampler.start(density, iteration: 0).states
    var chains = [[[Double]]](repeating: Array(repeating: [], count: 4), count: 5)
    for iteration in 1...150 {
      let (sample, next) = try await sampler.sample(
        density, from: states, warmup: iteration == 1 ? .full(transitions: 100) : .short(transitions: 8), draws: 20,
        iteration: UInt32(iteration))
      states = next
      for index in 0..<5 {
        for (chain, draws) in sample.map({ $0[index] }).enumerated() { chains[index][chain] += draws }
      }
    }
    for index in 0..<5 {
      let found = MonteCarlo(chains[index])
      #expect(abs(found.mean) < 5 * found.meanError)
      #expect(abs(found.sd - 1) < 5 * found.sdError)
    }
  }

  /// Started with a metric that is wrong by factors of 100, short calls alone mend it within a few rounds.
  @Test(arguments: MetricKind.allCases)
  func mendsTheMetric(metric: MetricKind) async throws {
    let density = IndependentNormals(scales: [0.01, 1, 100, 1, 1])
    let sampler = try MultiChainSampler(SamplerSettings(metric: metric, seed: 52, threads: 2))
    var states = (0..<4).map { _ in
      ChainState(position: [0, 0, 0, 0, 0], stepSize: 0.5, metric: Metric(metric, scale: [1, 1, 1, 1, 1]))
    }
    var depths: [Double] = []
    for iteration in 1...10 {
      let (sample, next) = try await sampler.sample(
        density, from: states, warmup: .short(transitions: 6), draws: 12, iteration: UInt32(iteration))
      states = next
      depths.append(sample.statistics.reduce(0) { $0 + Double($1.treeDepth) } / Double(sample.count))
    }
    let scale = MetricEstimate.standardDeviations(of: try #require(states[0].metric))
    for (found, expected) in zip(scale, density.scales) { #expect(abs(log(found / expected)) < 0.4) }
    #expect((depths.last ?? 10) < 4)
  }

  /// The density moves a little each round, as a posterior does while its prior is tuned; draws follow.
  @Test func followsAMovingDensity() async throws {
    let sampler = try MultiChainSampler(SamplerSettings(seed: 53, threads: 2))
    var states = try await sampler.start(IndependentNormals(scales: [1, 1]), iteration: 0).states
    var means: [[Double]] = Array(repeating: [], count: 4)
    for iteration in 1...100 {
      let center = 0.05 * Double(iteration)
      let density = IndependentNormals(scales: [exp(-center), 1], means: [center, -center])
      let (sample, next) = try await sampler.sample(
        density, from: states, warmup: iteration == 1 ? .full(transitions: 100) : .short(transitions: 5), draws: 10,
        iteration: UInt32(iteration))
      states = next
      for (chain, draws) in sample.map({ ($0[0] - center) / exp(-center) }).enumerated() { means[chain] += draws }
    }
    let found = MonteCarlo(means)
    #expect(abs(found.mean) < 5 * found.meanError)
    #expect(abs(found.sd - 1) < 5 * found.sdError)
  }

  @Test func noPlanChangesNothing() async throws {
    let density = IndependentNormals(scales: [1, 2])
    let sampler = try MultiChainSampler(SamplerSettings(chains: 1, seed: 54))
    let state = ChainState(position: [0, 0], stepSize: 0.7, metric: .diagonal(scale: [1, 2]))
    let (sample, states) = try await sampler.sample(density, from: [state], warmup: .none, draws: 10, iteration: 1)
    #expect(states[0].stepSize == 0.7)
    #expect(states[0].metric == state.metric)
    #expect(sample.gradientEvaluations == 1 + sample.leapfrogSteps)
  }
}
