import Foundation
import GaussianProcesses
import LogDensities
import Testing

@Suite struct MarginalLikelihoodTests {
  let fixture: GaussianProcessFixture

  init() throws { fixture = try GaussianProcessFixture.read() }

  @Test func gradientsAgreeWithFiniteDifferences() throws {
    let features = GaussianProcessFixture.features
    for text in [
      "constant(1.3) * rbf(ard) * periodic(2.2, 0.9)[day] + matern12(0.7)[temperature,hour] + white(0.1)",
      "rational_quadratic(ard) * matern52(ard) + matern32(0.7) * white(0.3)",
    ] {
      let kernel = try CovarianceFunction(parsing: text, features: features)
      let data = try GaussianProcessData(inputs: fixture.inputs, response: fixture.response, noise: .variance(0.02))
      let density = try MarginalLikelihood(kernel, data)
      let start = kernel.freeLogValues.enumerated().map { $1 + 0.1 * Double($0 % 3) }
      let gradient = try density.evaluate(at: start).gradient
      for index in start.indices {
        var (up, down) = (start, start)
        up[index] += 1e-5
        down[index] -= 1e-5
        let slope = try (density.evaluate(at: up).value - density.evaluate(at: down).value) / 2e-5
        #expect(agrees(gradient[index], slope, within: 1e-7), "\(text) \(index)")
      }
    }
  }

  @Test func fixedHyperparametersAreNoCoordinates() throws {
    let data = try GaussianProcessData(inputs: fixture.inputs, response: fixture.response)
    let free = CovarianceFunction.constant(1.5) * .rbf(0.8) + .white(0.1)
    let held = CovarianceFunction.constant(1.5) * .rbf(.fixed(0.8)) + .white(0.1)
    let all = try MarginalLikelihood(free, data).evaluate(at: free.freeLogValues)
    let some = try MarginalLikelihood(held, data).evaluate(at: held.freeLogValues)
    #expect(agrees(some.value, all.value, within: 1e-14))
    #expect(zip(some.gradient, [all.gradient[0], all.gradient[2]]).allSatisfy { agrees($0, $1, within: 1e-12) })
  }

  /// More rows than a block of the evaluator: against the same matrix in one piece, by a white kernel in place of noise.
  @Test func blocksJoin() throws {
    var stream = RandomStream(seed: 5, purpose: .test)
    let x = (0..<600).map { _ in stream.normal() }
    let y = x.map { sin($0) + 0.1 * stream.normal() }
    let kernel = CovarianceFunction.rbf(0.9) + .white(0.04)
    let white = try MarginalLikelihood(kernel, GaussianProcessData(inputs: [x], response: y))
    let (value, gradient) = try white.evaluate(at: kernel.freeLogValues)
    var noise = [Double](repeating: 0, count: 600 * 600)
    for row in 0..<600 { noise[row * 601] = 0.04 }
    for given in [ObservationNoise.variance(0.04), .variances(Array(repeating: 0.04, count: 600)), .covariance(noise)] {
      let data = try GaussianProcessData(inputs: [x], response: y, noise: given)
      let other = try MarginalLikelihood(.rbf(0.9), data).evaluate(at: [log(0.9)])
      #expect(agrees(other.value, value, within: 1e-12))
      #expect(agrees(other.gradient[0], gradient[0], within: 1e-9))
    }
    let slope = try (1...2).map { side in
      try white.evaluate(at: [log(0.9) + (side == 1 ? 1e-5 : -1e-5), log(0.04)]).value
    }
    #expect(agrees(gradient[0], (slope[0] - slope[1]) / 2e-5, within: 1e-5))
  }

  /// Two rows by hand, with correlated noise.
  @Test func twoRowsByHand() throws {
    let data = try GaussianProcessData(
      inputs: [[0, 1]], response: [0.5, -0.2], noise: .covariance([0.3, 0.1, 0.1, 0.2]))
    let value = try MarginalLikelihood(.rbf(1), data).evaluate(at: [0]).value
    let (a, b, c) = (1.3, exp(-0.5) + 0.1, 1.2)
    let determinant = a * c - b * b
    let square = (c * 0.25 + 2 * b * 0.1 + a * 0.04) / determinant
    #expect(agrees(value, -0.5 * square - 0.5 * log(determinant) - log(2 * .pi), within: 1e-14))
  }

  @Test func outsideTheSupportItIsMinusInfinity() throws {
    let data = try GaussianProcessData(inputs: [[0, 0, 1]], response: [1, 2, 3])
    #expect(try MarginalLikelihood(.rbf(1), data).evaluate(at: [0]).value == -.infinity)
    #expect(try MarginalLikelihood(.constant(1) + .white(1), data).evaluate(at: [800, 800]).value == -.infinity)
    #expect(throws: LogDensityError.self) { try MarginalLikelihood(.rbf(1), data).evaluate(at: [0, 1]) }
  }
}
