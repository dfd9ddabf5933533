import Foundation
import LogDensities
import Priors

@testable import Experts

/// Three-column rows made up from a stream: expert feature `x`, gate features `bias` and `z`.
func syntheticRows(_ count: Int, seed: UInt64) -> ExpertRows {
  var stream = RandomStream(seed: seed, purpose: .simulation)
  let x = (0..<count).map { _ in stream.normal() }
  let z = (0..<count).map { _ in stream.normal() }
  let y = (0..<count).map { (z[$0] > 0 ? 1 + x[$0] : -1 - 0.5 * x[$0]) + 0.3 * stream.normal() }
  return ExpertRows(
    expertNames: ["x"], expertFeatures: x, gateNames: ["bias", "z"],
    gateFeatures: [Double](repeating: 1, count: count) + z, response: y)
}

/// A draw of the product prior by inversion (Laplace) and normals (log-normal), in unconstrained coordinates.
func priorDraw(_ model: ExpertModel, from stream: inout RandomStream) -> [Double] {
  (0..<model.dimension).map { index in
    let values = model.layout.prior(index, at: model.hyperparameters.values).naturalValues
    if model.layout.families[index] == .logNormal { return values[0] + values[1] * stream.normal() }
    let p = stream.openUniform() - 0.5
    return values[0] - values[1] * (p < 0 ? -1 : 1) * log(1 - 2 * abs(p))
  }
}

func allPermutations(_ n: Int) -> [[Int]] {
  n == 0 ? [[]] : allPermutations(n - 1).flatMap { head in (0..<n).map { Array(head[..<$0]) + [n - 1] + head[$0...] } }
}

/// A central difference with Richardson extrapolation.
func numericDerivative(_ step: Double, _ f: (Double) -> Double) -> Double {
  let coarse = (f(2 * step) - f(-2 * step)) / (4 * step)
  let fine = (f(step) - f(-step)) / (2 * step)
  return (4 * fine - coarse) / 3
}

extension ExpertModel {
  /// An array in, the moved array and its log weight out.
  func canonical(_ position: [Double], given lambda: Hyperparameters) -> (position: [Double], logWeight: Double) {
    var moved = position
    var span = moved.mutableSpan
    let weight = canonicalise(&span, given: lambda)
    return (moved, weight)
  }

  func logEntropy(of position: [Double]) -> Double? { logAllocationEntropy(at: position.span) }

  /// The entropy from shares summed in log space, wherever they lie.
  func logEntropyInLogSpace(of position: [Double]) -> Double? {
    Gating.logNormalisedEntropy(ofLogShares: logShares(at: position.span))
  }

  func scores(_ position: [Double], given lambda: Hyperparameters) -> [Double] {
    var result = [Double](repeating: .nan, count: lambda.count)
    var span = result.mutableSpan
    score(at: position.span, given: lambda, into: &span)
    return result
  }
}

/// ln Σ exp(x_i) of an array that outlives the call: the span of a temporary crashes the compiler under -O.
func logSumExp(_ values: [Double]) -> Double { Gating.logSumExp(values.span) }

extension Gating {
  /// The same from the shares themselves.
  static func logNormalisedEntropy(of shares: [Double]) -> Double? {
    logNormalisedEntropy(ofLogShares: shares.map { log($0) })
  }
}
