import Diagnostics
import Experts
import Foundation
import Testing
import _TestSupport

/// Posterior summaries made by an independent sampler, with their Monte Carlo errors.
struct ReferencePosterior: Decodable {
  struct Parameter: Decodable {
    let mean: Double
    let mcseMean: Double
    let sd: Double
    let mcseSd: Double
    let q5: Double
    let q50: Double
    let q95: Double
    let mcseQ5: Double
    let mcseQ50: Double
    let mcseQ95: Double
  }

  struct Total: Decodable {
    let mean: Double
    let mcse: Double
    let sd: Double
  }

  /// By the maker's names; see `ours(_:expertFeatures:gateFeatures:)`.
  let posterior: [String: Parameter]
  /// Of the total log-likelihood.
  let totalLoglik: Total

  init(_ problem: String) throws {
    let file = try #require(SharedData.file("golden/reference_\(problem).json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in
      // Names of parameters have dots and stay; names of fields are in snake case.
      guard let key = path.last?.stringValue, key.contains("_") else {
        return ReferenceKey(path.last?.stringValue ?? "")
      }
      let words = key.split(separator: "_").map(String.init)
      return ReferenceKey(words[0] + words.dropFirst().map(\.capitalized).joined())
    }
    self = try decoder.decode(Self.self, from: Data(contentsOf: file))
  }

  /// Our name of the maker's `B.j.k`, whose feature comes first, and so on.
  static func ours(_ name: String, expertFeatures: [String], gateFeatures: [String]) -> String? {
    let parts = name.split(separator: ".")
    let numbers = parts.dropFirst().compactMap { Int($0) }
    guard let first = numbers.first else { return nil }
    return switch parts[0] {
    case "a": "intercept[\(first)]"
    case "sigma": "sigma[\(first)]"
    case "bB": "behaviour[\(gateFeatures[first - 1])]"
    case "B": "slope[\(numbers[1]),\(expertFeatures[first - 1])]"
    case "G": "gate[\(numbers[1]),\(gateFeatures[first - 1])]"
    default: nil
    }
  }

  /// Means, standard deviations and quantiles of every parameter, and the mean and standard deviation of the total
  /// log-likelihood.
  func comparisons(with sampled: SampledExperts, expertFeatures: [String], gateFeatures: [String]) throws
    -> [Comparison]
  {
    let found = sampled.parameters
    #expect(posterior.count == found.count)
    var result: [Comparison] = []
    for (name, expected) in posterior.sorted(by: { $0.key < $1.key }) {
      let ours = try #require(Self.ours(name, expertFeatures: expertFeatures, gateFeatures: gateFeatures))
      let draws = try #require(found[ours])
      result.append(
        Comparison("mean of \(ours)", draws.mean, MonteCarloError.mean(draws), expected.mean, expected.mcseMean))
      result.append(
        Comparison(
          "sd of \(ours)", draws.standardDeviation, MonteCarloError.standardDeviation(draws), expected.sd,
          expected.mcseSd))
      for (probability, value, error) in [
        (0.05, expected.q5, expected.mcseQ5), (0.5, expected.q50, expected.mcseQ50),
        (0.95, expected.q95, expected.mcseQ95),
      ] {
        result.append(
          Comparison(
            "quantile \(probability) of \(ours)", draws.quantile(probability),
            MonteCarloError.quantile(draws, probability), value, error))
      }
    }
    let likelihood = sampled.logLikelihood
    let meanError = MonteCarloError.mean(likelihood)
    let sdError = MonteCarloError.standardDeviation(likelihood)
    // The reference leaves the error of this sd out: ours, scaled as the errors of the two means are.
    let expectedError = sdError * totalLoglik.mcse / meanError
    result.append(
      Comparison("mean log-likelihood", likelihood.mean, meanError, totalLoglik.mean, totalLoglik.mcse))
    result.append(
      Comparison("sd of log-likelihood", likelihood.standardDeviation, sdError, totalLoglik.sd, expectedError))
    return result
  }
}

private struct ReferenceKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil
  init(_ text: String) { stringValue = text }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// The rows of `golden/data/NAME.csv`: a response, expert features xe1 … and gate features phi1 … with the bias first.
func referenceRows(_ name: String) throws -> ExpertRows {
  let file = try #require(SharedData.file("golden/data/\(name).csv"))
  let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
  let header = lines[0].split(separator: ",").map(String.init)
  let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
  #expect(rows.allSatisfy { $0.count == header.count })
  func columns(_ prefix: String) -> (names: [String], values: [Double]) {
    let indices = header.indices.filter { header[$0].hasPrefix(prefix) }
    return (indices.map { header[$0] }, indices.flatMap { index in rows.map { $0[index] } })
  }
  let (experts, gate) = (columns("xe"), columns("phi"))
  return ExpertRows(
    expertNames: experts.names, expertFeatures: experts.values, gateNames: gate.names, gateFeatures: gate.values,
    response: columns("y").values)
}
