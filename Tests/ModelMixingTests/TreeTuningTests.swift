import Diagnostics
import EmpiricalBayes
import Foundation
import LogDensities
import Testing

@testable import ModelMixing

/// The outer loop over trees, against evidence that is known.
@Suite struct TreeTuningTests {
  private static func loop(
    _ trees: OneLeafTrees, _ schedule: ScheduleName, iterations: Int = 40
  ) throws -> TuningLoop<TreeMixingModel, TreePosteriorSampler, CatalogueSchedule> {
    try TuningLoop(
      model: trees.model, sampler: trees.sampler, objective: Objective(), schedule: CatalogueSchedule(schedule),
      selector: LastIterate(), stopping: FixedHorizon(iterations: iterations))
  }

  /// Fisher's identity: the mean score of 8000 draws is the slope of the exact ln L, within 5 Monte Carlo standard errors for 3
  /// coordinates at 3 places: false-alarm rate 5e-6.
  @Test func meanScoresAreSlopesOfTheEvidence() async throws {
    let trees = try OneLeafTrees(models: 2, knownSigma: false)
    var lambda = trees.model.hyperparameters
    lambda = Hyperparameters(entries: lambda.entries, values: lambda.values)
    for entry in [0, 1, 4] { lambda.tune([entry], name: lambda.entries[entry].name) }
    for shift in [-0.7, 0, 0.9] {
      let here = lambda.moved(to: lambda.free.map { $0 + shift * ($0 == lambda.free[0] ? 0.1 : 1) })
      let (sample, _) = try await trees.sampler.sample(
        trees.model.posterior(given: here), from: nil, plan: InnerSampling(.settled(discarded: 0), draws: 2000),
        iteration: 1)
      let draws = try EvaluatedDraws(WeightedSample(sample), of: trees.model, at: here)
      for coordinate in 0..<3 {
        let values = try [-1e-4, 1e-4].map { step -> Double in
          var free = here.free
          free[coordinate] += step
          return try trees.logEvidence(here.moved(to: free))
        }
        let estimate = draws.mean(of: draws.scores[coordinate])
        let slope = (values[1] - values[0]) / 2e-4
        #expect(abs(estimate.value - slope) < 5 * estimate.standardError + 1e-5, "\(coordinate): \(estimate) \(slope)")
      }
    }
  }

  /// Both schedules end within 0.15 nats of the best ln L + ln p(λ), from three seeds each; with some 0.05 nats of noise
  /// left at the last iterate.
  @Test(arguments: [ScheduleName.pooledNewton, .newton]) func tuningFindsTheMaximum(schedule: ScheduleName) async throws
  {
    for knownSigma in [true, false] {
      let best = try OneLeafTrees(knownSigma: knownSigma)
      let top = try best.best(from: best.model.hyperparameters)
      let start = try best.logEvidence(best.model.hyperparameters) + best.model.hyperparameters.logHyperprior
      #expect(top - start > 1, "there is something to gain: \(top - start)")
      for seed: UInt64 in [1, 2, 3] {
        let trees = try OneLeafTrees(knownSigma: knownSigma, seed: seed)
        let loop = try Self.loop(trees, schedule)
        let state = try await loop.run(from: loop.initialState())
        let found = try trees.logEvidence(state.lambda) + state.lambda.logHyperprior
        #expect(top - found < 0.15, "\(schedule) \(seed): \(top - found) nats are missing")
      }
    }
  }

  /// Draws made at one λ, weighted by the ratio of priors, are draws at another: ln of the mean weight is the difference of the
  /// exact ln L, within 5 standard errors (false-alarm rate 6e-7).
  @Test func reusedDrawsKnowTheEvidence() async throws {
    let trees = try OneLeafTrees()
    let (model, lambda) = (trees.model, trees.model.hyperparameters)
    let other = lambda.moved(to: lambda.free.map { $0 + 0.08 })
    let (sample, _) = try await trees.sampler.sample(
      model.posterior(given: lambda), from: nil, plan: InnerSampling(.settled(discarded: 0), draws: 4000), iteration: 2)
    let statistics = (0..<sample.count).flatMap { draw in
      sample.withPosition(draw) { model.priorStatistics(at: $0, for: lambda) }
    }
    let tables = [lambda, other].map { model.priorTable(of: statistics, draws: sample.count, given: $0).logPrior }
    let ratios = zip(tables[1], tables[0]).map { exp($0 - $1) }
    let draws = try EvaluatedDraws(WeightedSample(sample), of: model, at: lambda)
    let mean = draws.mean(of: ratios)
    let exact = try exp(trees.logEvidence(other) - trees.logEvidence(lambda))
    #expect(abs(mean.value - exact) < 5 * mean.standardError, "\(mean) \(exact)")
    #expect(mean.standardError < 0.1 * exact)
  }

