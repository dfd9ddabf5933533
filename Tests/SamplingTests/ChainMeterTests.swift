import Testing

@testable import Sampling

struct ChainMeterTests {
  private let density = CorrelatedNormal(autoregressive: 0.5, dimension: 3)

  @Test func countsEveryTransitionAndChangesNothing() async throws {
    let settings = SamplerSettings(chains: 3, seed: 9, threads: 2)
    let meter = ChainMeter()
    #expect(meter.reading == ChainMeter.Reading() && meter.reading.share == nil)
    let (watched, plain) = (
      try MultiChainSampler(settings, meter: meter), try MultiChainSampler(settings)
    )
    let start = Array(repeating: [0.1, 0.2, 0.3], count: 3)
    for (plan, transitions) in [
      (WarmUpPlan.full(transitions: 40), 65), (.short(transitions: 7), 32),
      (.round(discarded: 3, adaptsStepSize: true), 28),
      (.none, 25),
    ] {
      let before = meter.reading.calls
      let one = try await watched.sample(
        density, from: watched.start(at: start), warmup: plan, draws: 25, iteration: 4, thinning: 2)
      let other = try await plain.sample(
        density, from: plain.start(at: start), warmup: plan, draws: 25, iteration: 4, thinning: 2)
      #expect(
        one.sample.positions == other.sample.positions && one.sample.statistics == other.sample.statistics,
        "the same bits, watched or not")
      let reading = meter.reading
      #expect(reading.made == [transitions, transitions, transitions] && reading.planned == transitions, "\(plan)")
      #expect(reading.share == 1 && reading.calls == before + 1)
      #expect(reading.divergences == one.sample.statistics.count { $0.isDivergent })
    }
  }
}
