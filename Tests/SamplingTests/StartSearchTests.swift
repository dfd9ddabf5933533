import Foundation
import LogDensities
import Testing

@testable import Sampling

@Suite struct LBFGSTests {
  @Test func climbsAQuadratic() throws {
    let density = CorrelatedNormal(autoregressive: 0.95, dimension: 20)
    var climb = LBFGS()
    climb.gain = 1e-12
    let result = try climb.maximise(density, from: (0..<20).map { Double($0) - 7 })
    let best = try #require(result.best)
    #expect(best.position.allSatisfy { abs($0) < 1e-3 })
    #expect(result.gradientEvaluations < 120)
  }

  @Test func climbsRosenbrock() throws {
    let density = ClosureDensity(2) { q throws(LogDensityError) in
      let (a, b) = (1 - q[0], q[1] - q[0] * q[0])
      return (-a * a - 100 * b * b, [2 * a + 400 * b * q[0], -200 * b])
    }
    var climb = LBFGS()
    climb.gain = 1e-14
    let best = try #require(try climb.maximise(density, from: [-1.2, 1]).best)
    #expect(abs(best.position[0] - 1) < 1e-4)
    #expect(abs(best.position[1] - 1) < 1e-4)
  }

  /// Laplace priors have kinks at the optimum: 20 coordinates of a lasso, half of them exactly 0 at the best point, which
  /// is soft thresholding.
  @Test func climbsOverKinks() throws {
    let targets = (0..<20).map { $0 % 2 == 0 ? 0.3 : 3.0 }
    let density = ClosureDensity(20) { q throws(LogDensityError) in
      var value = 0.0
      var gradient = q
      for i in 0..<20 {
        value -= 0.5 * (q[i] - targets[i]) * (q[i] - targets[i]) + abs(q[i])
        gradient[i] = targets[i] - q[i] - (q[i] > 0 ? 1 : q[i] < 0 ? -1 : 0)
      }
      return (value, gradient)
    }
    let optimum = targets.reduce(0) { $0 - ($1 == 3 ? 0.5 + 2 : 0.5 * 0.09) }
    var stream = RandomStream(seed: 61, purpose: .test)
    for _ in 0..<20 {
      let result = try LBFGS().maximise(density, from: (0..<20).map { _ in stream.normal() })
      let best = try #require(result.best)
      #expect(best.value > optimum - 1)
      #expect(best.value <= optimum + 1e-9)
    }
  }

  @Test func staysInsideTheSupport() throws {
    let density = ClosureDensity(1) { q throws(LogDensityError) in
      q[0] > 0 ? (log(q[0]) - q[0], [1 / q[0] - 1]) : (.nan, [.nan])
    }
    let best = try #require(try LBFGS().maximise(density, from: [8]).best)
    #expect(abs(best.position[0] - 1) < 0.1)
    #expect(try LBFGS().maximise(density, from: [-1]).best == nil)
  }
}

@Suite struct StartSearchTests {
  /// Two modes 30 nats apart: all chains start in the higher one, as all eight climbs in the lower has probability 2⁻⁸ and
  /// the seed is fixed.
  @Test func startsInTheBestMode() async throws {
    let density = ClosureDensity(2) { q throws(LogDensityError) in
      let (left, right) = (-2 * (q[0] + 3) * (q[0] + 3), -2 * (q[0] - 3) * (q[0] - 3) - 30)
      let side = q[0] < 0 ? -3.0 : 3.0
      // The larger of two parabolas shifted to meet at 0 gives each half-line a mode of its own.
      let value = (q[0] < 0 ? left : right) - 0.5 * q[1] * q[1]
      return (value, [-4 * (q[0] - side), -q[1]])
    }
    let sampler = try MultiChainSampler(SamplerSettings(seed: 62))
    let (states, evaluations) = try await sampler.start(density, iteration: 0)
    #expect(states.count == 4)
    #expect(states.allSatisfy { $0.position[0] < -2 })
    #expect(Set(states.map(\.position)).count == 4)
    #expect(evaluations > 8 && evaluations < 400)
  }

  /// The metric from the climb knows the scales within a factor of 2.
  @Test func learnsScales() async throws {
    let density = IndependentNormals(scales: [0.01, 0.1, 1, 10])
    let sampler = try MultiChainSampler(SamplerSettings(seed: 63))
    let states = try await sampler.start(density, iteration: 0).states
    let metric = try #require(states[0].metric)
    for (found, expected) in zip(MetricEstimate.standardDeviations(of: metric), density.scales) {
      #expect(abs(log(found / expected)) < log(2))
    }
    for state in states {
      for (position, scale) in zip(state.position, density.scales) { #expect(abs(position) < scale) }
    }
  }

  @Test func searchesOnTheSmootherDensity() async throws {
    let density = LaplaceDensity(scales: [1, 1, 1])
    let smooth = ClosureDensity(3) { q throws(LogDensityError) in
      let roots = q.map { ($0 * $0 + 0.0025).squareRoot() }
      return (-roots.reduce(0, +), zip(q, roots).map { -$0 / $1 })
    }
    let sampler = try MultiChainSampler(SamplerSettings(seed: 64))
    let (states, _) = try await sampler.start(density, searching: smooth, iteration: 0)
    #expect(states.allSatisfy { $0.position.allSatisfy { abs($0) < 1 } })
    await #expect(throws: SamplingError.self) {
      try await sampler.start(density, searching: IndependentNormals(scales: [1]), iteration: 0)
    }
  }

  /// Random starts outside the support are dropped or drawn anew.
  @Test func survivesAHalfSpace() async throws {
    let density = ClosureDensity(3) { q throws(LogDensityError) in
      q.allSatisfy { $0 > 0 }
        ? (q.reduce(0) { $0 + log($1) - $1 }, q.map { 1 / $0 - 1 }) : (-.infinity, [0, 0, 0])
    }
    let sampler = try MultiChainSampler(SamplerSettings(seed: 65))
    let (states, _) = try await sampler.start(density, iteration: 0)
    #expect(states.allSatisfy { $0.position.allSatisfy { $0 > 0 } })
  }
}
