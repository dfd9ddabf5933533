import Experts
import LogDensities

/// Made-up data of an experts model, and positions to evaluate it at.
struct KernelProblem {
  let architecture: ExpertArchitecture
  let expertFeatures: [Double]
  let gateFeatures: [Double]
  let response: [Double]
  private var random: RandomStream

  init(_ combination: Combination, rows: Int, experts: Int, features: Int, gate: Int, seed: UInt64) {
    architecture = ExpertArchitecture(
      combination: combination, experts: experts, expertFeatures: features, gateFeatures: gate)
    var random = RandomStream(seed: seed, purpose: .test)
    expertFeatures = (0..<rows * features).map { _ in random.normal() }
    gateFeatures = (0..<rows * gate).map { $0 < rows ? 1 : random.normal() }
    response = (0..<rows).map { _ in 2 * random.normal() }
    self.random = random
  }

  /// Independent normal entries, ln σ of half that scale.
  mutating func position(scale: Double = 1) -> [Double] {
    (0..<architecture.dimension).map {
      (architecture.logSigmas.contains($0) ? 0.5 : 1) * scale * random.normal()
    }
  }

  mutating func uniform() -> Double { random.uniform() }
  mutating func normal() -> Double { random.normal() }

  func likelihood(_ set: InstructionSet = .automatic) -> ExpertLikelihood {
    ExpertLikelihood(
      architecture: architecture, expertFeatures: expertFeatures, gateFeatures: gateFeatures, response: response,
      instructionSet: set)
  }

  var oracle: ExpertOracle {
    ExpertOracle(
      architecture: architecture, expertFeatures: expertFeatures, gateFeatures: gateFeatures, response: response)
  }
}

extension ExpertLikelihood {
  func evaluate(at position: [Double]) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: .nan, count: dimension)
    var span = gradient.mutableSpan
    let value = evaluate(at: position.span, gradient: &span)
    return (value, gradient)
  }

  func pointwise(at position: [Double]) -> [Double] {
    var values = [Double](repeating: .nan, count: rows)
    var span = values.mutableSpan
    pointwiseLogLikelihood(at: position.span, into: &span)
    return values
  }
}

extension ExpertOracle {
  func evaluate(at position: [Double]) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: .nan, count: architecture.dimension)
    var span = gradient.mutableSpan
    let value = evaluate(at: position.span, gradient: &span)
    return (value, gradient)
  }

  func pointwise(at position: [Double]) -> [Double] {
    var values = [Double](repeating: .nan, count: rows)
    var span = values.mutableSpan
    pointwiseLogLikelihood(at: position.span, into: &span)
    return values
  }
}

/// The largest difference of two vectors relative to the largest entry, or to 1.
func relativeDifference(_ a: [Double], _ b: [Double]) -> Double {
  let scale = b.reduce(1) { max($0, abs($1)) }
  var worst = a.count == b.count ? 0.0 : .infinity
  for (x, y) in zip(a, b) {
    let difference = abs(x - y) / scale
    worst = difference <= worst ? worst : difference
  }
  return worst
}
