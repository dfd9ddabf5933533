import Diagnostics
import Foundation
import LogDensities
import Testing
import _TestSupport

@testable import Sampling

/// Posteriors with reference draws (posteriordb): every mean and standard deviation within 4 Monte Carlo standard errors,
/// ours and the reference's combined, and rank-normalised split R-hat below 1.01.
///
/// 44 parameters, 88 comparisons: false alarm below 1 % for one seed, and the seed is fixed.
@Suite(
  .enabled(
    if: SharedData.file("data/posteriordb/summary.json") != nil,
    "The reference posteriors are not beside the checkout."))
struct PosteriordbTests {
  private struct Moments: Decodable {
    let mean: Double
    let sd: Double
  }

  /// A parameter as the reference names it, from our position.
  private struct Quantity {
    let name: String
    let value: (Span<Double>) -> Double

    init(_ name: String, _ value: @escaping (Span<Double>) -> Double) {
      self.name = name
      self.value = value
    }
  }

  private struct Summary: Decodable { let parameters: [String: Moments] }

  private func data(_ name: String) throws -> [String: [Double]] {
    let url = try #require(SharedData.file("data/posteriordb/\(name).data.json"))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: NSObject])
    return object.compactMapValues { value in
      if let number = value as? NSNumber { return [number.doubleValue] }
      return (value as? [NSNumber])?.map(\.doubleValue)
    }
  }

