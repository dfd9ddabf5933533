import Foundation
import LogDensities
import Testing

@testable import Diagnostics

/// Normals exp(−(x − m_k)² / 2 s_k²), whose constants are √(2π) s_k.
@Suite struct MultistateRatioTests {
  private static let means = [0.0, 0.8, 2.0]
  private static let scales = [1.0, 0.7, 1.5]

  /// Autoregressive draws of each normal, `chains` chains each, correlation ρ.
  private static func draws(seed: UInt64, chains: Int, count: Int, correlation: Double) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: .test)
    return means.indices.flatMap { state in
      (0..<chains).flatMap { _ -> [Double] in
        var z = stream.normal()
        return (0..<count).map { _ in
          z = correlation * z + (1 - correlation * correlation).squareRoot() * stream.normal()
          return means[state] + scales[state] * z
        }
      }
    }
  }

  private static func tables(_ draws: [Double]) -> [[Double]] {
    means.indices.map { state in draws.map { -pow(($0 - means[state]) / scales[state], 2) / 2 } }
  }

  private let batches = Self.means.map { _ in MultistateRatio.Batch(chains: 4, drawsPerChain: 50) }

  /// z-scores of 200 repetitions of independent and of autocorrelated draws: sd within 0.8 and 1.2, mean within 0.25. By the
  /// χ² and normal distributions of true z-scores, each fails by chance in fewer than one of 5000 runs.
  @Test(arguments: [0.0, 0.6])
  func errorsAreCalibrated(correlation: Double) {
    var scores: [[Double]] = [[], []]
    for seed in 1...200 {
      let draws = Self.draws(seed: UInt64(seed), chains: 4, count: 50, correlation: correlation)
      let ratio = MultistateRatio(logDensities: Self.tables(draws), counts: [200, 200, 200])
      let errors = ratio.standardErrors(in: batches)
      #expect(errors[2] == 0 && ratio.converged)
      for state in 0..<2 {
        let truth = log(Self.scales[state] / Self.scales[2])
        scores[state].append((ratio.logConstants[state] - truth) / errors[state])
      }
    }
    for z in scores {
      let deviation = Moments.variance(z).squareRoot()
      #expect(deviation > 0.8 && deviation < 1.2, "\(deviation)")
      #expect(abs(Moments.mean(z)) < 0.25)
    }
  }

  /// For independent draws of two densities the error is that of Bennett (1976): 1/n_1 and 1/n_2 less from the overlap integral.
  @Test func agreesWithBennett() {
    let draws = Self.draws(seed: 4, chains: 4, count: 2000, correlation: 0)
    let two = Array(draws.prefix(16_000))
    let tables = Array(Self.tables(two).prefix(2))
    let ratio = MultistateRatio(logDensities: tables, counts: [8000, 8000])
    let products = ratio.products([ratio.responsibility(of: 0), ratio.responsibility(of: 1)])
    let bennett = (1 / products[1] - 1 / 8000.0 - 1 / 8000.0).squareRoot()
    let pair = Array(repeating: MultistateRatio.Batch(chains: 4, drawsPerChain: 2000), count: 2)
    #expect(abs(ratio.standardErrors(in: pair)[0] / bennett - 1) < 0.1)
  }

  /// A pair a thousand deviations apart shares nothing, and says so.
  @Test func withoutOverlap() {
    let draws = (0..<40).map { Double($0 % 10) / 10 + ($0 < 20 ? 0 : 1000) }
    let tables = [0.0, 1000.0].map { centre in draws.map { -($0 - centre) * ($0 - centre) / 2 } }
    let ratio = MultistateRatio(logDensities: tables, counts: [20, 20], iterations: 50)
    let pair = Array(repeating: MultistateRatio.Batch(chains: 2, drawsPerChain: 10), count: 2)
    #expect(ratio.overlap(0, 1, in: pair) < 1e-6 && (ratio.sharedDraws(in: pair).max() ?? 1) < 1e-6)
  }

  /// The same density twice: the ratio is exact, and all is shared.
  @Test func sameDensity() {
    let draws = Self.draws(seed: 9, chains: 4, count: 50, correlation: 0)
    let table = Self.tables(draws)[1]
    let ratio = MultistateRatio(logDensities: [table, table.map { $0 + 3 }, table], counts: [200, 200, 200])
    #expect(abs(ratio.logConstants[0]) < 1e-9 && abs(ratio.logConstants[1] - 3) < 1e-9)
    #expect(ratio.standardErrors(in: batches).allSatisfy { $0 < 1e-9 })
    #expect(abs(ratio.overlap(0, 1, in: batches) - 1) < 1e-9)
    #expect(ratio.sharedDraws(in: batches).allSatisfy { abs($0 - 400.0 / 3) < 1e-6 })
  }

  /// Draws of a tilted density with the weights that undo the tilt stand for the density itself.
  @Test func weights() {
    let draws = Self.draws(seed: 12, chains: 4, count: 500, correlation: 0)
    let tables = Self.tables(draws)
    let tilt = draws.indices.map { $0 < 2000 ? 0.5 * draws[$0] : 0 }
    let total = tilt.prefix(2000).reduce(0) { $0 + exp($1) }
    let weights = tilt.indices.map { $0 < 2000 ? tilt[$0] + log(2000 / total) : 0 }
    let ratio = MultistateRatio(
      logDensities: [draws.map { -pow($0 - 0.5, 2) / 2 }, tables[1], tables[2]], counts: [2000, 2000, 2000],
      logWeights: weights)
    let shape = Array(repeating: MultistateRatio.Batch(chains: 4, drawsPerChain: 500), count: 3)
    // 5 standard errors: by chance in fewer than one of 10⁶ runs.
    #expect(abs(ratio.logConstants[0] - log(1 / 1.5)) < 5 * ratio.standardErrors(in: shape)[0])
  }
}
