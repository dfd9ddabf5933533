import Diagnostics
import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

/// The code of the guide LibraryUse, which has parts of this file and of CountModel.swift word for word, does what it says.
@Suite struct LibraryGuideTests {
  /// Failures of ten pumps and thousands of hours of service (Gaver and O'Muircheartaigh 1987).
  private static let pumps = CountModel(
    counts: [5, 1, 5, 14, 3, 19, 1, 1, 4, 22], times: [94.3, 15.7, 62.9, 126, 5.24, 31.4, 1.05, 1.05, 2.1, 10.5])

  /// ln L(m, ln s) + ln p(s) by the trapezoid rule over each θ_j.
  private func objective(_ lambda: Hyperparameters) -> Double {
    let pumps = Self.pumps
    return zip(pumps.counts, pumps.times).reduce(lambda.logHyperprior) { sum, row in
      let pump = CountModel(counts: [row.0], times: [row.1])
      let step = 0.01
      let integral = stride(from: -9, through: 9, by: step).reduce(0.0) { sum, z in
        let theta = [lambda.values[0] + exp(lambda.values[1]) * z]
        return sum + step * exp(pump.logLikelihood(at: theta.span) - 0.5 * z * z)
      }
      return sum + log(integral / (2 * .pi).squareRoot())
    }
  }

  /// The maximum on a grid that is refined around its best point.
  private func maximum() -> Double {
    var (best, centre, width) = (-Double.infinity, [-1.0, 0.0], 1.5)
    for _ in 0..<5 {
      var next = centre
      for step in 0..<49 {
        let place = [
          centre[0] + width * Double(step % 7 - 3) / 3, centre[1] + width * Double(step / 7 - 3) / 3,
        ]
        let value = objective(Self.pumps.hyperparameters.moved(to: place))
        if value > best { (best, next) = (value, place) }
      }
      (centre, width) = (next, width / 2.5)
    }
    return best
  }

  @Test func theDensityKeepsItsContract() throws {
    let model = Self.pumps
    var stream = RandomStream(seed: 1, purpose: .simulation)
    #expect(StressTest().run(try model.posterior(given: model.hyperparameters), stream: &stream).isEmpty)
  }

  /// On seeds 1 to 20 either schedule lacked at most 0.0015 nats.
  @Test func tuningFindsTheMaximum() async throws {
    let model = Self.pumps
    let sampler = try NUTSPosteriorSampler<CountPosterior>(SamplerSettings(seed: 1))
    let loop = try TuningLoop(
      model: model, sampler: sampler, objective: Objective(), schedule: CatalogueSchedule(.pooledNewton),
      stopping: ExpectedRegret(tolerance: 0.01, iterations: 60))
    let end = try await loop.rescored(try await loop.run(from: loop.initialState()))
    guard let result = loop.result(of: end) else { throw TuningError.nothingToTune }

    let final = try await loop.posterior(
      at: result.tuned, by: sampler, from: end.chains, plan: InnerSampling(.rewarmed(warmup: 500), draws: 1000))
    let uncertainty = try LambdaUncertainty(
      final.inner.draws, of: model, at: result.tuned, objective: loop.objective)
    let checks = SampleChecks(final.inner.sample, quantities: loop.convergence(of: final.inner.sample))
    print(uncertainty.sentences, result.verdict.warnings, checks.warnings)

    #expect(maximum() - objective(result.tuned) < 0.01)
    #expect(checks.passes && result.verdict.progress == .converged)
    #expect(uncertainty.sentences.first?.hasPrefix("rates: location is −1.1") == true)
  }

  @Test func aCheckpointGoesOnExactly() async throws {
    let loop = try TuningLoop(
      model: Self.pumps, sampler: NUTSPosteriorSampler<CountPosterior>(SamplerSettings(seed: 1)),
      objective: Objective(),
      schedule: ShrinkingSteps(), selector: LastIterate(), stopping: FixedHorizon(iterations: 100))
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var checkpoint = Data()
    let whole = try await loop.run(from: loop.initialState()) { state, info in
      if info.iteration == 40 { checkpoint = try encoder.encode(state) }
    }

    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    typealias Loop = TuningLoop<CountModel, NUTSPosteriorSampler<CountPosterior>, ShrinkingSteps>
    let again = try await loop.run(from: decoder.decode(Loop.State.self, from: checkpoint))

    #expect(again.lambda == whole.lambda && again.iteration == 100)
    #expect(maximum() - objective(whole.lambda) < 0.01)
  }
}