  private func check<D: LogDensity>(
    _ name: String, _ density: D, metric: MetricKind = .diagonal, draws: Int = 2000, targetAcceptance: Double = 0.8,
    _ parameters: [Quantity]
  ) async throws {
    var stream = RandomStream(seed: 1, purpose: .test)
    var stress = StressTest()
    stress.positions = 20
    stress.scales = [0.3]
    stress.extremes = []
    #expect(stress.run(density, stream: &stream).isEmpty)

    let summaries = try JSONDecoder().decode(
      [String: Summary].self,
      from: Data(contentsOf: #require(SharedData.file("data/posteriordb/summary.json"))))
    let reference = try #require(summaries[name]).parameters
    #expect(Set(reference.keys) == Set(parameters.map(\.name)))
    let sampler = try MultiChainSampler(
      SamplerSettings(draws: draws, targetAcceptance: targetAcceptance, metric: metric, seed: 2024, threads: 2))
    let states = try await sampler.start(density, iteration: 0).states
    let sample = try await sampler.sample(
      density, from: states, warmup: .full(transitions: 1000), draws: draws, iteration: 1
    ).sample
    for parameter in parameters {
      let expected = try #require(reference[parameter.name])
      let chains = sample.map(parameter.value)
      let draws = chains.flatMap { $0 }
      let count = Double(draws.count)
      let mean = draws.reduce(0, +) / count
      let sd = (draws.reduce(0) { $0 + pow($1 - mean, 2) } / count).squareRoot()
      // The reference has 10,000 nearly independent draws; the error of its sd needs the kurtosis, taken from ours.
      let kurtosis = draws.reduce(0) { $0 + pow(($1 - mean) / sd, 4) } / count
      let meanError = hypot(MonteCarloError.mean(chains), expected.sd / 100)
      let sdError = hypot(
        MonteCarloError.standardDeviation(chains), expected.sd * (kurtosis - 1).squareRoot() / 200)
      #expect(abs(mean - expected.mean) < 4 * meanError, "mean of \(parameter.name)")
      #expect(abs(sd - expected.sd) < 4 * sdError, "sd of \(parameter.name)")
      #expect(RHat.rankNormalised(chains) < 1.01, "R-hat of \(parameter.name)")
    }
  }

  private func coefficients(_ names: [String]) -> [Quantity] {
    let count = names.count
    var result = names.enumerated().map { index, name in Quantity(name) { $0[index] } }
    result.append(Quantity("sigma") { exp($0[count]) })
    return result
  }

  @Test func eightSchools() async throws {
    let data = try data("eight_schools")
    let density = EightSchools(y: try #require(data["y"]), sigma: try #require(data["sigma"]))
    var quantities = [Quantity("mu") { $0[0] }, Quantity("tau") { exp($0[1]) }]
    for school in 0..<8 {
      quantities.append(Quantity("theta[\(school + 1)]") { $0[0] + exp($0[1]) * $0[2 + school] })
    }
    try await check("eight_schools-eight_schools_noncentered", density, targetAcceptance: 0.9, quantities)
  }

  @Test(arguments: [MetricKind.dense, .lowRank])
  func kidscoreMomIQ(metric: MetricKind) async throws {
    let data = try data("kidiq")
    let y = try #require(data["kid_score"])
    let density = Regression(
      columns: [y.map { _ in 1 }, try #require(data["mom_iq"])], y: y, priors: nil, sigmaPrior: .halfCauchy(2.5))
    try await check("kidiq-kidscore_momiq", density, metric: metric, coefficients(["beta[1]", "beta[2]"]))
  }

  @Test func kidscoreInteraction() async throws {
    let data = try data("kidiq")
    let y = try #require(data["kid_score"])
    let (school, iq) = (try #require(data["mom_hs"]), try #require(data["mom_iq"]))
    let density = Regression(
      columns: [y.map { _ in 1 }, school, iq, zip(school, iq).map { $0 * $1 }], y: y, priors: nil,
      sigmaPrior: .halfCauchy(2.5))
    try await check(
      "kidiq-kidscore_interaction", density, metric: .lowRank, coefficients((1...4).map { "beta[\($0)]" }))
  }

  @Test func logEarnInteraction() async throws {
    let data = try data("earnings")
    let y = try #require(data["earn"]).map { log($0) }
    let (height, male) = (try #require(data["height"]), try #require(data["male"]))
    let density = Regression(
      columns: [y.map { _ in 1 }, height, male, zip(height, male).map { $0 * $1 }], y: y, priors: nil,
      sigmaPrior: .flat)
    try await check(
      "earnings-logearn_interaction", density, metric: .dense, coefficients((1...4).map { "beta[\($0)]" }))
  }

  @Test func autoregression() async throws {
    let series = try #require(try data("arK")["y"])
    let lags = 5
    let columns = (1...lags).map { lag in (lags..<series.count).map { series[$0 - lag] } }
    let density = Regression(
      columns: [columns[0].map { _ in 1 }] + columns, y: Array(series[lags...]),
      priors: Array(repeating: (0, 10), count: lags + 1), sigmaPrior: .halfCauchy(2.5))
    try await check("arK-arK", density, coefficients(["alpha"] + (1...lags).map { "beta[\($0)]" }))
  }

  @Test func gaussianProcess() async throws {
    let data = try data("gp_pois_regr")
    try await check(
      "gp_pois_regr-gp_regr", GaussianProcess(x: try #require(data["x"]), y: try #require(data["y"])),
      [
        Quantity("rho") { exp($0[0]) }, Quantity("alpha") { exp($0[1]) },
        Quantity("sigma") { exp($0[2]) },
      ])
  }

  @Test func gaussianMixture() async throws {
    let data = try data("low_dim_gauss_mix")
    try await check(
      "low_dim_gauss_mix-low_dim_gauss_mix", OrderedMixture(y: try #require(data["y"])), draws: 1500,
      [
        Quantity("mu[1]") { $0[0] }, Quantity("mu[2]") { $0[0] + exp($0[1]) },
        Quantity("sigma[1]") { exp($0[2]) }, Quantity("sigma[2]") { exp($0[3]) },
        Quantity("theta") { 1 / (1 + exp(-$0[4])) },
      ])
  }

  @Test func kilpisjarvi() async throws {
    let data = try data("kilpisjarvi_mod")
    func number(_ name: String) throws -> Double { try #require(data[name]?.first) }
    let (x, y) = (try #require(data["x"]), try #require(data["y"]))
    let priors = [
      (mean: try number("pmualpha"), sd: try number("psalpha")),
      (mean: try number("pmubeta"), sd: try number("psbeta")),
    ]
    let density = Regression(columns: [x.map { _ in 1 }, x], y: y, priors: priors, sigmaPrior: .flat)
    try await check("kilpisjarvi_mod-kilpisjarvi", density, metric: .dense, coefficients(["alpha", "beta"]))
  }
}
