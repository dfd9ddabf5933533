import Foundation
import GaussianProcesses
import LogDensities
import Testing

@Suite struct ChangepointTests {
  private let features = ["hour", "temperature"]

  private func sentence(_ text: String, features: [String]) -> String {
    do {
      _ = try CovarianceFunction(parsing: text, features: features)
      return ""
    } catch { return "\(error)" }
  }

  @Test func textIsTheTree() throws {
    let text = "changepoint(constant(500 fixed)*rbf(0.2), matern32 + white(0.1), location=-0.5 in -1...2, width=0.1)"
    let place = Changepoint(.location(-0.5, in: -1...2), width: 0.1)
    #expect(
      try CovarianceFunction(parsing: text, features: ["x"])
        == .changepoint(place, .constant(.fixed(500)) * .rbf(0.2), .matern32() + .white(0.1)))
    #expect(
      try CovarianceFunction(parsing: "rbf * changepoint(rbf, white, 3, 0.2 fixed)[temperature]", features: features)
        == .rbf() * .changepoint(.rbf(), .white(1), at: 3, width: .fixed(0.2), column: 1))
    let held = try CovarianceFunction(parsing: "changepoint(rbf, rbf, 3 fixed)", features: ["x"])
    #expect(held.freeLogValues.count == 3 && held.parameters[0] == KernelParameter.location(3).held)
  }

  @Test func wrongTextIsRefused() {
    #expect(sentence("changepoint", features: ["x"]).contains("“(” is expected"))
    #expect(sentence("changepoint(rbf)", features: ["x"]).contains("“)” where “,”"))
    #expect(sentence("changepoint(rbf, rbf, 1, 2, 3)", features: ["x"]).contains("location and width takes no more"))
    #expect(sentence("changepoint(rbf, rbf, scale=1)", features: ["x"]).contains("it has no “scale”"))
    #expect(sentence("changepoint(rbf, rbf, width=-1)", features: ["x"]).contains("must be a positive number"))
    #expect(sentence("changepoint(rbf, rbf, 5 in 0...1)", features: ["x"]).contains("outside its bounds"))
    #expect(sentence("changepoint(rbf, rbf)", features: features).contains("along one of the 2 columns; name it"))
    #expect(sentence("changepoint(rbf, rbf)[1,2]", features: features).contains("along one column only"))
    #expect(sentence(String(repeating: "changepoint(", count: 100_000), features: ["x"]).contains("nested parentheses"))
    #expect(sentence("rbf(location=1)", features: ["x"]).contains("it has no “location”"))
    #expect(throws: GaussianProcessError.self) {
      try MarginalLikelihood(
        .changepoint(.rbf(), .rbf(), at: 0, column: 1), GaussianProcessData(inputs: [[1]], response: [1]))
    }
    #expect(throws: GaussianProcessError.self) {
      let wrong = CovarianceFunction.changepoint(Changepoint(0.5, width: 1), .rbf(), .rbf())
      _ = try MarginalLikelihood(wrong, GaussianProcessData(inputs: [[1]], response: [1]))
    }
  }

  @Test func namesAndPositions() throws {
    let kernel = CovarianceFunction.changepoint(
      .constant(2) * .rbf(0.5), .changepoint(.rbf(2), .white(1), at: -3, width: 4), at: 1, width: 0.25)
    #expect(
      kernel.namedParameters().map(\.name) == [
        "changepoint#1.location", "changepoint#1.width", "constant.variance", "rbf#1.length_scale",
        "changepoint#2.location", "changepoint#2.width", "rbf#2.length_scale", "white.variance",
      ])
    #expect(kernel.freeLogValues == [1, log(0.25), log(2), log(0.5), -3, log(4), log(2), 0])
    #expect(kernel.settingFree(logValues: kernel.freeLogValues) == kernel)
    #expect(try JSONDecoder().decode(CovarianceFunction.self, from: JSONEncoder().encode(kernel)) == kernel)
  }

  /// Files from before there were locations have no scale.
  @Test func parametersWithoutAScaleArePositive() throws {
    let text = #"{"value":2,"lower":0.1,"upper":10,"isFixed":false}"#
    #expect(try JSONDecoder().decode(KernelParameter.self, from: Data(text.utf8)) == KernelParameter(2, in: 0.1...10))
  }

  /// Two rows by hand; white noise within is weighed like all else.
  @Test func twoRowsByHand() throws {
    let (x, y) = ([0.2, 1.4], [0.5, -0.2])
    let kernel = CovarianceFunction.changepoint(
      .constant(3) * .rbf(0.7), .matern12(2) + .white(0.3), at: 0.9, width: 0.4)
    let s = x.map { 1 / (1 + exp(-($0 - 0.9) / 0.4)) }
    func covariance(_ i: Int, _ j: Int) -> Double {
      let d = abs(x[i] - x[j])
      let second = exp(-d / 2) + (i == j ? 0.3 : 0)
      return (1 - s[i]) * (1 - s[j]) * 3 * exp(-d * d / (2 * 0.49)) + s[i] * s[j] * second
    }
    let (a, b, c) = (covariance(0, 0), covariance(0, 1), covariance(1, 1))
    let determinant = a * c - b * b
    let square = (c * y[0] * y[0] - 2 * b * y[0] * y[1] + a * y[1] * y[1]) / determinant
    let data = try GaussianProcessData(inputs: [x], response: y)
    let value = try MarginalLikelihood(kernel, data).evaluate(at: kernel.freeLogValues).value
    #expect(agrees(value, -0.5 * square - 0.5 * log(determinant) - log(2 * .pi), within: 1e-13))
    let mean = try GaussianProcess(kernel, data).predict([[x[1]]])
    // All but the second term's white noise is known at a training input: f = y − noise.
    let signal = s[1] * s[1] * 0.3
    let weight = [-(b * signal) / determinant, a * signal / determinant]
    #expect(agrees(mean.mean[0], y[1] - weight[0] * y[0] - weight[1] * y[1], within: 1e-12))
  }

  /// Far from the passage each side has its own covariance, and no width is too small.
  @Test func sidesAreTheirOwnKernels() throws {
    let x = [-3.0, -2.5, -1.8]
    let y = [0.3, 0.8, -0.1]
    let data = try GaussianProcessData(inputs: [x], response: y, noise: .variance(0.01))
    let own = try MarginalLikelihood(.rbf(0.6), data).evaluate(at: [log(0.6)])
    for width in [0.05, 1e-5] {
      let left = CovarianceFunction.changepoint(.rbf(0.6), .matern12(1), at: 0, width: KernelParameter(width))
      let right = CovarianceFunction.changepoint(.matern12(1), .rbf(0.6), at: -6, width: KernelParameter(width))
      let below = try MarginalLikelihood(left, data).evaluate(at: left.freeLogValues)
      let above = try MarginalLikelihood(right, data).evaluate(at: right.freeLogValues)
      #expect(agrees(below.value, own.value, within: 1e-12) && agrees(above.value, own.value, within: 1e-12))
      #expect(agrees(below.gradient[2], own.gradient[0], within: 1e-9))
      #expect((below.gradient + above.gradient).allSatisfy { $0.isFinite })
    }
  }

  @Test func gradientsAgreeWithFiniteDifferences() throws {
    var stream = RandomStream(seed: 8, purpose: .test)
    let inputs = (0..<2).map { _ in (0..<30).map { _ in stream.normal() } }
    let response = inputs[0].map { sin(2 * $0) + 0.1 * stream.normal() }
    let data = try GaussianProcessData(inputs: inputs, response: response, noise: .variance(0.02))
    for text in [
      "changepoint(constant(2)*rbf(0.5), matern32(1.2) + white(0.1), location=0.3, width=0.4)[2]",
      "constant * changepoint(rbf(ard), changepoint(white(0.2), rational_quadratic, -0.2, 0.1)[1], 0.4, 2)[2] + rbf",
    ] {
      let kernel = try CovarianceFunction(parsing: text, features: features)
      let density = try MarginalLikelihood(kernel, data)
      let start = kernel.freeLogValues.enumerated().map { $1 + 0.1 * Double($0 % 3) }
      let gradient = try density.evaluate(at: start).gradient
      for index in start.indices {
        var (up, down) = (start, start)
        up[index] += 1e-5
        down[index] -= 1e-5
        let slope = try (density.evaluate(at: up).value - density.evaluate(at: down).value) / 2e-5
        #expect(agrees(gradient[index], slope, within: 2e-7), "\(text) \(index): \(gradient[index]) \(slope)")
      }
      #expect(agrees(density.value(at: start), try density.evaluate(at: start).value, within: 1e-14))
    }
  }

  /// 40 pairs of inputs 1e-9 apart across the passage, variances from 1e-2 to 500: noise of 1e-6 is enough, without jitter.
  @Test func nearDuplicatesStayPositiveDefinite() throws {
    var stream = RandomStream(seed: 9, purpose: .test)
    let base = (0..<40).map { _ in 2 * stream.uniform() }
    let x = base + base.map { $0 + 1e-9 }
    let y = x.map { cos($0) + 1e-3 * stream.normal() }
    let data = try GaussianProcessData(inputs: [x], response: y, noise: .variance(1e-6))
    let kernel = CovarianceFunction.changepoint(
      .constant(500) * .rbf(0.15), .constant(0.01) * .rbf(0.5), at: 1, width: 0.02)
    let process = try GaussianProcess(kernel, data)
    #expect(process.jitter == 0 && process.logMarginalLikelihood.isFinite)
    #expect(try process.predict([base]).latentDeviation.allSatisfy { $0 >= 0 && $0 < 1e-3 })
  }

  /// The mode of likelihood and prior together lies where their gradients cancel, here inside the bounds.
  @Test func fitsWithAPriorClimbThePosterior() async throws {
    struct Pull: LogDensity {
      let dimension = 2
      func evaluate(
        at position: Span<Double>, gradient: inout MutableSpan<Double>
      ) throws(LogDensityError) -> Double {
        (gradient[0], gradient[1]) = (-4 * (position[0] - 0.5), -position[1])
        return -2 * (position[0] - 0.5) * (position[0] - 0.5) - 0.5 * position[1] * position[1]
      }
    }
    let x = (0..<25).map { Double($0) / 12 - 1 }
    let data = try GaussianProcessData(inputs: [x], response: x.map { sin(5 * $0) + $0 }, noise: .variance(0.05))
    let kernel = CovarianceFunction.changepoint(
      .rbf(.fixed(0.3)), .rbf(.fixed(2)), at: 0, in: -0.9...0.9, width: KernelParameter(0.2, in: 0.01...5))
    let fit = try await GaussianProcess.fit(kernel, data, prior: Pull())
    let end = fit.process.kernel.freeLogValues
    var pull = try Pull().evaluate(at: end)
    let own = try MarginalLikelihood(kernel, data).evaluate(at: end)
    for index in end.indices { pull.gradient[index] += own.gradient[index] }
    #expect(fit.atBounds.isEmpty && pull.gradient.allSatisfy { abs($0) < 1e-3 }, "\(end) \(pull.gradient)")
    #expect(agrees(fit.climbs[fit.best].logMarginalLikelihood ?? 0, own.value + pull.value, within: 1e-10))
    await #expect(throws: GaussianProcessError.self) { try await GaussianProcess.fit(.rbf(1), data, prior: Pull()) }
  }

  @Test func noiseMustBeACovariance() throws {
    func sentence(_ noise: [Double]) -> String {
      do {
        _ = try GaussianProcessData(inputs: [[0, 1]], response: [1, 2], noise: .covariance(noise))
        return ""
      } catch { return error.description }
    }
    #expect(sentence([1, 2, 2, 1]).contains("not positive semidefinite"))
    #expect(sentence([0, 0.1, 0.1, 1]).contains("not positive semidefinite"))
    #expect(sentence([1, 0.2, 0.1, 1]).contains("not symmetric"))
    #expect(sentence([1, 1, 1, 1]).isEmpty && sentence([0, 0, 0, 1]).isEmpty && sentence([0, 0, 0, 0]).isEmpty)
    #expect(sentence([1e-20, 0, 0, 1e20]).isEmpty)
  }
}
