import Foundation
import Testing
import _TestSupport

/// What the reference file says about one of its posteriors, `unordered` or `ordered` by intercept.
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

  private struct Posterior: Decodable {
    let variantShare: [String: Double]
    let effectiveDraws: Double
    let quantities: [String: Quantity]
    let predictiveFirst20: [Row]
  }

  private struct File: Decodable {
    let unordered: Posterior
    let ordered: Posterior
  }

  /// Of W, P and Q.
  let shares: [Double]
  let loglik: Quantity
  /// The effective number of draws behind everything.
  let effectiveDraws: Double
  /// Log-likelihood, mean β, sorted σ.
  let quantities: [(name: String, value: Quantity)]
  let rows: [Row]

  init(_ name: String) throws {
    let url = try #require(SharedData.file("golden/reference_power_cocoafuse.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let file = try decoder.decode(File.self, from: Data(contentsOf: url))
    let posterior = name == "ordered" ? file.ordered : file.unordered
    shares = try ["W", "P", "Q"].map { try #require(posterior.variantShare[$0]) }
    quantities = try ["loglik", "mean_beta", "sigma_sorted_1", "sigma_sorted_2", "sigma_sorted_3"].map {
      ($0, try #require(posterior.quantities[$0]))
    }
    loglik = quantities[0].value
    effectiveDraws = posterior.effectiveDraws
    rows = posterior.predictiveFirst20
  }

  /// The file's errors come from a few chains and scatter by factors of two to four about sd / √(effective draws), far
  /// below it for some rows: the larger of the two is used.
  func error(_ mcse: Double, sd: Double) -> Double { max(mcse, sd / effectiveDraws.squareRoot()) }
}
