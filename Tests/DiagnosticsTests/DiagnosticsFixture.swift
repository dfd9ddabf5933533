import Foundation
import _TestSupport

/// What `make_diagnostics.py` computed with ArviZ.
struct DiagnosticsFixture: Decodable {
  struct ChainCase: Decodable {
    let name: String
    let draws: [[Double]]
    let rhatBulk, rhatFolded, essBulk, essTail, essMean, mcseMean, mcseSD, mean, sd, median: Double
    let essQuantile, mcseQuantile, bfmi, interval: [Double]
  }
  struct ParetoCase: Decodable {
    let name: String
    let logRatios, logWeights: [Double]
    let relativeEfficiency, khat: Double
  }
  struct NormalCase: Decodable { let p, value: Double }
  struct BetaCase: Decodable { let p, alpha, beta, value: Double }

  let probabilities: [Double]
  let chains: [ChainCase]
  let pareto: [ParetoCase]
  let normalQuantiles: [NormalCase]
  let betaQuantiles: [BetaCase]

  static func read() throws -> DiagnosticsFixture {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: Fixtures.file("diagnostics.json")))
  }
}

/// Equal to a relative error of 1e-8, or better for numbers of order one.
func agrees(_ found: Double, _ expected: Double, tolerance: Double = 1e-8) -> Bool {
  abs(found - expected) <= tolerance * abs(expected)
}
