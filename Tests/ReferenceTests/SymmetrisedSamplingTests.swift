import Diagnostics
import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing

/// Two experts far apart whose priors differ, on six rows: the two numberings hold unequal shares of the mass, and no
/// trajectory leads from one to the other. Five parameters, few enough for quadrature.
struct SymmetrisedSamplingTests {
  private static let y = [-2.2, -1.9, -2.0, 1.8, 2.1, 2.2]
  /// Locations and scales of normal priors on a_1, a_2, G, ln σ_1, ln σ_2.
  private static let priors = [(-0.6, 1.4), (0.3, 1.6), (0.2, 1), (-1.0, 0.3), (-0.9, 0.25)]

  private func model() throws -> ExpertModel {
    var priors = ExpertPriors()
    for (name, index) in [("intercept[1]", 0), ("intercept[2]", 1), ("gate[1,bias]", 2)] {
      priors.overrides[name] = .normal(location: Self.priors[index].0, scale: Self.priors[index].1)
    }
    for (name, index) in [("sigma[1]", 3), ("sigma[2]", 4)] {
      priors.overrides[name] = .logNormal(location: Self.priors[index].0, scale: Self.priors[index].1)
    }
    return try ExpertModel(
      .moe, experts: 2,
      data: ExpertRows(
        expertNames: [], expertFeatures: [], gateNames: ["bias"], gateFeatures: Self.y.map { _ in 1 },
        response: Self.y), priors: priors)
  }

  /// ∫ and ∫ σ_1 of p(y | θ) p(θ) over one numbering, a_1 near `sign` · 2, by the trapezoidal rule.
  private func mass(sign: Double) -> (mass: Double, sigma: Double) {
    func grid(_ centre: Double, _ reach: Double, _ points: Int) -> [Double] {
      (0..<points).map { centre + reach * (2 * Double($0) / Double(points - 1) - 1) }
    }
    func normal(_ x: Double, _ index: Int) -> Double {
      let z = (x - Self.priors[index].0) / Self.priors[index].1
      return exp(-0.5 * z * z)
    }
    let (first, second) = (grid(2 * sign, 1.7, 25), grid(-2 * sign, 1.7, 25))
    let (noise1, noise2) = (grid(-1, 1.6, 17), grid(-0.9, 1.4, 17))
    // The likelihood's factor of a row and an expert.
    func factors(_ means: [Double], _ noise: [Double]) -> [[Double]] {
      means.flatMap { mean in
        noise.map { u in Self.y.map { exp(-0.5 * pow(($0 - mean) / exp(u), 2) - u) } }
      }
    }
    let (left, right) = (factors(first, noise1), factors(second, noise2))
    var (total, sigma) = (0.0, 0.0)
    for g in grid(0.2, 4, 15) {
      let share = 1 / (1 + exp(-g))
      for (i, rows) in left.enumerated() {
        let u = noise1[i % noise1.count]
        let outer = normal(g, 2) * normal(first[i / noise1.count], 0) * normal(u, 3)
        for (j, others) in right.enumerated() {
          var product = outer * normal(second[j / noise2.count], 1) * normal(noise2[j % noise2.count], 4)
          for row in rows.indices { product *= share * rows[row] + (1 - share) * others[row] }
          total += product
          sigma += exp(u) * product
        }
      }
    }
    return (total, sigma)
  }

  /// Shares and a mean within 4.5 Monte Carlo errors: a false alarm in 1 of 70,000 seeds; the seed is fixed.
  @Test func numberingsAreVisitedInProportionToTheirMass() async throws {
    let (up, down) = (mass(sign: 1), mass(sign: -1))
    let share = up.mass / (up.mass + down.mass)
    let sigma = (up.sigma + down.sigma) / (up.mass + down.mass)
    #expect(share > 0.1 && share < 0.45, "\(share): a test of unequal masses")
    let model = try model()
    let sampler = try MultiChainSampler(SamplerSettings(draws: 4000, seed: 5, threads: 2))
    let start = try sampler.start(at: Array(repeating: [2, -2, 0, -1, -1], count: 4))
    let posterior = try model.posterior(given: model.hyperparameters)
    let (sample, _) = try await sampler.sample(
      posterior, from: start, warmup: .full(transitions: 500), draws: 4000, iteration: 0)
    let indicator = sample.map { $0[0] > 0 ? 1 : 0 }
    let found = Comparison("share", indicator.mean, MonteCarloError.mean(indicator), share, 0)
    #expect(found.z < 4.5, "\(indicator.mean) for \(share)")
    let noise = sample.map { exp($0[3]) }
    let mean = Comparison("sigma", noise.mean, MonteCarloError.mean(noise), sigma, 0)
    #expect(mean.z < 4.5, "\(noise.mean) for \(sigma)")
    #expect(sample.symmetryMoves > 1000)
    // The record of a draw is about the draw, not about where the chain stood.
    for draw in stride(from: 0, to: sample.count, by: 1000) {
      let exact = try posterior.evaluate(at: sample.withPosition(draw) { span in (0..<span.count).map { span[$0] } })
      #expect(abs(exact.value - sample.statistics[draw].logDensity) < 1e-9)
    }
    // Without symmetries chains stay where they start.
    let fixed = try MultiChainSampler(SamplerSettings(usesSymmetries: false, seed: 5, threads: 2))
    let (kept, _) = try await fixed.sample(
      posterior, from: start, warmup: .full(transitions: 300), draws: 500, iteration: 0)
    #expect(kept.map { $0[0] }.joined().allSatisfy { $0 > 0 } && kept.symmetryMoves == 0)
  }

  @Test func keptGradientsAreOfTheDrawsAndThreadsChangeNoBit() async throws {
    let model = try model()
    let posterior = try model.posterior(given: model.hyperparameters)
    var runs: [PosteriorSample] = []
    for threads in [1, 3] {
      let sampler = try MultiChainSampler(SamplerSettings(seed: 6, threads: threads))
      let (states, _) = try await sampler.start(posterior, iteration: 0)
      runs.append(
        try await sampler.sample(
          posterior, from: states, warmup: .round(discarded: 20, adaptsStepSize: true), draws: 40, iteration: 0,
          keepingGradients: true
        ).sample)
    }
    #expect(runs[0].positions == runs[1].positions && runs[0].statistics == runs[1].statistics)
    for draw in 0..<runs[0].count {
      let exact = try posterior.evaluate(at: runs[0].withPosition(draw) { span in (0..<span.count).map { span[$0] } })
      for index in 0..<5 { #expect(abs(exact.gradient[index] - runs[0].gradients[draw * 5 + index]) < 1e-9) }
    }
  }
}
