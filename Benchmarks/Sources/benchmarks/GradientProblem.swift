import Experts
import LogDensities

/// Made-up data of the size that the published comparisons use, and a position in the bulk of its posterior.
struct GradientProblem {
  let likelihood: ExpertLikelihood
  let oracle: ExpertOracle
  let position: [Double]

  init(
    _ combination: Combination, rows: Int, experts: Int = 3, features: Int = 9, gate: Int = 8,
    instructions: InstructionSet = .automatic
  ) {
    let architecture = ExpertArchitecture(
      combination: combination, experts: experts, expertFeatures: features, gateFeatures: gate)
    var random = RandomStream(seed: 1, purpose: .simulation)
    let expertFeatures = (0..<rows * features).map { _ in 2 * random.uniform() - 1 }
    let gateFeatures = (0..<rows * gate).map { $0 < rows ? 1 : 2 * random.uniform() - 1 }
    let response = (0..<rows).map { _ in random.normal() }
    likelihood = ExpertLikelihood(
      architecture: architecture, expertFeatures: expertFeatures, gateFeatures: gateFeatures, response: response,
      instructionSet: instructions)
    oracle = likelihood.oracle
    position = (0..<architecture.dimension).map { _ in 0.5 * random.normal() }
  }

  func kernelSeconds(quick: Bool) -> Double {
    var gradient = [Double](repeating: 0, count: position.count)
    var moving = position
    return minimumSeconds(quick: quick) {
      moving[0] += 1e-12
      var span = gradient.mutableSpan
      moving[1] += 1e-300 * likelihood.evaluate(at: moving.span, gradient: &span)
    }
  }

  /// Seconds of that many calls in a row.
  func kernelSeconds(calls: Int) -> Double {
    var gradient = [Double](repeating: 0, count: position.count)
    var moving = position
    return seconds {
      for _ in 0..<calls {
        moving[0] += 1e-12
        var span = gradient.mutableSpan
        moving[1] += 1e-300 * likelihood.evaluate(at: moving.span, gradient: &span)
      }
    }
  }

  func valueSeconds(quick: Bool) -> Double {
    var moving = position
    return minimumSeconds(quick: quick) {
      moving[0] += 1e-12
      moving[1] += 1e-300 * likelihood.logLikelihood(at: moving.span)
    }
  }

  func oracleSeconds(quick: Bool) -> Double {
    var gradient = [Double](repeating: 0, count: position.count)
    var moving = position
    return minimumSeconds(quick: quick) {
      moving[0] += 1e-12
      var span = gradient.mutableSpan
      moving[1] += 1e-300 * oracle.evaluate(at: moving.span, gradient: &span)
    }
  }
}
