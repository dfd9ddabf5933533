import EmpiricalBayes
import Foundation
import LogDensities
import Testing

@Suite struct TuningLoopTests {
  private typealias Loop = TuningLoop<GaussianHierarchy, NormalSampler, GradientSchedule<Optimiser>>

  private func loop(
    _ model: GaussianHierarchy, gamma: Double = 0, optimiser: Optimiser = .natural(), draws: Int = 25,
    iterations: Int = 60, seed: UInt64 = 1, selector: any IterateSelector = LastIterate()
  ) throws -> Loop {
    try TuningLoop(
      model: model, sampler: NormalSampler(seed: seed, correlation: 0.4),
      objective: try Objective(entropyWeight: gamma),
      schedule: GradientSchedule(optimiser, draws: ConstantSchedule(draws: draws)),
      selector: selector, stopping: FixedHorizon(iterations: iterations))
  }

  /// From (0, 1) the default reaches the maximum of ln L to 0.2 nats in 100 iterations of 100 draws, on two data sets
  /// and three seeds each; the noise of λ that is left costs some 0.01, the rest is what is left of the ascent.
  @Test(arguments: [UInt64(31), 32]) func reachesTheMaximumOfTheEvidence(_ data: UInt64) async throws {
    let model = GaussianHierarchy.simulated(groups: 50, location: 3, scale: 1.67, noise: 1, seed: data)
    let top = model.maximiser(from: model.hyperparameters)
    for seed in 1...3 {
      let loop = try loop(model, iterations: 100, seed: UInt64(seed))
      let state = try await loop.run(from: loop.initialState())
      let gap = model.logEvidence(at: top) - model.logEvidence(at: state.lambda)
      #expect(gap < 0.2, "\(gap)")
      let result = try #require(loop.result(of: state))
      #expect(result.verdict.progress == .converged, "\(result.verdict.findings)")
      #expect(result.iterations == 100 && result.gradientEvaluations == 100 * 4 * 25)
    }
  }

  /// A checkpoint of another schedule is an error, not the end of the program.
  @Test func memoryOfAnotherScheduleIsRefused() async throws {
    let model = GaussianHierarchy.simulated(groups: 5, location: 0, scale: 1, noise: 1, seed: 31)
    let schedules = [ScheduleName.paper, .saem, .newton, .pooledNewton].map { CatalogueSchedule($0) }
    for (index, own) in schedules.enumerated() {
      let loop = try TuningLoop(
        model: model, sampler: NormalSampler(seed: 1, correlation: 0), objective: Objective(), schedule: own,
        stopping: FixedHorizon(iterations: 1))
      for (other, schedule) in schedules.enumerated() where other != index {
        var state = try loop.initialState()
        state.memory = schedule.initialMemory(at: state.lambda)
        await #expect(throws: TuningError.foreignMemory) { try await loop.run(from: state) }
      }
    }
  }

  /// Locations at a prior scale of 0.01: a plain step of 0.05 throws λ about, the default does not.
  @Test func naturalScalingHoldsAtSmallScales() async throws {
    var model = GaussianHierarchy.simulated(groups: 30, location: 0.05, scale: 0.02, noise: 0.01, seed: 33)
    model = GaussianHierarchy(y: model.y, noise: model.noise, location: 0, scale: 0.01)
    let best = model.logEvidence(at: model.maximiser(from: model.hyperparameters))
    for (optimiser, holds) in [(Optimiser.natural(), true), (.plain(size: 0.05), false)] {
      let loop = try loop(model, optimiser: optimiser)
      var moves: [Double] = []
      let state = try await loop.run(from: loop.initialState()) {
        moves.append(abs($1.step[0])); _ = $0
      }
      let gap = best - model.logEvidence(at: state.lambda)
      #expect((gap < 0.2) == holds, "\(gap)")
      #expect(((moves.max() ?? 0) < 0.1) == holds)
    }
  }