  /// On the tiny grid every tree is listed: the posterior mean of the scores, by shares of trees, is the slope of the exact ln L. Five
  /// standard errors for two coordinates: false-alarm rate 1e-6.
  @Test func meanScoresOfSplitTreesAreSlopes() async throws {
    let tiny = try TinyTrees()
    let model = TreeMixingModel(tiny.mixing)
    var lambda = Hyperparameters(entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    lambda.tune([1], name: "first")
    lambda.tune([3], name: "second")
    let sampler = try TreePosteriorSampler(TreeSamplingSettings(chains: 4, warmup: 200, thinning: 2, seed: 6))
    let (sample, _) = try await sampler.sample(
      tiny.mixing, from: nil, plan: InnerSampling(.settled(discarded: 0), draws: 5000), iteration: 0)
    let draws = try EvaluatedDraws(WeightedSample(sample), of: model, at: lambda)
    func logEvidence(_ lambda: Hyperparameters) throws -> Double {
      let mixing = try model.posterior(given: lambda)
      return log(
        tiny.shapes.reduce(0.0) { sum, shape in
          let likelihood = TinyTrees.rows(of: shape, mixing).reduce(0) { $0 + TinyTrees.logLikelihood($1, mixing) }
          return sum + exp((tiny.logPrior[shape] ?? -.infinity) + likelihood)
        })
    }
    for coordinate in 0..<2 {
      let values = try [-1e-4, 1e-4].map { step -> Double in
        var free = lambda.free
        free[coordinate] += step
        return try logEvidence(lambda.moved(to: free))
      }
      let estimate = draws.mean(of: draws.scores[coordinate])
      let slope = (values[1] - values[0]) / 2e-4
      #expect(abs(estimate.value - slope) < 5 * estimate.standardError, "\(coordinate): \(estimate) \(slope)")
    }
  }

  /// A run stored as JSON half way and one on another number of threads end where the whole one ends, bit for bit.
  @Test func storedRunsGoOn() async throws {
    let loop = try Self.loop(OneLeafTrees(knownSigma: false), .pooledNewton, iterations: 8)
    let whole = try await loop.run(from: loop.initialState())
    let first = try Self.loop(OneLeafTrees(knownSigma: false), .pooledNewton, iterations: 4)
    let half = try await first.run(from: first.initialState())
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let stored = try decoder.decode(type(of: half), from: encoder.encode(half))
    let other = try Self.loop(OneLeafTrees(knownSigma: false, threads: 1), .pooledNewton, iterations: 8)
    try other.validate(stored)
    let resumed = try await other.run(from: stored)
    #expect(resumed.lambda == whole.lambda)
    #expect(resumed.chains == whole.chains)
    #expect(resumed.lambda != half.lambda)
  }

  /// New chains are warmed up whatever the plan; the others do what the plan says, and go on.
  @Test func plansAreSweeps() async throws {
    let mixing = try SmallProblem.mixing()
    let sampler = try TreePosteriorSampler(TreeSamplingSettings(chains: 2, warmup: 40, thinning: 3))
    func price(_ adaptation: InnerSampling.Adaptation, _ chains: TreeMixingChains?) async throws -> Int {
      let result = try await sampler.sample(
        mixing, from: chains, plan: InnerSampling(adaptation, draws: 5), iteration: 3)
      #expect(sampler.fits(result.chains, dimension: result.sample.dimension))
      return result.sample.gradientEvaluations
    }
    let chains = try await sampler.sample(
      mixing, from: nil, plan: InnerSampling(.moving(discarded: 4), draws: 5), iteration: 0
    ).chains
    #expect(try await price(.moving(discarded: 4), nil) == 2 * (40 + 15))
    #expect(try await price(.moving(discarded: 4), chains) == 2 * (12 + 15))
    #expect(try await price(.settled(discarded: 0), chains) == 2 * 15)
    #expect(try await price(.persistent(warmup: 100, adaptation: 2), nil) == 2 * (100 + 15))
    #expect(try await price(.persistent(warmup: 100, adaptation: 2), chains) == 2 * (6 + 15))
    #expect(try await price(.fresh(warmup: 20), chains) == 2 * (40 + 15))
    #expect(try await price(.rewarmed(warmup: 20), chains) == 2 * (20 + 15))
    let scouted = try await sampler.scouted(chains, of: mixing, startingOn: mixing, iteration: .max)
    #expect(scouted.chains.states[0] == chains.states[0] && scouted.chains.states[1] != chains.states[1])
    #expect(scouted.gradientEvaluations == 80)
    #expect(!sampler.fits(TreeMixingChains([chains.states[0]]), dimension: 10))
  }
}
