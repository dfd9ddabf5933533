import Diagnostics
import EmpiricalBayes
import Foundation
import LogDensities
import Priors
import Sampling
import Testing
import _TestSupport

@testable import ModelMixing

/// Posteriors by NUTS and ln evidence by tempering against quadrature that is written out here.
///
/// Seeds are fixed. Were they not, each comparison of a mean, a standard deviation or ln L at 4.5 Monte Carlo errors would
/// fail for a right sampler with probability 7e-6; the errors are themselves estimated, from 400 effective draws or more, so
/// that 1e-4 for a whole test is a safe bound.
@Suite struct LinearMixingPosteriorTests {
  static let tolerance = 4.5

  static func sample(_ model: LinearMixingModel, draws: Int = 2000) async throws -> PosteriorSample {
    let settings = SamplerSettings(chains: 4, targetAcceptance: 0.9, seed: 5, threads: 2)
    return try await NUTSPosteriorSampler<LinearMixingPosterior>(settings).sample(
      model.posterior(given: model.hyperparameters), from: nil, plan: InnerSampling(.fresh(warmup: 800), draws: draws),
      iteration: 0
    ).sample
  }

  /// Means and standard deviations of all parameters.
  static func compare(
    _ model: LinearMixingModel, _ sample: PosteriorSample, means: [Double], deviations: [Double]
  ) {
    for index in means.indices {
      let draws = sample.map { model.constrained($0)[index] }
      let all = draws.flatMap { $0 }
      let mean = all.reduce(0, +) / Double(all.count)
      let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count - 1)
      #expect(EffectiveSampleSize.bulk(draws) > 400)
      let (error, spread) = (MonteCarloError.mean(draws), MonteCarloError.standardDeviation(draws))
      let name = model.parameterNames[index]
      #expect(abs(mean - means[index]) < tolerance * error, "\(name): \(mean) is not \(means[index]) ± \(error)")
      #expect(
        abs(variance.squareRoot() - deviations[index]) < tolerance * spread,
        "\(name): sd \(variance.squareRoot()) is not \(deviations[index]) ± \(spread)")
    }
  }

  static func compareEvidence(_ model: LinearMixingModel, _ expected: Double) async throws {
    let settings = EvidenceSettings(
      sampler: SamplerSettings(chains: 4, targetAcceptance: 0.9, seed: 8, threads: 2), draws: 300)
    let found = try await EvidenceEstimator(model, settings: settings).estimate(at: model.hyperparameters)
    let estimate = found.estimate
    #expect(estimate.standardError < 0.15)
    #expect(
      abs(estimate.value - expected) < tolerance * estimate.standardError,
      "ln L \(estimate.value) ± \(estimate.standardError) is not \(expected)")
  }

  static func colemanModel() throws -> LinearMixingModel {
    try LinearMixingModel(
      LinearMixture(
        data: colemanData(), models: [ColemanModel(isFirst: true), ColemanModel(isFirst: false)],
        weights: ProbitWeights()),
      priors: LinearMixingPriors(overrides: [
        "weight[theta0]": .uniform(lower: 0, upper: 10), "weight[theta1]": .normal(location: -1, scale: 0.5),
        "model[coleman1,theta]": .uniform(lower: 1, upper: 6),
        "model[coleman2,theta]": .truncatedNormal(location: 2, scale: 2, lower: 0, upper: 6),
      ]))
  }

  /// All four parameters, the two of the weights and the two of the models, on a product of Gauss–Legendre rules.
  static func colemanQuadrature(
    _ data: MixingData, nodes count: Int
  ) -> (logEvidence: Double, means: [Double], deviations: [Double]) {
    // What a normal prior about 2 with standard deviation 2 has between 0 and 6.
    let inside = 0.5 * (erfc(-sqrt(2.0)) - erfc(sqrt(0.5)))
    let axes = [
      legendreNodes(count, 0, 10).map { (x: $0.x, weight: $0.weight / 10) },
      legendreNodes(count, -4, 2).map { (x: $0.x, weight: $0.weight * normalDensity($0.x, -1, 0.25)) },
      legendreNodes(count, 1, 6).map { (x: $0.x, weight: $0.weight / 5) },
      legendreNodes(count, 0, 6).map { (x: $0.x, weight: $0.weight * normalDensity($0.x, 2, 4) / inside) },
    ]
    let (x, y) = (data.inputs[0], data.response)
    let first = axes[2].map { node in
      x.indices.map { normalDensity(y[$0], 0.5 * (x[$0] + node.x) - 2, 0.18) }
    }
    let second = axes[3].map { node in
      x.indices.map { normalDensity(y[$0], -0.5 * (x[$0] - node.x) + 3.7, 0.18) }
    }
    var total = 0.0
    var sums = [Double](repeating: 0, count: 4)
    var squares = sums
    for a in axes[0] {
      for b in axes[1] {
        let weights = x.map { 0.5 * erfc(-(a.x + b.x * $0) * 0.5.squareRoot()) }
        for (i, c) in axes[2].enumerated() {
          for (j, d) in axes[3].enumerated() {
            var mass = a.weight * b.weight * c.weight * d.weight
            for row in x.indices { mass *= weights[row] * first[i][row] + (1 - weights[row]) * second[j][row] }
            total += mass
            for (index, value) in [a.x, b.x, c.x, d.x].enumerated() {
              sums[index] += mass * value
              squares[index] += mass * value * value
            }
          }
        }
      }
    }
    let means = sums.map { $0 / total }
    return (log(total), means, zip(squares, means).map { ($0 / total - $1 * $1).squareRoot() })
  }

  @Test func colemanWithNormalDistributionWeights() async throws {
    let model = try Self.colemanModel()
    #expect(model.isContinuous)
    let exact = Self.colemanQuadrature(model.mixture.data, nodes: 48)
    let coarse = Self.colemanQuadrature(model.mixture.data, nodes: 40)
    #expect(abs(exact.logEvidence - coarse.logEvidence) < 1e-3)
    Self.compare(model, try await Self.sample(model), means: exact.means, deviations: exact.deviations)
    try await Self.compareEvidence(model, exact.logEvidence)
  }

  static func sambaModel(order: Int) throws -> LinearMixingModel {
    let table = try SambaTable.read()
    let rows = stride(from: 4, to: 100, by: 5)
    func column(_ name: String) -> [Double] { rows.map { table[name, default: []][$0] } }
    var stream = RandomStream(seed: 21, purpose: .simulation)
    let noise = 0.02
    let data = try MixingData(
      inputNames: ["g"], inputs: [column("g")], response: column("truth").map { $0 + noise * stream.normal() },
      responseErrors: rows.map { _ in noise })
    let predictions = try ModelPredictions(
      names: ["small", "large"],
      means: [column("small_g_order\(order)_mean"), column("large_g_order\(order)_mean")],
      standardDeviations: [
        column("small_g_order\(order)_std_informative"), column("large_g_order\(order)_std_informative"),
      ])
    return try LinearMixingModel(
      LinearMixture(data: data, predictions: predictions, weights: SwitchCosineWeights()),
      priors: LinearMixingPriors(overrides: [
        "weight[g1]": .uniform(lower: 0, upper: 0.2), "weight[g3]": .uniform(lower: 0.2, upper: 0.5),
        "weight[g2]": .uniform(lower: 0.5, upper: 1),
      ]))
  }

  /// Rows up to g3 depend on g1 and g3 alone, rows above on g3 and g2: a sum of products of two-dimensional integrals.
  static func sambaQuadrature(
    _ mixture: LinearMixture, nodes count: Int
  ) -> (logEvidence: Double, means: [Double], deviations: [Double]) {
    let (x, y) = (mixture.data.inputs[0], mixture.data.response)
    let densities = x.indices.map { row in
      mixture.rows.known.map { known in
        normalDensity(
          y[row], known?.means[row] ?? 0, pow(known?.deviations[row] ?? 0, 2) + pow(mixture.data.responseErrors[row], 2)
        )
      }
    }
    let starts = legendreNodes(count, 0, 0.2).map { (x: $0.x, weight: $0.weight / 0.2) }
    let ends = legendreNodes(count, 0.5, 1).map { (x: $0.x, weight: $0.weight / 0.5) }
    func likelihood(_ row: Int, _ g1: Double, _ g2: Double, _ g3: Double) -> Double {
      let g = x[row]
      let weight: Double
      if g <= g1 {
        weight = 1
      } else if g <= g3 {
        weight = 0.5 * (1 + cos(0.5 * Double.pi * (g - g1) / (g3 - g1)))
      } else if g < g2 {
        weight = 0.5 + 0.5 * cos(0.5 * Double.pi * (1 + (g - g3) / (g2 - g3)))
      } else {
        weight = 0
      }
      return weight * densities[row][0] + (1 - weight) * densities[row][1]
    }
    var total = 0.0
    var sums = [0.0, 0, 0]
    var squares = [0.0, 0, 0]
    for middle in legendreNodes(count, 0.2, 0.5) {
      var below = [0.0, 0, 0]
      var above = [0.0, 0, 0]
      for node in starts {
        let mass = x.indices.filter { x[$0] <= middle.x }.reduce(node.weight) {
          $0 * likelihood($1, node.x, 1, middle.x)
        }
        for power in 0..<3 { below[power] += mass * pow(node.x, Double(power)) }
      }
      for node in ends {
        let mass = x.indices.filter { x[$0] > middle.x }.reduce(node.weight) {
          $0 * likelihood($1, 0, node.x, middle.x)
        }
        for power in 0..<3 { above[power] += mass * pow(node.x, Double(power)) }
      }
      let weight = middle.weight / 0.3
      total += weight * below[0] * above[0]
      sums[0] += weight * below[1] * above[0]
      squares[0] += weight * below[2] * above[0]
      sums[1] += weight * below[0] * above[1]
      squares[1] += weight * below[0] * above[2]
      sums[2] += weight * below[0] * above[0] * middle.x
      squares[2] += weight * below[0] * above[0] * middle.x * middle.x
    }
    let means = sums.map { $0 / total }
    return (log(total), means, zip(squares, means).map { ($0 / total - $1 * $1).squareRoot() })
  }

  @Test(
    .enabled(if: SharedData.file(SambaTable.path) != nil, "needs the shared Taweret data"), arguments: [2, 3])
  func sambaWithSwitchingCosines(order: Int) async throws {
    let model = try Self.sambaModel(order: order)
    #expect(model.isContinuous)
    let exact = Self.sambaQuadrature(model.mixture, nodes: 150)
    let coarse = Self.sambaQuadrature(model.mixture, nodes: 120)
    #expect(abs(exact.logEvidence - coarse.logEvidence) < 1e-3)
    Self.compare(model, try await Self.sample(model), means: exact.means, deviations: exact.deviations)
    try await Self.compareEvidence(model, exact.logEvidence)
  }

  /// Mean mixing with the models' errors weighted, logistic weights of a truncated width, models known.
  @Test func meanMixingWithLogisticWeights() async throws {
    let data = try colemanData()
    let x = data.inputs[0]
    let (rising, falling) = (x.map { 0.5 * ($0 + 4.75) - 2 }, x.map { -0.5 * ($0 - 1.25) + 3.7 })
    let model = try LinearMixingModel(
      LinearMixture(
        data: data,
        predictions: ModelPredictions(
          names: ["rising", "falling"], means: [rising, falling],
          standardDeviations: [x.map { _ in 0.3 }, x.map { _ in 0.6 }]),
        weights: SigmoidWeights(), rule: .mean(.weighted)),
      priors: LinearMixingPriors(overrides: [
        "weight[theta0]": .uniform(lower: 0, upper: 9),
        "weight[theta1]": .truncatedNormal(location: -1, scale: 0.5, lower: -3, upper: -0.2),
      ]))
    #expect(model.isContinuous)
    let inside = 0.5 * (erfc(-1.6 / sqrt(2)) - erfc(4 / sqrt(2)))
    var total = 0.0
    var (sums, squares) = ([0.0, 0], [0.0, 0])
    for a in legendreNodes(100, 0, 9) {
      for b in legendreNodes(100, -3, -0.2) {
        let prior = a.weight / 9 * b.weight * normalDensity(b.x, -1, 0.25) / inside
        let mass = x.indices.reduce(prior) { product, row in
          let weight = 1 / (1 + exp(-(x[row] - a.x) / b.x))
          let rest = 1 - weight
          let variance = weight * weight * 0.09 + rest * rest * 0.36 + 0.09
          return product * normalDensity(data.response[row], weight * rising[row] + rest * falling[row], variance)
        }
        total += mass
        for (index, value) in [a.x, b.x].enumerated() {
          sums[index] += mass * value
          squares[index] += mass * value * value
        }
      }
    }
    let means = sums.map { $0 / total }
    Self.compare(
      model, try await Self.sample(model), means: means,
      deviations: zip(squares, means).map { ($0 / total - $1 * $1).squareRoot() })
    try await Self.compareEvidence(model, log(total))
  }
}
