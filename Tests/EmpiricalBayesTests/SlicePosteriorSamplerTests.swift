import Diagnostics
import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

/// A correlated normal in d dimensions: all correlations ρ, standard deviations 1, 10, 0.1, 1, 10, …
private struct CorrelatedNormal: LogDensity {
  let dimension: Int
  var correlation = 0.5
  static let deviations = [1.0, 10, 0.1, 1, 10]

  func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
    // The inverse of (1 − ρ) I + ρ 11ᵀ is (I − ρ 11ᵀ / (1 + (d − 1) ρ)) / (1 − ρ). The gradient is left out on purpose.
    var (sum, squares) = (0.0, 0.0)
    for index in 0..<dimension {
      let z = position[index] / Self.deviations[index]
      sum += z
      squares += z * z
    }
    return -0.5 * (squares - correlation * sum * sum / (1 + Double(dimension - 1) * correlation)) / (1 - correlation)
  }
}

/// The product of piecewise-constant densities on (0, 4) with heights 1, 4, 0.5, 2 on unit pieces; NaN far out.
private struct Stairs: LogDensity {
  let dimension: Int
  static let heights = [1.0, 4, 0.5, 2]

  func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
    var value = 0.0
    for index in 0..<dimension {
      let x = position[index]
      if abs(x) > 100 { return .nan }
      guard x > 0, x < 4 else { return -.infinity }
      value += log(Self.heights[min(3, Int(x))])
    }
    return value
  }
}

/// A half-normal: a normal on θ > 0.
private struct HalfNormalDensity: LogDensity {
  var dimension: Int { 1 }
  func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
    position[0] > 0 ? -0.5 * position[0] * position[0] : -.infinity
  }
}

@Suite struct SlicePosteriorSamplerTests {
  /// Whether the mean of `f` is `exact` within `limit` standard errors from the means of 20 batches of each chain.
  private func agrees(
    _ sample: PosteriorSample, _ exact: Double, _ limit: Double = 5, _ f: (Span<Double>) -> Double
  ) -> Bool {
    var batches: [Double] = []
    let length = sample.drawsPerChain / 20
    for values in sample.map(f) {
      for batch in 0..<20 {
        let sum = values[batch * length..<(batch + 1) * length].reduce(0, +)
        batches.append(sum / Double(length))
      }
    }
    let count = Double(batches.count)
    let mean = batches.reduce(0, +) / count
    var variance = 0.0
    for batch in batches { variance += (batch - mean) * (batch - mean) / (count - 1) }
    return abs(mean - exact) <= limit * (variance / count).squareRoot()
  }

