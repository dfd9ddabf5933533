import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

/// J against numerical Hessians of objectives that are known in closed form or by quadrature.
@Suite struct LambdaUncertaintyTests {
  private let model = GaussianHierarchy.simulated(groups: 30, location: 1, scale: 1.4, noise: 1, seed: 31)

  /// 24 replicates; 5.5 of their standard errors are a false alarm once in 70,000 (t with 23 degrees of freedom).
  @Test func informationOfTheGaussianHierarchy() async throws {
    let lambda = model.maximiser(from: model.hyperparameters)
    let truth = information(at: lambda, of: model.logEvidence)
    let found = try await samples(of: model, at: lambda, replicates: 24).map {
      try LambdaUncertainty($0, of: model, at: lambda, objective: Objective())
    }
    for index in truth.indices { #expect(distance(pooled(found.map { $0.information[index] }), truth[index]) < 5.5) }

    let determinant = truth[0] * truth[3] - truth[1] * truth[2]
    let errors = [(truth[3] / determinant).squareRoot(), (truth[0] / determinant).squareRoot()]
    for (index, coordinate) in found[0].coordinates.enumerated() {
      let error = try #require(coordinate.standardError)
      #expect(abs(error / errors[index] - 1) < 0.1)
      let interval = try #require(coordinate.interval)
      #expect(abs(interval.upperBound - coordinate.value - 1.959963984540054 * error) < 1e-12)
    }
    let scale = found[0].coordinates[1]
    #expect(scale.isLogarithm && !found[0].coordinates[0].isLogarithm)
    #expect(try #require(scale.naturalInterval).lowerBound == exp(try #require(scale.interval).lowerBound))
    #expect(found[0].isPositiveDefinite && found[0].sentences[1].contains("95 % interval"))
  }

  /// The spread of the smallest eigenvalue over replicates is what each says it is: within 40 %, five times the error that 24
  /// replicates and 24 batches leave together in a typical pair.
  @Test func theErrorOfTheSmallestEigenvalue() async throws {
    let lambda = model.maximiser(from: model.hyperparameters)
    let shares = try await samples(of: model, at: lambda, replicates: 24, correlation: 0.5).map {
      try LambdaUncertainty($0, of: model, at: lambda, objective: Objective()).smallestShare
    }.compactMap { $0 }
    let spread = pooled(shares.map(\.value)).standardError * 24.0.squareRoot()
    let claimed = shares.map(\.standardError).reduce(0, +) / 24
    #expect(shares.count == 24 && abs(claimed / spread - 1) < 0.4)
  }

  /// With γ and a hyperprior, on the scale of a Laplace prior: 24 replicates, 5.5 standard errors as above.
  @Test(arguments: [0.0, 2, 20]) func informationWithEntropyAndHyperprior(_ gamma: Double) async throws {
    var model = BernoulliLaplace()
    model.hyperparameters = Hyperparameters(
      entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    model.hyperparameters.tune([1], name: "scale", hyperprior: .halfCauchyScale(0.5))
    let lambda = model.hyperparameters
    let truth = try information(at: lambda, step: 0.01) {
      try model.logEvidence(at: $0) + gamma * model.entropy(at: $0) + $0.logHyperprior
    }
    var found: [Double] = []
    for seed in 0..<24 {
      let (sample, _) = try await GridSampler(seed: UInt64(seed) + 50).sample(
        model.posterior(given: lambda), from: nil, plan: plan(draws: 1000), iteration: 0)
      let uncertainty = try LambdaUncertainty(
        WeightedSample(sample), of: model, at: lambda, objective: Objective(entropyWeight: gamma))
      found.append(uncertainty.information[0])
    }
    // The difference quotient itself is off by about step² / 12 of the fourth derivative.
    let estimate = pooled(found)
    #expect(abs(estimate.value - truth[0]) < 5.5 * estimate.standardError + 1e-4 * (1 + abs(truth[0])))
    #expect(estimate.standardError < 0.05 * (1 + abs(truth[0])))
  }

  /// Draws of one scale with weights for another give J there: 24 replicates, 5.5 standard errors as above.
  @Test func informationFromWeightedDraws() async throws {
    var model = BernoulliLaplace()
    model.hyperparameters = Hyperparameters(
      entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    model.hyperparameters.tune([1], name: "scale")
    let source = model.hyperparameters
    let target = source.moved(to: [source.free[0] - 0.2])
    let truth = try information(at: target, step: 0.01, of: model.logEvidence)
    var found: [Double] = []
    for seed in 0..<24 {
      let (sample, _) = try await GridSampler(seed: UInt64(seed) + 150).sample(
        model.posterior(given: source), from: nil, plan: plan(draws: 1000), iteration: 0)
      let (draws, _) = DrawReuse.reweighted(WeightedSample(sample), of: model, from: source, to: target)
      found.append(
        try LambdaUncertainty(draws, of: model, at: target, objective: Objective()).information[0])
    }
    #expect(abs(pooled(found).value - truth[0]) < 5.5 * pooled(found).standardError + 1e-4)
  }

  /// Off the maximum by a known number of nats, the regret says so: ½ gᵀJ⁻¹g is the height to within the cubic term.
  @Test func regretIsTheHeightBelowTheMaximum() async throws {
    let top = model.maximiser(from: model.hyperparameters)
    let lambda = top.moved(to: [top.free[0] + 0.1, top.free[1] + 0.05])
    let height = model.logEvidence(at: top) - model.logEvidence(at: lambda)
    let found = try await samples(of: model, at: lambda, replicates: 1).map {
      try LambdaUncertainty($0, of: model, at: lambda, objective: Objective())
    }
    let regret = try #require(found[0].expectedRegret)
    #expect(height > 0.03 && abs(regret.distance - height) < 0.15 * height + 2 * regret.noise)
    #expect(regret.noise > 0 && regret.noise < 0.01 && regret.total == regret.noise + regret.distance)
  }

  /// A gradient and its covariance that are given: J⁻¹ C J⁻¹ and both parts of the regret by hand.
  @Test func aGivenGradient() async throws {
    let lambda = model.maximiser(from: model.hyperparameters)
    let draws = try await samples(of: model, at: lambda, replicates: 1)
    let (g, c) = ([0.3, -0.2], [0.5, 0.1, 0.1, 0.4])
    let found = try LambdaUncertainty(
      draws[0], of: model, at: lambda, objective: Objective(), gradient: g, gradientCovariance: c)
    let inverse = try #require(found.covariance)
    let (a, b, d) = (inverse[0], inverse[1], inverse[3])
    let regret = try #require(found.expectedRegret)
    #expect(abs(regret.noise - 0.5 * (a * 0.5 + 2 * b * 0.1 + d * 0.4)) < 1e-12)
    #expect(abs(regret.distance - 0.5 * (a * 0.09 - 2 * b * 0.06 + d * 0.04)) < 1e-12)
    let first = (a * a * 0.5 + 2 * a * b * 0.1 + b * b * 0.4).squareRoot()
    #expect(abs(try #require(found.coordinates[0].monteCarloError) - first) < 1e-12)
  }

  @Test func coordinatesWithoutANumberSayWhy() async throws {
    var bounded = model
    bounded.hyperparameters = Hyperparameters(
      entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    bounded.hyperparameters.tune(Array(0..<30), name: "location")
    bounded.hyperparameters.tune(Array(30..<60), name: "scale", bounds: -3...(-0.5))
    let top = bounded.maximiser(from: bounded.hyperparameters)
    let draws = try await samples(of: bounded, at: top, replicates: 1)
    let found = try LambdaUncertainty(draws[0], of: bounded, at: top, objective: Objective())
    #expect(found.coordinates.map(\.standing) == [.estimated, .atBound] && found.free == [0])
    #expect(found.coordinates[1].standardError == nil && found.sentences[1].contains("at its bound"))
    // The location alone, given the scale: Var = 1 / Σ 1/(s² + τ²). With τ = 0.6 J is about a quarter of the prior's
    // information, and its error from 4000 draws √(2/4000) · 3: 4.5 halves of it for the root.
    let variance = 1 / bounded.noise.reduce(0) { $0 + 1 / ($1 * $1 + exp(2 * top.free[1])) }
    #expect(abs(try #require(found.coordinates[0].standardError) / variance.squareRoot() - 1) < 0.15)

    let laplace = BernoulliLaplace()
    let (sample, _) = try await GridSampler().sample(
      laplace.posterior(given: laplace.hyperparameters), from: nil, plan: plan(draws: 500), iteration: 0)
    let free = try LambdaUncertainty(
      WeightedSample(sample), of: laplace, at: laplace.hyperparameters, objective: Objective())
    #expect(free.coordinates[0].standing == .noLouisError && free.sentences[0].contains("Laplace location"))
    #expect(free.free == [1])
  }

  /// Below the maximum in the scale, convex in it and concave in the location: only the one has an interval.
  @Test func aFlatDirectionTakesItsOwnCoordinateOnly() async throws {
    let lambda = model.hyperparameters.moved(to: [1, log(0.5)])
    let truth = information(at: lambda, of: model.logEvidence)
    let draws = try await samples(of: model, at: lambda, replicates: 1)
    let found = try LambdaUncertainty(draws[0], of: model, at: lambda, objective: Objective())
    #expect(truth[3] < 0 && found.coordinates.map(\.standing) == [.estimated, .noMaximum] && found.free == [0])
    #expect(!found.isPositiveDefinite && found.expectedRegret == nil && found.coordinates[1].interval == nil)
    // J is a fifth of the prior's information: an error of 4 √(2/4000), and 4.5 halves of it for the root.
    #expect(abs(try #require(found.coordinates[0].standardError) * truth[0].squareRoot() - 1) < 0.2)
    #expect(try #require(found.smallestShare).value < 0)
  }

  /// Far below the maximum in the scale nothing is known: no interval, and a sentence.
  @Test func convexObjectivesHaveNoInterval() async throws {
    let lambda = model.hyperparameters.moved(to: [1, log(0.05)])
    let draws = try await samples(of: model, at: lambda, replicates: 1)
    let found = try LambdaUncertainty(draws[0], of: model, at: lambda, objective: Objective())
    #expect(!found.isPositiveDefinite && found.expectedRegret == nil)
    #expect(found.coordinates.allSatisfy { $0.standing == .noMaximum && $0.interval == nil })
    #expect(found.sentences[1].contains("flat"))
    let copy = try JSONDecoder().decode(LambdaUncertainty.self, from: JSONEncoder().encode(found))
    #expect(copy == found)
  }
}
