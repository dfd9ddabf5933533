import Foundation
import LogDensities
import Testing

@testable import Sampling

/// Exact distributions. Means and standard deviations are held to 5 batch-means standard errors (100 batches, so that
/// |t| > 5 has probability 2.5e-6 a comparison); seeds are fixed.
@Suite struct NUTSTests {
  private func draw(
    _ density: some LogDensity, _ settings: SamplerSettings, starts: [[Double]]? = nil
  ) async throws -> PosteriorSample {
    let sampler = try MultiChainSampler(settings)
    let states: [ChainState]
    if let starts {
      states = try sampler.start(at: starts)
    } else {
      states = try await sampler.start(density, iteration: 0).states
    }
    return try await sampler.sample(
      density, from: states, warmup: .full(transitions: settings.warmup), draws: settings.draws, iteration: 1
    ).sample
  }

  private func normalStarts(_ dimension: Int, seed: UInt64) -> [[Double]] {
    var stream = RandomStream(seed: seed, purpose: .test)
    return (0..<4).map { _ in (0..<dimension).map { _ in stream.normal() } }
  }

  private func expect(
    _ chains: [[Double]], mean: Double, sd: Double, errors: Double = 5,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = MonteCarlo(chains)
    #expect(abs(found.mean - mean) < errors * found.meanError, sourceLocation: sourceLocation)
    #expect(abs(found.sd - sd) < errors * found.sdError, sourceLocation: sourceLocation)
  }

  /// Scales from 10⁻⁵ to 10⁵, reached from N(0, 1) without any search. The gradient at a standard normal position tells
  /// the scales at once, so that the warm-up is cheap as well.
  @Test(arguments: MetricKind.allCases, [true, false])
  func tenOrdersOfMagnitude(metric: MetricKind, usesGradients: Bool) async throws {
    let density = IndependentNormals(
      scales: (0...10).map { pow(10, Double($0) - 5) }, means: (0...10).map { Double($0) - 5 })
    let settings = SamplerSettings(
      warmup: 500, draws: 1000, metric: metric, metricUsesGradients: usesGradients, seed: 21, threads: 2)
    let sample = try await draw(density, settings, starts: normalStarts(11, seed: 22))
    for index in 0..<11 {
      expect(sample.map { $0[index] }, mean: density.means[index], sd: density.scales[index])
    }
    #expect(sample.divergences == 0)
    #expect(sample.statistics.allSatisfy { $0.treeDepth <= 4 })
  }