  /// 80 batches a comparison, each at 5 standard errors: false alarms below 1 of 200,000 comparisons (Student's t with 79 degrees
  /// of freedom, batches nearly independent); 26 comparisons.
  @Test(arguments: 1...5) func `moments of correlated normals are exact`(dimension: Int) async throws {
    let sampler = try SlicePosteriorSampler<CorrelatedNormal>(seed: 5, threads: 2)
    let (sample, chains) = try await sampler.sample(
      CorrelatedNormal(dimension: dimension), from: nil, plan: InnerSampling(.fresh(warmup: 300), draws: 6000),
      iteration: 3)
    for index in 0..<dimension {
      let scale = CorrelatedNormal.deviations[index]
      #expect(agrees(sample, 0) { $0[index] / scale })
      #expect(agrees(sample, 1) { $0[index] * $0[index] / (scale * scale) })
      if index > 0 { #expect(agrees(sample, 0.5) { $0[index] * $0[0] / scale }) }
      // Widths have found the scales.
      for chain in chains { #expect(chain.widths[index] > scale && chain.widths[index] < 10 * scale) }
    }
    #expect(sample.gradientEvaluations > 24_000 * dimension && sample.gradientEvaluations < 24_000 * dimension * 12)
  }

  /// As above: 5 standard errors, 80 batches; 27 comparisons.
  @Test(arguments: [1, 2, 5]) func `probabilities of steps are exact`(dimension: Int) async throws {
    let sampler = try SlicePosteriorSampler<Stairs>(seed: 6, threads: 2)
    let (sample, _) = try await sampler.sample(
      Stairs(dimension: dimension), from: nil, plan: InnerSampling(.fresh(warmup: 200), draws: 6000), iteration: 1)
    for index in 0..<dimension {
      for (piece, height) in Stairs.heights.enumerated().dropFirst() {
        #expect(agrees(sample, height / 7.5) { Int($0[index]) == piece ? 1 : 0 }, "\(index), \(piece)")
      }
    }
    let last = sample.withPosition(sample.count - 1) { q in
      (0..<dimension).reduce(0) { $0 + log(Stairs.heights[Int(q[$1])]) }
    }
    #expect(sample.statistics.last?.logDensity == last)
  }

  /// As above; 2 comparisons.
  @Test func `an edge is no obstacle`() async throws {
    let sampler = try SlicePosteriorSampler<HalfNormalDensity>(seed: 7, threads: 2)
    let (sample, _) = try await sampler.sample(
      HalfNormalDensity(), from: nil, plan: InnerSampling(.fresh(warmup: 100), draws: 6000), iteration: 1)
    #expect(agrees(sample, (2 / Double.pi).squareRoot()) { $0[0] })
    #expect(agrees(sample, 1) { $0[0] * $0[0] })
  }

  @Test func `any number of threads and a checkpoint give the same bits`() async throws {
    let density = Stairs(dimension: 3)
    let plan = InnerSampling(.persistent(warmup: 40, adaptation: 10), draws: 50)
    let one = try SlicePosteriorSampler<Stairs>(seed: 9, threads: 1)
    let four = try SlicePosteriorSampler<Stairs>(seed: 9, threads: 4)
    let first = try await one.sample(density, from: nil, plan: plan, iteration: 1)
    let same = try await four.sample(density, from: nil, plan: plan, iteration: 1)
    #expect(first.sample.positions == same.sample.positions && first.chains == same.chains)
    let stored = try JSONDecoder().decode([SliceChain].self, from: JSONEncoder().encode(first.chains))
    #expect(stored == first.chains && one.fits(stored, dimension: 3) && !one.fits(stored, dimension: 2))
    let next = try await one.sample(density, from: first.chains, plan: plan, iteration: 2)
    let resumed = try await four.sample(density, from: stored, plan: plan, iteration: 2)
    #expect(next.sample.positions == resumed.sample.positions && next.chains == resumed.chains)
    #expect(next.sample.positions != first.sample.positions)
  }

  @Test func `widths change in warm-up alone`() async throws {
    let sampler = try SlicePosteriorSampler<Stairs>(seed: 9)
    let density = Stairs(dimension: 2)
    let (_, chains) = try await sampler.sample(
      density, from: nil, plan: InnerSampling(.fresh(warmup: 50), draws: 10), iteration: 1)
    #expect(chains.allSatisfy { $0.widths != [1, 1] })
    let (_, settled) = try await sampler.sample(
      density, from: chains, plan: InnerSampling(.settled(discarded: 20), draws: 100), iteration: 2)
    #expect(settled.map(\.widths) == chains.map(\.widths) && settled.map(\.position) != chains.map(\.position))
  }

  @Test func `no start, a bad start and cancellation are errors`() async throws {
    let sampler = try SlicePosteriorSampler<NormalProduct>(seed: 9)
    let nowhere = NormalProduct(means: [.nan], deviations: [1])
    await #expect(throws: SamplingError.noFiniteStart(tried: 10_000)) {
      try await sampler.sample(nowhere, from: nil, plan: InnerSampling(.fresh(warmup: 5), draws: 5), iteration: 1)
    }
    let stairs = try SlicePosteriorSampler<Stairs>(chains: 1)
    await #expect(throws: SamplingError.nonFiniteStart(logDensity: -.infinity)) {
      try await stairs.sample(
        Stairs(dimension: 1), from: [SliceChain(position: [-1])], plan: InnerSampling(.settled(discarded: 0), draws: 5),
        iteration: 1)
    }
    #expect(throws: SamplingError.self) { try SlicePosteriorSampler<Stairs>(chains: 0) }
    let task = Task {
      try await sampler.sample(
        NormalProduct(means: [0], deviations: [1]), from: nil,
        plan: InnerSampling(.fresh(warmup: 50_000_000), draws: 1), iteration: 1)
    }
    task.cancel()
    await #expect(throws: SamplingError.cancelled) { try await task.value }
  }

  /// λ = location and log scale of 20 groups, whose ln L is known: its maximiser is found by a fine search over ln τ, with m̂ the
  /// weighted mean at each. The limit is 0.25 standard errors, of order five times the
  /// Monte Carlo noise that the last iterates leave.
  @Test func `tuning with it ends at the known maximiser`() async throws {
    let model = GaussianHierarchy.simulated(groups: 20, location: 1.5, scale: 2, noise: 0.5, seed: 3, start: (0, 1))
    let loop = try TuningLoop(
      model: model, sampler: try SlicePosteriorSampler<NormalProduct>(seed: 1, threads: 2), objective: try Objective(),
      schedule: GradientSchedule(Optimiser.natural(), draws: ConstantSchedule(draws: 40)), selector: LastIterate(),
      stopping: FixedHorizon(iterations: 60))
    let state = try await loop.run(from: loop.initialState())
    func logEvidence(_ m: Double, _ tau: Double) -> Double {
      zip(model.y, model.noise).reduce(0) { sum, row in
        let variance = row.1 * row.1 + tau * tau
        return sum - 0.5 * log(variance) - 0.5 * (row.0 - m) * (row.0 - m) / variance
      }
    }
    var best = (value: -Double.infinity, m: 0.0, logTau: 0.0)
    for step in -1000...1500 {
      let logTau = Double(step) / 1000
      let weights = model.noise.map { 1 / ($0 * $0 + exp(2 * logTau)) }
      let m = zip(weights, model.y).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
      let value = logEvidence(m, exp(logTau))
      if value > best.value { best = (value, m, logTau) }
    }
    let errors = [exp(best.logTau) / 20.0.squareRoot(), 1 / 40.0.squareRoot()]
    #expect(abs(state.lambda.free[0] - best.m) < 0.25 * errors[0], "\(state.lambda.free), \(best)")
    #expect(abs(state.lambda.free[1] - best.logTau) < 0.25 * errors[1], "\(state.lambda.free), \(best)")
    #expect(abs(best.m) > 3 * errors[0], "the start is far off")
  }
}
