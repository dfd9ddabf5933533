import Foundation
import GaussianProcesses
import LogDensities
import Testing

@Suite struct GaussianProcessFitTests {
  private let data: GaussianProcessData

  init() throws {
    var stream = RandomStream(seed: 11, purpose: .test)
    let x = (0..<2).map { _ in (0..<50).map { _ in stream.normal() } }
    let y = x[0].map { sin(2 * $0) + 0.1 * stream.normal() }
    data = try GaussianProcessData(inputs: x, response: y, features: ["wave", "idle"])
  }

  private let kernel = CovarianceFunction.constant(1) * .rbf(lengthScales: [1, 1]) + .white(0.1)

  @Test func isTheSameForAnyNumberOfThreads() async throws {
    let one = try await GaussianProcess.fit(kernel, data, settings: .init(starts: 4, seed: 3, threads: 1))
    let four = try await GaussianProcess.fit(kernel, data, settings: .init(starts: 4, seed: 3, threads: 4))
    #expect(one.climbs == four.climbs)
    #expect(one.process.kernel == four.process.kernel)
    #expect(one.process.logMarginalLikelihood == four.process.logMarginalLikelihood)
    let other = try await GaussianProcess.fit(kernel, data, settings: .init(starts: 4, seed: 4, threads: 1))
    #expect(other.climbs[1].start != one.climbs[1].start)
    #expect(other.climbs[0] == one.climbs[0])
  }

  @Test func climbsEndWhereTheGradientIsZeroOrABoundIs() async throws {
    let tight = CovarianceFunction.constant(1) * .rbf(lengthScales: [1, KernelParameter(1, in: 0.1...3)]) + .white(0.1)
    let fit = try await GaussianProcess.fit(tight, data)
    #expect(fit.atBounds == ["rbf.length_scale[idle]"])
    let best = fit.climbs[fit.best]
    #expect((best.gradient ?? 1) < 1e-4)
    #expect(best.hasConverged)
    #expect(abs(fit.process.kernel.parameters[2].value - 3) < 0.01)
    #expect(fit.climbs.allSatisfy { $0.start.count == 4 && $0.end.count == 4 })
  }

  /// exp(ln b) misses these bounds in the last digits, upwards for one and downwards for another.
  @Test(arguments: [0.1, 0.05, 0.3]) func aBoundIsNotOvershot(upper: Double) async throws {
    let tight =
      CovarianceFunction.constant(1) * .rbf(lengthScales: [KernelParameter(upper / 3, in: 1e-5...upper)])
      + .white(KernelParameter(0.3, in: 1e-4...1))
    let line = try GaussianProcessData(
      inputs: [(0..<30).map { Double($0) / 10 }], response: (0..<30).map { sin(Double($0) / 5) }, features: ["x"])
    let fit = try await GaussianProcess.fit(tight, line)
    #expect(fit.atBounds.contains("rbf.length_scale"))
    #expect(fit.process.kernel.parameters[1].value <= upper && fit.process.kernel.parameters[1].value > 0.999 * upper)
  }

  @Test func aLargeBoundIsNotOvershot() async throws {
    // The variance of such a response lies beyond 1e5, the standard bound.
    let huge = try GaussianProcessData(inputs: data.inputs, response: data.response.map { 1e6 * $0 })
    let fit = try await GaussianProcess.fit(kernel, huge)
    #expect(!fit.atBounds.isEmpty)
    #expect(fit.process.kernel.parameters.allSatisfy { $0.value <= 1e5 && $0.value >= 1e-5 })
  }

  @Test func logUniformStartsStayInTheBounds() async throws {
    let narrow = CovarianceFunction.rbf(KernelParameter(1, in: 0.5...2)) + .white(KernelParameter(0.1, in: 0.01...1))
    for spread in [nil, 3.0] {
      let fit = try await GaussianProcess.fit(narrow, data, settings: .init(starts: 8, spread: spread))
      for climb in fit.climbs {
        #expect((0.5...2).contains(climb.start[0]) && (0.01...1).contains(climb.start[1]))
        #expect(climb.end[0] > 0.4999 && climb.end[0] < 2.0001)
      }
    }
  }

  @Test func duplicatesWithoutNoiseGetJitterThatIsReported() async throws {
    let same = try GaussianProcessData(inputs: [[0, 0, 1, 2]], response: [1, 1, 2, 0])
    let fit = try await GaussianProcess.fit(.rbf(1), same)
    #expect(fit.process.jitter > 0)
    await #expect(throws: GaussianProcessError.self) {
      try await GaussianProcess.fit(.rbf(1), same, settings: .init(starts: 0))
    }
  }

  @Test func nothingFreeIsNothingToClimb() async throws {
    let fit = try await GaussianProcess.fit(.rbf(.fixed(1)) + .white(.fixed(0.1)), data)
    #expect(fit.climbs.isEmpty && fit.process.jitter == 0)
  }
}
