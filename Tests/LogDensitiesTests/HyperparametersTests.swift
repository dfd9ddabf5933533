import Foundation
import Testing

@testable import LogDensities

@Suite struct HyperparametersTests {
  private func example() -> Hyperparameters {
    Hyperparameters(
      entries: [
        .init(name: "a.location", kind: .location, block: "a"), .init(name: "a.scale", kind: .logScale, block: "a"),
        .init(name: "b.location", kind: .location, block: "b"), .init(name: "b.scale", kind: .logScale, block: "b"),
      ], values: [1, -2, 0.5, -1])
  }

  @Test func everythingIsFixedAtFirst() {
    let lambda = example()
    #expect(lambda.free.isEmpty)
    #expect(lambda.moved(to: []) == lambda)
    #expect(lambda.pulledBack([1, 2, 3, 4]).isEmpty)
  }

  @Test func tiesKeepDifferences() {
    var lambda = example()
    lambda.tune([1, 3], name: "scales")
    lambda.tune([0], name: "a.location")
    #expect(lambda.free == [-2, 1])
    let moved = lambda.moved(to: [-1.5, 4])
    #expect(moved.values == [4, -1.5, 0.5, -0.5])
    #expect(moved.free == [-1.5, 4])
    #expect(lambda.pulledBack([1, 2, 3, 4]) == [6, 1])
  }

  @Test func movesStopAtBounds() {
    var lambda = example()
    lambda.tune([1], name: "scale", bounds: -3...3)
    let moved = lambda.moved(to: [7])
    #expect(moved.values[1] == 3)
    #expect(moved.atBound.map(\.name) == ["scale"])
    #expect(lambda.atBound.isEmpty)
  }

  @Test func codableKeepsEverything() throws {
    var lambda = example()
    lambda.tune([1, 3], name: "scales", hyperprior: .halfCauchyScale(1))
    let moved = lambda.moved(to: [0.1 + 0.2])
    let copy = try JSONDecoder().decode(Hyperparameters.self, from: JSONEncoder().encode(moved))
    #expect(copy == moved)
    #expect(copy.moved(to: [1]) == moved.moved(to: [1]))
  }
}

@Suite struct HyperpriorTests {
  private let cases: [Hyperprior] = [.halfCauchyScale(1), .halfCauchyScale(2.5), .normal(location: 0.3, scale: 0.7)]

  /// The central difference's own error is of order h² = 1e-8 and the rounding 1e-11: 1e-6 is safe for both.
  @Test func derivativesMatchFiniteDifferences() {
    let step = 1e-4
    for prior in cases {
      for x in stride(from: -6.0, through: 6.0, by: 0.37) {
        let slope = (prior.logDensity(at: x + step) - prior.logDensity(at: x - step)) / (2 * step)
        #expect(abs(prior.derivative(at: x) - slope) < 1e-6)
        let bend = -(prior.derivative(at: x + step) - prior.derivative(at: x - step)) / (2 * step)
        #expect(abs(prior.information(at: x) - bend) < 1e-6)
      }
    }
  }

  /// Half-Cauchy in s = e^x: p(x) ∝ s / (1 + s²/c²), so a ratio of densities is known in closed form.
  @Test func halfCauchyHasItsJacobian() {
    let prior = Hyperprior.halfCauchyScale(2)
    func density(_ s: Double) -> Double { s / (1 + s * s / 4) }
    let difference = prior.logDensity(at: 1.2) - prior.logDensity(at: -0.4)
    #expect(abs(difference - (log(density(exp(1.2))) - log(density(exp(-0.4))))) < 1e-12)
    #expect(prior.logDensity(at: 800).isFinite && prior.logDensity(at: -800).isFinite)
  }
}
