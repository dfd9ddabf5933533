import Foundation
import LogDensities
import Testing

@testable import ModelMixing

@Suite struct TreePriorsTests {
  private func leafPrior(_ means: [Double], _ logScales: [Double]) throws -> LeafPrior {
    try LeafPrior(means: means, scales: logScales.map { exp($0) })
  }

  @Test func leafDensityScoreAndInformation() throws {
    let leaves = [[0.1, -0.2], [0.3, 0.15], [-0.05, 0.4], [0.2, 0.25]]
    let ensemble = TreeEnsemble(trees: leaves.map { RegressionTree(leaf: $0) }, sigma: 1)
    let statistics = ensemble.leafStatistics(models: 2)
    #expect(statistics.leaves == 4)
    #expect(abs(statistics.sum(model: 1) - 0.6) < 1e-15)
    #expect(abs(statistics.squares(about: 0, model: 0) - 0.1425) < 1e-15)
    let means = [0.07, 0.2]
    let logs = [-1.1, -0.6]
    let prior = try leafPrior(means, logs)
    let direct = leaves.reduce(0.0) { total, leaf in
      (0..<2).reduce(total) {
        $0 - logs[$1] - 0.5 * log(2 * Double.pi) - 0.5 * pow((leaf[$1] - means[$1]) / exp(logs[$1]), 2)
      }
    }
    #expect(abs(prior.logDensity(statistics) - direct) < 1e-13)

    let score = prior.score(statistics)
    let information = prior.information(statistics)
    let step = 1e-5
    for model in 0..<2 {
      func moved(_ mean: Double, _ scale: Double) throws -> LeafPrior {
        var (m, s) = (means, logs)
        m[model] += mean
        s[model] += scale
        return try leafPrior(m, s)
      }
      func difference(_ body: (Double) throws -> Double) rethrows -> Double {
        try (body(step) - body(-step)) / (2 * step)
      }
      #expect(try abs(difference { try moved($0, 0).logDensity(statistics) } - score.means[model]) < 1e-7)
      #expect(try abs(difference { try moved(0, $0).logDensity(statistics) } - score.logScales[model]) < 1e-7)
      #expect(
        try abs(difference { try moved($0, 0).score(statistics).means[model] } + information.means[model]) < 1e-6)
      #expect(try abs(difference { try moved(0, $0).score(statistics).means[model] } + information.cross[model]) < 1e-6)
      #expect(
        try abs(difference { try moved(0, $0).score(statistics).logScales[model] } + information.logScales[model])
          < 1e-6)
    }
  }

  /// Leaves of split trees only are counted.
  @Test func statisticsSkipInternalNodes() {
    var tree = RegressionTree(leaf: [9])
    tree.split(0, by: SplitRule(variable: 0, cut: 0))
    tree.values[1] = 2
    tree.values[2] = 4
    let statistics = TreeEnsemble(trees: [tree], sigma: 1).leafStatistics(models: 1)
    #expect(statistics == LeafStatistics(leaves: 2, means: [3], squares: [2]))
  }

  @Test func namedLeafPriors() throws {
    let wide = try LeafPrior.nonInformative(models: 2, trees: 30, k: 2.5)
    #expect(wide.means == [1 / 60.0, 1 / 60.0])
    #expect(abs(wide.scales[0] - 1 / (5 * 30.0.squareRoot())) < 1e-16)
    let narrow = try LeafPrior.informative(models: 4, trees: 10, k: 2)
    #expect(narrow.means == [Double](repeating: 1 / 40.0, count: 4))
    #expect(narrow.scales == [Double](repeating: 1 / 40.0, count: 4))
    #expect(throws: MixingError.self) { try LeafPrior.informative(models: 0, trees: 10) }
    #expect(throws: MixingError.self) { try LeafPrior.informative(models: 2, trees: 10, k: 0) }
    #expect(throws: MixingError.self) { try LeafPrior(means: [0, 1], scales: [1]) }
    #expect(throws: MixingError.self) { try LeafPrior(means: [.nan], scales: [1]) }
    #expect(throws: MixingError.self) { try LeafPrior(means: [0], scales: [0]) }
  }

  @Test func noiseDensityScoreAndMode() throws {
    let prior = NoisePrior.around(0.3, degrees: 5)
    // The density integrates to 1 (trapezium in ln σ), and that of σ², p(σ)/(2σ), is highest at 0.3².
    let step = 1e-3
    let grid = stride(from: -8.0, to: 8.0, by: step)
    #expect(abs(grid.reduce(0) { $0 + step * exp(prior.logDensity(sigma: exp($1)) + $1) } - 1) < 1e-9)
    func ofVariance(_ sigma: Double) -> Double { prior.logDensity(sigma: sigma) - log(sigma) }
    #expect(ofVariance(0.3) > ofVariance(0.3001) && ofVariance(0.3) > ofVariance(0.2999))
    func at(_ logScale: Double) -> NoisePrior { .scaledInverseChiSquare(degrees: 5, scale: exp(logScale)) }
    let difference = (at(-2 + 1e-5).logDensity(sigma: 0.4) - at(-2 - 1e-5).logDensity(sigma: 0.4)) / 2e-5
    #expect(abs(at(-2).logScaleScore(sigma: 0.4) - difference) < 1e-8)
    let second = (at(-2 + 1e-5).logScaleScore(sigma: 0.4) - at(-2 - 1e-5).logScaleScore(sigma: 0.4)) / 2e-5
    #expect(abs(at(-2).logScaleInformation(sigma: 0.4) + second) < 1e-8)
    #expect(NoisePrior.known(1).logDensity(sigma: 1) == 0 && NoisePrior.known(1).logScaleScore(sigma: 1) == 0)
  }

  /// Mean and variance of χ² draws, shapes below and above 1; six |z| < 5: false-alarm rate 4e-6.
  @Test(arguments: [0.7, 3, 41]) func chiSquareDraws(degrees: Double) {
    var stream = RandomStream(seed: 77, purpose: .test)
    let count = 50_000
    let draws = (0..<count).map { _ in stream.chiSquare(degrees) }
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + pow($1 - degrees, 2) } / Double(count)
    let n = Double(count)
    #expect(abs(mean - degrees) < 5 * (2 * degrees / n).squareRoot())
    // Var[(x − ν)²] = 8 ν² + 48 ν.
    #expect(abs(variance - 2 * degrees) < 5 * ((8 * degrees * degrees + 48 * degrees) / n).squareRoot())
  }
}
