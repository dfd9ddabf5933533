import Experts
import LogDensities
import Testing

@Suite struct OracleGradientTests {
  /// A directional derivative by central differences of fourth order, with an estimate of its own error: the change from
  /// step 2h to h (truncation) plus the rounding of the sum of terms, 2^-50 times their absolute sum, over h.
  private func differentiate(_ problem: Line) -> (derivative: Double, error: Double) {
    var best = (derivative: Double.nan, error: Double.infinity)
    for power in stride(from: -1.0, through: -6, by: -0.5) {
      let h = exponential10(power)
      let fine = stencil(problem, h)
      let coarse = stencil(problem, 2 * h)
      let error = abs(fine - coarse) + problem.rounding / h
      if error < best.error { best = (fine, error) }
    }
    return best
  }

  private func exponential10(_ x: Double) -> Double { x == x.rounded() ? power10(Int(x)) : power10(Int(x - 0.5)) * 3 }
  private func power10(_ n: Int) -> Double { (0..<abs(n)).reduce(1) { value, _ in value / 10 } }

  private func stencil(_ line: Line, _ h: Double) -> Double {
    (8 * (line.value(h) - line.value(-h)) - (line.value(2 * h) - line.value(-2 * h))) / (12 * h)
  }

  /// The log-likelihood on a line through a point, relative to its value there.
  private struct Line {
    let oracle: ExpertOracle
    let position: [Double]
    let direction: [Double]
    let base: [Double]
    let rounding: Double

    init(_ oracle: ExpertOracle, _ position: [Double], _ direction: [Double], gradient: [Double]) {
      self.oracle = oracle
      self.position = position
      self.direction = direction
      base = oracle.pointwise(at: position)
      // Terms are rounded, and so are the linear predictors below them.
      let terms = base.reduce(0) { $0 + abs($1) }
      let predictors = zip(position, gradient).reduce(0) { $0 + abs($1.0 * $1.1) }
      rounding = 0x1p-50 * (1 + terms + predictors)
    }

    func value(_ t: Double) -> Double {
      let moved = zip(position, direction).map { $0 + t * $1 }
      return zip(oracle.pointwise(at: moved), base).reduce(0) { $0 + ($1.0 - $1.1) }
    }
  }

  /// 1,000 random points, a third of them extreme (standard deviations from e^-12 to e^12, logits to ±1e4). The gradient
  /// must lie within ten times the difference's own error estimate, and that estimate must be small nearly always, or
  /// the test would prove nothing.
  @Test func gradientIsTheDerivative() {
    var sharp = 0
    for trial in 0..<1000 {
      let combination = Combination.allCases[trial % 3]
      var problem = KernelProblem(
        combination, rows: 1 + trial % 7, experts: 1 + trial % 5, features: trial % 4, gate: 1 + trial % 3,
        seed: UInt64(trial))
      var position = problem.position()
      if trial % 3 == trial / 3 % 3 {
        for index in position.indices where problem.uniform() < 0.5 {
          let isSigma = problem.architecture.logSigmas.contains(index)
          let isGate = problem.architecture.gate.contains(index) || problem.architecture.behaviour.contains(index)
          position[index] = isSigma ? 24 * problem.uniform() - 12 : position[index] * (isGate ? 1e4 : 10)
        }
      }
      let direction = position.indices.map { _ in problem.normal() }
      let oracle = problem.oracle
      let gradient = oracle.evaluate(at: position).gradient
      let expected = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      let (found, error) = differentiate(Line(oracle, position, direction, gradient: gradient))
      let scale = 1 + zip(gradient, direction).reduce(0) { $0 + abs($1.0 * $1.1) }
      #expect(abs(found - expected) <= 10 * error + 1e-12 * scale, "trial \(trial)")
      if error <= 1e-6 * scale { sharp += 1 }
    }
    #expect(sharp >= 950, "only \(sharp) differences were sharp")
  }

  /// Every single coordinate at ordinary points: a direction could hide one that is small.
  @Test(arguments: Combination.allCases)
  func everyCoordinate(combination: Combination) {
    for experts in 1...4 {
      var problem = KernelProblem(combination, rows: 6, experts: experts, features: 2, gate: 3, seed: 77)
      let position = problem.position()
      let oracle = problem.oracle
      let gradient = oracle.evaluate(at: position).gradient
      for index in position.indices {
        let direction = position.indices.map { $0 == index ? 1.0 : 0 }
        let (found, error) = differentiate(Line(oracle, position, direction, gradient: gradient))
        #expect(error <= 1e-6 * (1 + abs(found)))
        #expect(abs(found - gradient[index]) <= 10 * error, "\(index)")
      }
    }
  }
}
