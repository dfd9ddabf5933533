import Diagnostics
import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

/// The Gaussian hierarchy, where posterior means and variances are known functions of λ.
@Suite struct UncertaintyCorrectionTests {
  private let model = GaussianHierarchy.simulated(groups: 15, location: 1, scale: 1, noise: 0.5, seed: 33)
  private let shown = 4

  private func correction(
    _ draws: WeightedSample, _ lambda: Hyperparameters
  ) throws -> (LambdaUncertainty, UncertaintyCorrection) {
    let uncertainty = try LambdaUncertainty(draws, of: model, at: lambda, objective: Objective())
    let values = (0..<shown).map { index in draws.sample.map { $0[index] }.flatMap { $0 } }
    return (
      uncertainty,
      try UncertaintyCorrection(
        draws, of: model, at: lambda, uncertainty: uncertainty, functions: Array(model.parameterNames.prefix(shown)),
        values: values)
    )
  }

  /// ∂E[θ_j]/∂m = s²/(s² + τ²) and ∂E[θ_j]/∂ln τ = 2 s² τ² (y − m)/(s² + τ²)². Of autocorrelated draws; 4.5 of its
  /// own standard errors are a false alarm once in 150,000.
  @Test func derivativesOfPosteriorMeans() async throws {
    let lambda = model.maximiser(from: model.hyperparameters)
    let draws = try await samples(of: model, at: lambda, replicates: 1, correlation: 0.5)
    let (_, found) = try correction(draws[0], lambda)
    let (m, tau) = (lambda.free[0], exp(lambda.free[1]))
    for (j, function) in found.functions.enumerated() {
      let total = model.noise[j] * model.noise[j] + tau * tau
      let truth = [
        model.noise[j] * model.noise[j] / total,
        2 * model.noise[j] * model.noise[j] * tau * tau * (model.y[j] - m) / (total * total),
      ]
      for (estimate, expected) in zip(function.derivatives, truth) { #expect(distance(estimate, expected) < 4.5) }
      #expect(function.derivatives.allSatisfy { $0.standardError < 0.2 })
    }
  }

  /// Mean and variance of θ_j averaged over N(λ̂, J⁻¹), by the trapezoid rule on z ∈ [−6, 6]².
  private func averaged(_ lambda: Hyperparameters, _ j: Int) throws -> (mean: Double, variance: Double) {
    let truth = information(at: lambda, of: model.logEvidence)
    let determinant = truth[0] * truth[3] - truth[1] * truth[2]
    let covariance = [truth[3] / determinant, -truth[1] / determinant, truth[0] / determinant]
    let first = covariance[0].squareRoot()
    let (below, second) = (covariance[1] / first, (covariance[2] - covariance[1] * covariance[1] / covariance[0]))
    var sums = [0.0, 0.0, 0.0]
    for a in -60...60 {
      for b in -60...60 {
        let (u, v) = (Double(a) / 10, Double(b) / 10)
        let weight = exp(-0.5 * (u * u + v * v))
        let there = lambda.moved(
          to: [lambda.free[0] + first * u, lambda.free[1] + below * u + second.squareRoot() * v])
        let posterior = try model.posterior(given: there)
        sums[0] += weight
        sums[1] += weight * posterior.means[j]
        sums[2] += weight * (posterior.means[j] * posterior.means[j] + pow(posterior.deviations[j], 2))
      }
    }
    let mean = sums[1] / sums[0]
    return (mean, sums[2] / sums[0] - mean * mean)
  }

  /// 16 replicates; 6 of their standard errors are a false alarm once in 40,000 (t with 15 degrees of freedom), and a
  /// hundredth of what the correction corrects for the 64 points.
  @Test func averagesOverLambdaAgreeWithQuadrature() async throws {
    let lambda = model.maximiser(from: model.hyperparameters)
    let found = try await samples(of: model, at: lambda, replicates: 16).map { try correction($0, lambda).1 }
    let plugIn = try model.posterior(given: lambda)
    #expect(found.allSatisfy { $0.averaging?.isAllowed == true })
    var power = 0.0
    for j in 0..<shown {
      let truth = try averaged(lambda, j)
      let means = pooled(found.compactMap { $0.functions[j].averagedMean })
      let variances = pooled(found.compactMap { $0.functions[j].averagedDeviation.map { $0 * $0 } })
      let gap = truth.variance - plugIn.deviations[j] * plugIn.deviations[j]
      #expect(abs(means.value - truth.mean) < 6 * means.standardError + 0.01 * plugIn.deviations[j])
      #expect(abs(variances.value - truth.variance) < 6 * variances.standardError + 0.01 * gap)
      // The first order leaves out the change of Var f with λ.
      let firstOrder = pooled(found.compactMap { $0.functions[j].correctedDeviation.map { $0 * $0 } })
      #expect(abs(firstOrder.value - truth.variance) < 0.35 * gap + 6 * firstOrder.standardError)
      power = max(power, gap / (6 * variances.standardError))
    }
    // The plug-in variance would not have passed.
    #expect(power > 1.5)
  }

  /// dᵀ J⁻¹ d of the closed forms, from what each sample claims of its own error.
  @Test func varianceGainOfFirstOrder() async throws {
    let lambda = model.maximiser(from: model.hyperparameters)
    let truth = information(at: lambda, of: model.logEvidence)
    let determinant = truth[0] * truth[3] - truth[1] * truth[2]
    let tau = exp(lambda.free[1])
    let found = try await samples(of: model, at: lambda, replicates: 16).map { try correction($0, lambda).1 }
    for j in 0..<shown {
      let square = model.noise[j] * model.noise[j]
      let total = square + tau * tau
      let d = [square / total, 2 * square * tau * tau * (model.y[j] - lambda.free[0]) / (total * total)]
      let gain = (d[0] * d[0] * truth[3] - 2 * d[0] * d[1] * truth[1] + d[1] * d[1] * truth[0]) / determinant
      let gains = found.compactMap { $0.functions[j].varianceGain }
      let estimate = pooled(gains.map(\.value))
      // A square of noisy numbers is too large by about the trace of their error.
      #expect(abs(estimate.value - gain) < 6 * estimate.standardError + 0.03 * gain)
      let claimed = gains.map(\.standardError).reduce(0, +) / 16
      #expect(claimed / (estimate.standardError * 4) > 0.4 && claimed / (estimate.standardError * 4) < 2)
    }
  }

  /// A chain of weight 0 changes nothing but the errors.
  @Test func drawsOfWeightZeroDoNotCount() async throws {
    let lambda = model.maximiser(from: model.hyperparameters)
    let whole = try await samples(of: model, at: lambda, replicates: 1)[0].sample
    let kept = PosteriorSample(
      dimension: whole.dimension, chains: 3, drawsPerChain: 1000,
      positions: Array(whole.positions.prefix(3000 * whole.dimension)),
      statistics: Array(whole.statistics.prefix(3000)),
      gradientEvaluations: 0)
    let weights = [Double](repeating: 5, count: 3000) + [Double](repeating: -.infinity, count: 1000)
    let (first, plain) = try correction(WeightedSample(kept), lambda)
    let (second, weighted) = try correction(WeightedSample(whole, logWeights: weights), lambda)
    for (a, b) in zip(first.information, second.information) { #expect(abs(a - b) < 1e-9 * abs(a)) }
    for (a, b) in zip(plain.functions, weighted.functions) {
      #expect(abs(a.mean - b.mean) < 1e-12 && abs(a.deviation - b.deviation) < 1e-12)
      #expect(abs((a.varianceGain?.value ?? 0) - (b.varianceGain?.value ?? 1)) < 1e-10)
      #expect(abs((a.averagedDeviation ?? 0) - (b.averagedDeviation ?? 1)) < 0.01)
    }
    #expect(weighted.averaging?.logWeights.suffix(1000).allSatisfy { $0 == -.infinity } == true)
  }

  /// One group with τ = s/3 and a free location: the draws given λ do not reach where λ may be, so reweighting is refused.
  /// The first order is exact for a linear mean: it gives the posterior under a flat location, whose variance is s². J is
  /// τ²/(s² + τ²) = 0.1 of the prior's information, found as a difference with an error of √(2/40,000): 5 of them.
  @Test func hopelessReweightingIsRefusedAndFirstOrderIsExact() async throws {
    var lone = GaussianHierarchy(y: [2], noise: [1.5], location: 2, scale: 0.5, tied: false)
    lone.hyperparameters.tune([0], name: "location", bounds: -100...100)
    let lambda = lone.hyperparameters
    let (sample, _) = try await NormalSampler(seed: 3).sample(
      lone.posterior(given: lambda), from: nil, plan: plan(draws: 10_000), iteration: 0)
    let draws = WeightedSample(sample)
    let uncertainty = try LambdaUncertainty(draws, of: lone, at: lambda, objective: Objective())
    let found = try UncertaintyCorrection(
      draws, of: lone, at: lambda, uncertainty: uncertainty, functions: ["theta"], values: [sample.positions])
    #expect(found.averaging?.isAllowed == false)
    #expect(found.functions[0].averagedMean == nil && found.functions[0].averagedDeviation == nil)
    let corrected = try #require(found.functions[0].correctedDeviation)
    #expect(abs(found.functions[0].deviation - 0.225.squareRoot()) < 0.02)
    #expect(abs(corrected * corrected - 2.25) < 5 * 0.0071 / 0.1 * 2.025)
  }

  /// With every location free the mean of θ_j follows its own location only, by B = s²/(s² + τ²) and so √(s²/τ² · B) of its
  /// deviations; the noisiest group comes first.
  @Test func sensitivityRanksWhatMovesWhat() async throws {
    var free = GaussianHierarchy(y: [0.5, -1, 2], noise: [0.5, 1, 2], location: 0, scale: 0.8, tied: false)
    for index in 0..<3 { free.hyperparameters.tune([index], name: "m\(index)") }
    let lambda = free.hyperparameters
    let (sample, _) = try await NormalSampler(seed: 6).sample(
      free.posterior(given: lambda), from: nil, plan: plan(draws: 2500), iteration: 0)
    let draws = WeightedSample(sample)
    let uncertainty = try LambdaUncertainty(draws, of: free, at: lambda, objective: Objective())
    let correction = try UncertaintyCorrection(
      draws, of: free, at: lambda, uncertainty: uncertainty, functions: ["a", "b", "c", "one"],
      values: (0..<3).map { index in sample.map { $0[index] }.flatMap { $0 } } + [Array(repeating: 1, count: 10_000)])
    let table = PriorSensitivity(correction, uncertainty)
    #expect(table.entries.count == 9 && !table.entries.contains { $0.function == "one" })
    let top = table.largest(3)
    #expect(top.map(\.function) == ["c", "b", "a"] && top.map(\.coordinate) == ["m2", "m1", "m0"])
    for (entry, noise) in zip(top, [2.0, 1, 0.5]) {
      let truth = noise / 0.8 / (noise * noise + 0.64).squareRoot()
      #expect(distance(entry.effect, truth) < 4.5 && entry.isResolved)
    }
    // Six effects that are 0: 4.5 of their own errors once more.
    #expect(table.largest(9).suffix(6).allSatisfy { abs($0.effect.value) < 4.5 * $0.effect.standardError })
    let error = try #require(uncertainty.coordinates[2].standardError)
    #expect(top[0].perStandardError == error * top[0].effect.value)
  }
}
