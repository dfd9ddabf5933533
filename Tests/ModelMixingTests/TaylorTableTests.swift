import Diagnostics
import Foundation
import Testing
import _TestSupport

@testable import ModelMixing

/// Two Taylor expansions of sin x1 + cos x2 against the table of Taweret's tree mixing, with the limits of its own test.
@Suite struct TaylorTableTests {
  private static let train = SharedData.file("data/taweret/bart_2d_train.csv")
  private static let reference = SharedData.file("data/taweret/bart_2d_reference.csv")

  private static func columns(_ file: URL) throws -> [[Double]] {
    let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
      .map { $0.split(separator: ",").compactMap { Double($0) } }
    return (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column] } }
  }

  /// Σ_{j ≤ order} g⁽ʲ⁾(a) (x − a)ʲ/j! where g and its derivatives at a have period 4 in j.
  private static func expansion(_ derivatives: [Double], order: Int, at a: Double, _ x: Double) -> Double {
    var term = 1.0
    return (0...order).reduce(0) { sum, j in
      if j > 0 { term *= (x - a) / Double(j) }
      return sum + derivatives[j % 4] * term
    }
  }

  private static func rows(_ x1: [Double], _ x2: [Double]) throws -> MixingRows {
    func sine(_ order: Int, _ a: Double) -> [Double] {
      x1.map { expansion([sin(a), cos(a), -sin(a), -cos(a)], order: order, at: a, $0) }
    }
    func cosine(_ order: Int, _ a: Double) -> [Double] {
      x2.map { expansion([cos(a), -sin(a), -cos(a), sin(a)], order: order, at: a, $0) }
    }
    return MixingRows(
      inputs: [x1, x2],
      predictions: [zip(sine(7, .pi), cosine(10, .pi)).map(+), zip(sine(13, -.pi), cosine(6, -.pi)).map(+)])
  }

  private static func meanError(_ found: [PredictionSummary], _ expected: [Double]) -> Double {
    zip(found, expected).reduce(0) { $0 + abs($1.0.mean - $1.1) } / Double(expected.count)
  }

  @Test(
    .enabled(if: TaylorTableTests.train != nil && TaylorTableTests.reference != nil, "the shared data are not here"),
    arguments: [UInt64(1), 2, 3]) func agreesWithTheReference(seed: UInt64) async throws
  {
    let train = try Self.columns(#require(Self.train))
    let reference = try Self.columns(#require(Self.reference))
    let mixing = try TreeMixing(
      TreeMixingData(rows: Self.rows(train[0], train[1]), response: train[2]),
      prior: TreeMixingPrior(
        trees: 30, tree: TreePrior(minimumLeafRows: 4), leaves: .nonInformative(models: 2, trees: 30, k: 2.5),
        noise: .around(0.01 / 1.4.squareRoot(), degrees: 5)))
    let sample = try await mixing.sample(TreeSamplingSettings(chains: 4, warmup: 1000, draws: 2500, seed: seed))
    let predictions = try await sample.predict(at: Self.rows(reference[0], reference[1]), probabilities: [])
    #expect(Self.meanError(predictions.mixture, reference[2]) < 0.10)
    #expect(Self.meanError(predictions.weights[0], reference[3]) < 0.05)
    #expect(Self.meanError(predictions.weights[1], reference[4]) < 0.05)
    let sigmas = sample.sigmas.flatMap { $0 }
    #expect(abs(sigmas.reduce(0, +) / Double(sigmas.count) - 0.1) < 0.05)
  }
}
