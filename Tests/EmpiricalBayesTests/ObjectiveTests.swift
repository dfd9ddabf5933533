import Diagnostics
import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

/// The estimators (37) to (41) against quadrature and closed forms, in units of their own standard errors.
///
/// 4.5 standard errors are a false alarm once in 150,000 comparisons; the seeds are fixed.
@Suite struct ObjectiveTests {
  private func z(_ estimate: Estimate, _ truth: Double) -> Double {
    abs(estimate.value - truth) / estimate.standardError
  }

  private func estimate(
    _ model: BernoulliLaplace, gamma: Double, draws: Int = 2500, seed: UInt64 = 5
  ) async throws -> Objective.Value {
    let lambda = model.hyperparameters
    let (sample, _) = try await GridSampler(seed: seed).sample(
      model.posterior(given: lambda), from: nil, plan: plan(draws: draws), iteration: 0)
    return try Objective(entropyWeight: gamma).estimate(WeightedSample(sample), of: model, at: lambda)
  }

  @Test(arguments: [(-0.4, 0.8), (0.5, 0.3), (0.0, 2.5)])
  func gradientOfTheLogEvidence(_ location: Double, _ scale: Double) async throws {
    let model = BernoulliLaplace(location: location, scale: scale)
    let truth = try model.derivative(at: model.hyperparameters, of: model.logEvidence)
    let found = try await estimate(model, gamma: 0)
    for (estimate, expected) in zip(found.gradient, truth) { #expect(z(estimate, expected) < 4.5) }
  }

  @Test(arguments: [0.5, 20]) func gradientWithEntropy(_ gamma: Double) async throws {
    let model = BernoulliLaplace()
    let truth = try model.derivative(at: model.hyperparameters) {
      try model.logEvidence(at: $0) + gamma * model.entropy(at: $0)
    }
    let found = try await estimate(model, gamma: gamma)
    for (estimate, expected) in zip(found.gradient, truth) { #expect(z(estimate, expected) < 4.5) }
  }

  @Test func valuesOfTheObjective() async throws {
    var model = BernoulliLaplace()
    model.hyperparameters = Hyperparameters(
      entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    model.hyperparameters.tune([1], name: "scale", hyperprior: .halfCauchyScale(0.5))
    let lambda = model.hyperparameters
    let joint = try model.posteriorMean(at: lambda) {
      model.logLikelihood(at: $0) + model.logPrior(at: $0, given: lambda)
    }
    let entropy = try model.entropy(at: lambda)
    let found = try await estimate(model, gamma: 3)
    #expect(z(found.expectedLogLikelihood, joint) < 4.5)
    #expect(z(try #require(found.entropy), entropy) < 4.5)
    #expect(z(found.surrogate, joint + 3 * entropy) < 4.5)
    // (41) is ELL + γ H and no more; the hyperprior is told apart.
    let parts = found.expectedLogLikelihood.value + 3 * (found.entropy?.value ?? 0)
    #expect(abs(found.surrogate.value - parts) < 1e-10)
    #expect(found.logHyperprior == lambda.logHyperprior && lambda.logHyperprior < -0.5)
    let truth = try model.derivative(at: lambda) {
      try model.logEvidence(at: $0) + 3 * model.entropy(at: $0) + $0.logHyperprior
    }
    #expect(z(found.gradient[0], truth[0]) < 4.5)
  }

  /// (38) and (37) for the Gaussian hierarchy in closed form, with ties and autocorrelated draws.
  @Test func gaussianHierarchyWithTies() async throws {
    let model = GaussianHierarchy.simulated(groups: 12, location: 1, scale: 1.4, noise: 1, seed: 21)
    let lambda = model.hyperparameters
    let (sample, _) = try await NormalSampler(seed: 8, correlation: 0.7).sample(
      model.posterior(given: lambda), from: nil, plan: plan(draws: 1500), iteration: 0)
    let found = try Objective().estimate(WeightedSample(sample), of: model, at: lambda)
    for index in lambda.free.indices {
      var up = lambda.free
      var down = lambda.free
      up[index] += 1e-5
      down[index] -= 1e-5
      let rise = model.logEvidence(at: lambda.moved(to: up)) - model.logEvidence(at: lambda.moved(to: down))
      #expect(z(found.gradient[index], rise / 2e-5) < 4.5)
    }
    // ln L = ELL + the entropy of the posterior.
    let spread = try model.posterior(given: lambda).deviations.reduce(0) {
      $0 + log($1) + 0.5 * log(2 * Double.pi) + 0.5
    }
    #expect(z(found.expectedLogLikelihood, model.logEvidence(at: lambda) - spread) < 4.5)
    #expect(found.entropy == nil && found.collapsedDraws == nil)
  }

  /// Draws at one λ with weights for another give the gradient there; k̂ says that they can.
  @Test func reusedDrawsEstimateElsewhere() async throws {
    let model = BernoulliLaplace()
    let target = model.hyperparameters.moved(to: [-0.2, model.hyperparameters.free[1] + 0.2])
    let (sample, _) = try await GridSampler(seed: 9).sample(
      model.posterior(given: model.hyperparameters), from: nil, plan: plan(draws: 2500), iteration: 0)
    let (reused, khat) = DrawReuse.reweighted(
      WeightedSample(sample), of: model, from: model.hyperparameters, to: target)
    #expect(khat < 0.7)
    let found = try Objective(entropyWeight: 2).estimate(reused, of: model, at: target)
    let truth = try model.derivative(at: target) { try model.logEvidence(at: $0) + 2 * model.entropy(at: $0) }
    for (estimate, expected) in zip(found.gradient, truth) { #expect(z(estimate, expected) < 4.5) }
    let size = try #require(found.weightEffectiveSize)
    #expect(size > 5000 && size < 10_000)
  }

  /// Draws of weight 0 are left out: with the support θ₁ > 0 the mean of the score is that of the truncated normal.
  @Test func canonicalWeightsReachTheEstimators() async throws {
    var model = GaussianHierarchy(y: [0.3], noise: [1])
    model.positive = true
    let lambda = model.hyperparameters
    let (sample, _) = try await NormalSampler(seed: 4).sample(
      model.posterior(given: lambda), from: nil, plan: plan(draws: 2500), iteration: 0)
    let weighted = try WeightedSample(canonicalising: sample, of: model, at: lambda)
    let found = try Objective().estimate(weighted, of: model, at: lambda)
    // The posterior is N(0.15, 1/√2); E[θ | θ > 0] = μ + σ φ(μ/σ) / Φ(μ/σ), and the score is θ.
    let deviation = 0.5.squareRoot()
    let ratio = 0.15 / deviation
    let truncated = 0.15 + deviation * exp(logNormal(ratio, 0, 1)) / (0.5 * erfc(-ratio / 2.0.squareRoot()))
    #expect(z(found.gradient[0], truncated) < 4.5)
    model.positive = false
    #expect(try WeightedSample(canonicalising: sample, of: model, at: lambda).logWeights == nil)
  }

  /// All draws on one side of a Laplace location: the score is constant, and its error is not 0 but that of a jump that was
  /// not seen. The truth lies within it; with draws on both sides the error is the sample's own.
  @Test func aConstantScoreHasAnError() async throws {
    var model = BernoulliLaplace(location: -3, scale: 0.5)
    model.successes = 60
    model.trials = 80
    let truth = try model.derivative(at: model.hyperparameters, of: model.logEvidence)
    let found = try await estimate(model, gamma: 0, draws: 50)
    #expect(found.scoreVariance[0] == 0)
    // 2 √I · √3 / S with I = 1 / 0.5² and S = 200.
    #expect(abs(found.gradient[0].standardError - 2 * 2 * 3.0.squareRoot() / 200) < 1e-12)
    #expect(z(found.gradient[0], truth[0]) < 4.5)
    let withEntropy = try await estimate(model, gamma: 2, draws: 50)
    #expect(withEntropy.gradient[0].standardError >= found.gradient[0].standardError)
    let both = try await estimate(BernoulliLaplace(), gamma: 0, draws: 50)
    let own = (both.scoreVariance[0] / 200).squareRoot()
    #expect(own > 0.01 && abs(both.gradient[0].standardError / own - 1) < 0.4)
  }

  /// One draw has all the weight: the error is that of one draw, not the 0 that influence values give.
  @Test func degenerateWeightsHaveLargeErrors() async throws {
    var model = GaussianHierarchy(y: [0.3], noise: [1])
    model.steepness = 2000
    let lambda = model.hyperparameters
    let (sample, _) = try await NormalSampler(seed: 4).sample(
      model.posterior(given: lambda), from: nil, plan: plan(draws: 50), iteration: 0)
    let found = try Objective().estimate(
      WeightedSample(canonicalising: sample, of: model, at: lambda), of: model, at: lambda)
    #expect(try #require(found.weightEffectiveSize) < 1.01)
    // The posterior's standard deviation is 1/√2, and the score is θ.
    #expect(found.gradient[0].standardError > 0.5 && found.gradient[0].standardError < 1)
    #expect(found.surrogate.standardError > 0.1)
  }

  @Test func errorsAreClear() async throws {
    #expect(throws: TuningError.entropyWeight(-1)) { try Objective(entropyWeight: -1) }
    #expect(throws: TuningError.self) { try Objective(entropyWeight: .nan) }
    let model = GaussianHierarchy(y: [0.3], noise: [1])
    let (sample, _) = try await NormalSampler().sample(
      model.posterior(given: model.hyperparameters), from: nil, plan: plan(draws: 10), iteration: 0)
    #expect(throws: TuningError.nothingToAllocate) {
      try Objective(entropyWeight: 1).estimate(WeightedSample(sample), of: model, at: model.hyperparameters)
    }
    #expect(throws: TuningError.noDraws) {
      let empty = PosteriorSample(
        dimension: 1, chains: 0, drawsPerChain: 0, positions: [], statistics: [], gradientEvaluations: 0)
      _ = try Objective().estimate(WeightedSample(empty), of: model, at: model.hyperparameters)
    }
    var impossible = GaussianHierarchy(y: [-300], noise: [0.1])
    impossible.positive = true
    #expect(throws: TuningError.noWeight) {
      let bad = PosteriorSample(
        dimension: 1, chains: 1, drawsPerChain: 4, positions: [-1, -2, -3, -4],
        statistics: Array(sample.statistics.prefix(4)), gradientEvaluations: 0)
      _ = try WeightedSample(canonicalising: bad, of: impossible, at: impossible.hyperparameters)
    }
  }
}
