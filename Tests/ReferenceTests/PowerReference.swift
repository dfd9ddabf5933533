import Foundation
import Testing
import _TestSupport

/// What the reference file says about the unordered posterior.
struct PowerReference {
  struct Quantity: Decodable {
    let mean: Double
    let sd: Double
    let mcse: Double
  }

  struct Row: Decodable {
    let mean: Double
    let predictiveSd: Double
    let mcseMean: Double
    let posteriorSdOfMean: Double
  }

  private struct Unordered: Decodable {
    let variantShare: [String: Double]
    let effectiveDraws: Double
    let quantities: [String: Quantity]
    let predictiveFirst20: [Row]
  }

  private struct File: Decodable { let unordered: Unordered }

  /// Of W, P and Q.
  let shares: [Double]
  let loglik: Quantity
  /// The effective number of draws behind everything.
  let effectiveDraws: Double
  /// Log-likelihood, mean β, sorted σ.
  let quantities: [(name: String, value: Quantity)]
  let rows: [Row]

  init() throws {
    let url = try #require(SharedData.file("golden/reference_power_cocoafuse.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let unordered = try decoder.decode(File.self, from: Data(contentsOf: url)).unordered
    shares = try ["W", "P", "Q"].map { try #require(unordered.variantShare[$0]) }
    quantities = try ["loglik", "mean_beta", "sigma_sorted_1", "sigma_sorted_2", "sigma_sorted_3"].map {
      ($0, try #require(unordered.quantities[$0]))
    }
    loglik = quantities[0].value
    effectiveDraws = unordered.effectiveDraws
    rows = unordered.predictiveFirst20
  }

  /// The file's errors come from a few chains and scatter by factors of two to four about sd / √(effective draws), far
  /// below it for some rows: the larger of the two is used.
  func error(_ mcse: Double, sd: Double) -> Double { max(mcse, sd / effectiveDraws.squareRoot()) }
}