  @Test(arguments: MetricKind.allCases)
  func correlatedNormal(metric: MetricKind) async throws {
    let density = CorrelatedNormal(autoregressive: 0.95, dimension: 8)
    let sample = try await draw(density, SamplerSettings(warmup: 500, metric: metric, seed: 23, threads: 2))
    for index in 0..<8 { expect(sample.map { $0[index] }, mean: 0, sd: 1) }
    // Sums and differences of neighbours see the correlation; variances 2 ± 2·0.95.
    for index in 0..<7 {
      expect(sample.map { $0[index] + $0[index + 1] }, mean: 0, sd: 3.9.squareRoot())
      expect(sample.map { $0[index] - $0[index + 1] }, mean: 0, sd: 0.1.squareRoot())
    }
    if metric != .diagonal { #expect(sample.statistics.allSatisfy { $0.treeDepth <= 4 }) }
  }

  /// The funnel in coordinates without its neck is exact.
  @Test func nonCentredFunnel() async throws {
    let density = IndependentNormals(scales: [3] + Array(repeating: 1, count: 9))
    let sample = try await draw(density, SamplerSettings(seed: 24, threads: 2))
    expect(sample.map { $0[0] }, mean: 0, sd: 3)
    // x = exp(v/2) z has P(|x| < 1) = E[erf(exp(−v/2)/√2)], by quadrature.
    var inside = 0.0
    for step in -4000...4000 {
      let v = Double(step) * 0.006
      inside += 0.006 * exp(-v * v / 18) / (3 * (2 * Double.pi).squareRoot()) * erf(exp(-v / 2) / 2.0.squareRoot())
    }
    let hits = MonteCarlo(sample.map { abs(exp($0[0] / 2) * $0[1]) < 1 ? 1 : 0 })
    #expect(abs(hits.mean - inside) < 5 * hits.meanError)
    #expect(sample.divergences == 0)
  }

  /// In its own coordinates the funnel cannot be sampled by one step size; what counts is that the sampler says so.
  @Test func centredFunnelDiverges() async throws {
    let sample = try await draw(
      Funnel(dimension: 10), SamplerSettings(seed: 25, threads: 2), starts: normalStarts(10, seed: 26))
    #expect(sample.divergences > 0)
    #expect(sample.positions.allSatisfy { $0.isFinite })
  }

  /// Modes near enough to jump: E[x²] = 1 + c².
  @Test(arguments: [[1.5], [1.2, 0.9]])
  func mixtures(center: [Double]) async throws {
    let sample = try await draw(
      TwoNormals(center: center), SamplerSettings(warmup: 500, draws: 4000, seed: 27, threads: 2))
    for (index, c) in center.enumerated() {
      expect(sample.map { $0[index] }, mean: 0, sd: (1 + c * c).squareRoot())
    }
    if center.count == 2 {
      let product = MonteCarlo(sample.map { $0[0] * $0[1] })
      #expect(abs(product.mean - center[0] * center[1]) < 5 * product.meanError)
    }
  }

  /// Student-t with 5 degrees of freedom: E|x| = 2√5 Γ(3) / (4 √π Γ(2.5)), and both tails beyond the 97.5 % point.
  @Test func studentT() async throws {
    let sample = try await draw(
      StudentT(dimension: 3, degreesOfFreedom: 5), SamplerSettings(warmup: 500, draws: 4000, seed: 28, threads: 2))
    let absolute = 2 * 5.0.squareRoot() * tgamma(3.0) / (4 * Double.pi.squareRoot() * tgamma(2.5))
    for index in 0..<3 {
      let size = MonteCarlo(sample.map { abs($0[index]) })
      #expect(abs(size.mean - absolute) < 5 * size.meanError)
      let tail = MonteCarlo(sample.map { abs($0[index]) > 2.570_581_836 ? 1 : 0 })
      #expect(abs(tail.mean - 0.05) < 5 * tail.meanError)
    }
  }

  /// Laplace coordinates have a kink where they are most likely.
  @Test func laplace() async throws {
    let density = LaplaceDensity(scales: [0.01, 1, 5])
    let sample = try await draw(density, SamplerSettings(warmup: 500, draws: 3000, seed: 29, threads: 2))
    for (index, scale) in density.scales.enumerated() {
      expect(sample.map { $0[index] }, mean: 0, sd: 2.0.squareRoot() * scale)
      let size = MonteCarlo(sample.map { abs($0[index]) })
      #expect(abs(size.mean - scale) < 5 * size.meanError)
    }
  }

  /// A density that is NaN in places is sampled on the rest: a half-normal with NaN below 0, whose mean is √(2/π).
  @Test func nanIsADivergenceAndNoCrash() async throws {
    let density = ClosureDensity(1) { q throws(LogDensityError) in
      q[0] < 0 ? (.nan, [.nan]) : (-0.5 * q[0] * q[0], [-q[0]])
    }
    let sample = try await draw(
      density, SamplerSettings(warmup: 500, draws: 4000, seed: 30, threads: 2), starts: [[0.5], [1], [1.5], [2]])
    #expect(sample.divergences > 0)
    #expect(sample.positions.allSatisfy { $0 >= 0 })
    expect(sample.map { $0[0] }, mean: (2 / Double.pi).squareRoot(), sd: (1 - 2 / Double.pi).squareRoot())
  }

  /// What is recorded with a draw belongs to that draw.
  @Test func statisticsBelongToTheDraw() throws {
    let density = Funnel(dimension: 4)
    var stream = RandomStream(seed: 31, purpose: .sampling)
    var chain = try NUTS(
      density, metric: .diagonal(scale: [1, 1, 1, 1]), stepSize: 0.3, position: [0, 0.1, 0.2, 0.3])
    var evaluations = 1
    for _ in 0..<200 {
      let record = try chain.transition(&stream)
      evaluations += record.leapfrogSteps
      let (value, gradient) = try density.evaluate(at: chain.position)
      #expect(record.logDensity == value)
      #expect(chain.gradient == gradient)
      #expect(record.energy >= -value)
      #expect(record.acceptance >= 0 && record.acceptance <= 1)
      #expect(record.stepSize == 0.3)
      #expect(record.leapfrogSteps >= (1 << record.treeDepth) - 1)
    }
    #expect(chain.gradientEvaluations == evaluations)
  }

  /// Energies of a d-dimensional normal: −ln π + kinetic is half a χ² of 2d degrees of freedom, mean d.
  @Test func energyHasItsDistribution() async throws {
    let sample = try await draw(
      IndependentNormals(scales: Array(repeating: 1, count: 10)), SamplerSettings(warmup: 300, seed: 32, threads: 2))
    let energies = MonteCarlo(
      (0..<4).map { chain in (0..<1000).map { sample.statistics[chain * 1000 + $0].energy } })
    #expect(abs(energies.mean - 10) < 5 * energies.meanError)
    // The Hamiltonian is held to a mean acceptance of 0.8 only, so that its spread is right to a tenth.
    #expect(abs(energies.sd / 10.0.squareRoot() - 1) < 0.1)
  }

  /// Adaptation reaches the acceptance that was asked for, or somewhat more: the average of the iterates errs to that side,
  /// as it does in Stan, because acceptance falls faster above the right step size than it rises below.
  @Test(arguments: [0.7, 0.8, 0.95])
  func acceptanceReachesItsTarget(target: Double) async throws {
    let sample = try await draw(
      CorrelatedNormal(autoregressive: 0.5, dimension: 30),
      SamplerSettings(warmup: 600, targetAcceptance: target, seed: 33, threads: 2))
    let mean = sample.statistics.reduce(0) { $0 + $1.acceptance } / Double(sample.count)
    #expect(mean > target - 0.03 && mean < target + 0.5 * (1 - target))
  }
}