  /// A fixed scale, and a hyperprior on the location: the optimum is the closed-form precision-weighted mean.
  @Test func fixedEntriesStayAndHyperpriorsPull() async throws {
    var model = GaussianHierarchy.simulated(groups: 20, location: 2, scale: 1, noise: 0.8, seed: 34)
    var lambda = Hyperparameters(entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    lambda.tune(Array(0..<20), name: "location", hyperprior: .normal(location: 0, scale: 0.3))
    model.hyperparameters = lambda
    let weights = model.noise.map { 1 / (1 + $0 * $0) }
    let precision = weights.reduce(0, +) + 1 / 0.09
    let expected = zip(weights, model.y).reduce(0) { $0 + $1.0 * $1.1 } / precision
    let loop = try loop(model, draws: 100)
    let state = try await loop.run(from: loop.initialState())
    // The gradient's noise leaves about 0.01 on the location.
    #expect(abs(state.lambda.free[0] - expected) < 0.05)
    #expect(state.lambda.values[20...] == model.hyperparameters.values[20...])
  }

  /// A penalty on collapse moves the optimum of a two-expert model, to where the two gradients cancel by quadrature.
  @Test func entropyWeightMovesTheOptimum() async throws {
    let model = BernoulliLaplace(location: 0, scale: 1)
    for gamma in [0.0, 5] {
      let loop = try TuningLoop(
        model: model, sampler: GridSampler(), objective: try Objective(entropyWeight: gamma),
        schedule: GradientSchedule(Optimiser.natural(), draws: ConstantSchedule(draws: 500)), selector: LastIterate(),
        stopping: FixedHorizon(iterations: 100))
      var location = Hyperparameters(entries: model.hyperparameters.entries, values: model.hyperparameters.values)
      location.tune([0], name: "location")
      let state = try await loop.run(from: loop.initialState(at: location))
      let slope = try model.derivative(at: state.lambda) {
        try model.logEvidence(at: $0) + gamma * model.entropy(at: $0)
      }
      #expect(abs(slope[0]) < 0.08, "\(slope)")
      #expect(gamma == 0 ? state.lambda.free[0] > 0.8 : state.lambda.free[0] < 0.7, "\(state.lambda.free)")
    }
  }

  /// A state encoded after seven of twenty iterations and resumed elsewhere ends in the same bits.
  @Test(arguments: [Optimiser.natural(), .adam(size: 0.1), .plain(size: 0.01)])
  func resumingIsExact(_ optimiser: Optimiser) async throws {
    var model = GaussianHierarchy.simulated(groups: 8, location: 1, scale: 1, noise: 1, seed: 35)
    model.allocates = true
    let whole = try loop(model, gamma: 0.5, optimiser: optimiser, iterations: 20, selector: BestSurrogate())
    var trace: [TuningInfo] = []
    let expected = try await whole.run(from: whole.initialState()) {
      trace.append($1); _ = $0
    }

    let part = try loop(model, gamma: 0.5, optimiser: optimiser, iterations: 7, selector: BestSurrogate())
    let stored = try JSONEncoder().encode(try await part.run(from: part.initialState()))
    var resumed: [TuningInfo] = []
    let found = try await whole.run(from: JSONDecoder().decode(Loop.State.self, from: stored)) {
      resumed.append($1)
      _ = $0
    }
    #expect(found.lambda == expected.lambda && found.chains == expected.chains && found.memory == expected.memory)
    #expect(found.best == expected.best && found.gradientEvaluations == expected.gradientEvaluations)
    #expect(resumed == Array(trace.dropFirst(7)) && resumed.count == 13)
  }

  @Test func theBestIterateHasTheLargestSurrogate() async throws {
    let model = GaussianHierarchy.simulated(groups: 8, location: 1, scale: 1, noise: 1, seed: 36)
    let loop = try loop(model, iterations: 15, selector: BestSurrogate())
    var trace: [TuningInfo] = []
    let state = try await loop.run(from: loop.initialState()) {
      trace.append($1); _ = $0
    }
    let best = try #require(state.best)
    #expect(best.info.surrogate.value == trace.map(\.surrogate.value).max())
    #expect(best.lambda.free == trace[best.info.iteration].lambda)
    #expect(trace.last { $0.isBest }?.iteration == best.info.iteration)
    #expect(trace.map(\.iteration) == Array(0..<15) && trace[0].lambda == model.hyperparameters.free)
    for (here, next) in zip(trace, trace.dropFirst()) {
      #expect(zip(zip(here.lambda, here.step), next.lambda).allSatisfy { abs($0.0 + $0.1 - $1) < 1e-12 })
    }
    #expect(loop.result(of: state)?.reason.contains("largest surrogate") == true)
  }

  /// Where there are hyperpriors the choice is by (41) + ln p(λ), and the reason says so.
  @Test func hyperpriorsJoinTheChoice() async throws {
    var model = GaussianHierarchy.simulated(groups: 8, location: 1, scale: 1, noise: 1, seed: 36)
    var lambda = Hyperparameters(entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    lambda.tune(Array(8..<16), name: "scale", hyperprior: .normal(location: 3, scale: 0.1))
    model.hyperparameters = lambda
    let loop = try loop(model, iterations: 15, selector: BestSurrogate())
    var trace: [TuningInfo] = []
    let state = try await loop.run(from: loop.initialState()) {
      trace.append($1); _ = $0
    }
    let best = try #require(state.best)
    let sums = trace.map { $0.surrogate.value + ($0.logHyperprior ?? .nan) }
    #expect(best.info.penalisedSurrogate.value == sums.max())
    #expect(best.info.surrogate.value < trace.map(\.surrogate.value).max() ?? 0)
    #expect(loop.result(of: state)?.reason.contains("plus log hyperprior") == true)
  }

  /// One effective draw moves no λ and no optimiser, and never displaces an iterate that has more.
  @Test func degenerateWeightsMoveNothing() async throws {
    var model = GaussianHierarchy.simulated(groups: 5, location: 1, scale: 1, noise: 1, seed: 37)
    model.steepness = 2000
    let blind = try loop(model, optimiser: .adam(), iterations: 4)
    let start = try blind.initialState()
    let state = try await blind.run(from: start)
    #expect(state.lambda == start.lambda && state.memory == start.memory && state.withheldSteps == 4)
    #expect(state.chains != nil && state.iteration == 4)
    let result = try #require(blind.result(of: state))
    #expect(
      result.verdict.progress == .undecided && result.verdict.warnings.contains { $0.contains("4 of 4 iterations") })

    // The same state goes on with a model that weights no draw: its first iterate takes the place of the best.
    model.steepness = 0
    let seeing = try loop(model, optimiser: .adam(), iterations: 5, selector: BestSurrogate())
    let next = try await seeing.run(from: state)
    #expect(next.best?.info.iteration == 4 && next.lambda != start.lambda)
    // And back: an iterate with degenerate weights, whatever its surrogate, is not kept.
    let again = try await loop(blind.model, iterations: 6).run(from: next)
    #expect(again.best == next.best && again.last?.info.iteration == 5 && again.withheldSteps == 5)
    #expect(blind.result(of: again)?.reason.contains("5 of 6 iterations") == true)
  }

  /// Adam's steps are in units of the prior: at a scale of 0.01 a location never moves by more than a fraction of it.
  @Test func adamStepsInUnitsOfThePrior() async throws {
    let simulated = GaussianHierarchy.simulated(groups: 30, location: 0.03, scale: 0.01, noise: 0.01, seed: 33)
    let model = GaussianHierarchy(y: simulated.y, noise: simulated.noise, location: 0, scale: 0.01)
    let loop = try loop(model, optimiser: .adam(size: 0.1), iterations: 60)
    var largest = 0.0
    let state = try await loop.run(from: loop.initialState()) { state, info in
      largest = max(largest, abs(info.step[0]) / exp(info.lambda[1]))
      _ = state
    }
    #expect(largest < 0.15)
    let best = model.logEvidence(at: model.maximiser(from: model.hyperparameters))
    #expect(best - model.logEvidence(at: state.lambda) < 0.5)
  }

  /// Cancelling is no error: the state of the last whole iteration comes back.
  @Test func aCancelledTaskEndsWithItsState() async throws {
    let model = GaussianHierarchy.simulated(groups: 5, location: 1, scale: 1, noise: 1, seed: 37)
    let loop = try loop(model, iterations: 1_000_000)
    let start = try loop.initialState()
    let state = try await Task {
      try await loop.run(from: start) { state, _ in
        if state.iteration == 4 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }.value
    #expect(state.iteration == 4)
    let cancelled = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await loop.run(from: start)
    }
    #expect(try await cancelled.value.iteration == 0)
  }

  @Test func callersCanStopByThrowing() async throws {
    struct Full: Error {}
    let model = GaussianHierarchy.simulated(groups: 5, location: 1, scale: 1, noise: 1, seed: 38)
    let loop = try loop(model)
    await #expect(throws: Full.self) { try await loop.run(from: loop.initialState()) { _, _ in throw Full() } }
  }

  @Test func nothingToTuneIsAnError() throws {
    var model = GaussianHierarchy(y: [1], noise: [1], tied: false)
    #expect(throws: TuningError.nothingToTune) { try loop(model).initialState() }
    model.hyperparameters.tune([0], name: "location")
    #expect(try loop(model).initialState().lambda == model.hyperparameters)
  }

  @Test func theFinalSampleSharesNoRandomNumbersWithTuning() async throws {
    let model = GaussianHierarchy(y: [1], noise: [1])
    let loop = try loop(model, iterations: 1)
    let sample = try await loop.posterior(at: model.hyperparameters, by: NormalSampler(seed: 1), plan: plan(draws: 500))
      .inner.draws
    #expect(sample.sample.count == 2000 && sample.logWeights == nil)
    let (first, _) = try await NormalSampler(seed: 1).sample(
      model.posterior(given: model.hyperparameters), from: nil, plan: plan(draws: 500), iteration: 0)
    #expect(first.positions != sample.sample.positions)
    // The posterior is N(0.5, 1/√2): the mean of 2000 draws lies within 4.5 errors of 0.016.
    #expect(abs(sample.sample.positions.reduce(0, +) / 2000 - 0.5) < 0.072)
  }

  @Test func schedulesByHand() {
    let growing = GrowingSchedule(first: 8, growth: 1.5, most: 20)
    #expect((0..<5).map(growing.drawsPerChain) == [8, 12, 18, 20, 20])
    #expect(FixedHorizon(iterations: 3).stops(before: 3, after: []))
    #expect(!FixedHorizon(iterations: 3).stops(before: 2, after: []))
  }
}
