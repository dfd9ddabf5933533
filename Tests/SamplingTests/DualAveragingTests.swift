import Foundation
import Testing

@testable import Sampling

@Suite struct DualAveragingTests {
  /// Two updates by hand from Hoffman and Gelman's algorithm 5: μ = ln 10, t₀ = 10, γ = 0.05, κ = 0.75.
  @Test func followsTheRecursion() {
    var averaging = DualAveraging(from: 1, target: 0.8)
    averaging.update(acceptance: 0.3)
    let first = log(10.0) - (0.5 / 11) / 0.05
    #expect(abs(averaging.current - exp(first)) < 1e-12)
    #expect(abs(averaging.average - exp(first)) < 1e-12)
    averaging.update(acceptance: 1)
    let error = (1 - 1.0 / 12) * (0.5 / 11) + (0.8 - 1) / 12
    let second = log(10.0) - error * 2.0.squareRoot() / 0.05
    let weight = pow(2, -0.75)
    #expect(abs(averaging.current - exp(second)) < 1e-12)
    #expect(abs(averaging.average - exp(weight * second + (1 - weight) * first)) < 1e-12)
  }

  /// On a deterministic acceptance probability exp(−ε²) the average reaches the root, ε = √(−ln target).
  @Test(arguments: [0.6, 0.8, 0.95], [1e-3, 1, 10])
  func findsTheTarget(target: Double, start: Double) {
    var averaging = DualAveraging(from: start, target: target)
    for _ in 0..<20_000 { averaging.update(acceptance: exp(-averaging.current * averaging.current)) }
    #expect(abs(averaging.average / (-log(target)).squareRoot() - 1) < 0.02)
  }

  /// A warm restart at the right step size stays near it from the first transition on.
  @Test func resumesGently() {
    let root = (-log(0.8)).squareRoot()
    var averaging = DualAveraging(resuming: root, target: 0.8)
    for _ in 0..<10 {
      averaging.update(acceptance: exp(-averaging.current * averaging.current))
      #expect(abs(averaging.current / root - 1) < 0.01)
      #expect(abs(averaging.average / root - 1) < 0.01)
    }
  }
}
