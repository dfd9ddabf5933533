import Diagnostics
import Experts
import Foundation
import LogDensities
import Priors
import Sampling
import Testing

/// Simulation-based calibration of CoCoAFusE (Talts et al. 2018): with θ from the prior and y from the model, the rank of
/// any f(θ, y) among posterior draws is uniform. Data are simulated by code of this file, not by the likelihood under test.
///
/// Every quantity is free of the experts' numbering, because chains need not visit both numberings. Each is tested
/// twice, by χ² over 20 bins (limit: the 99.95 % point with 19 degrees of freedom) and by its mean rank (3.5 standard
/// errors); 12 quantities give a false alarm in at most 1.2 % of seeds, and the seed is fixed.
struct SimulationBasedCalibrationTests {
  private static let replications = 200
  private static let bins = 20
  /// Thinned draws for a replication; ranks run from 0 to this.
  private static let draws = 99
  private static let chiSquareLimit = 45.97

  /// Two experts with one feature, a gate with two: 10 parameters.
  private struct Design {
    let x: [Double]
    let z: [Double]
    let priors: ExpertPriors

    init(rows: Int) {
      var stream = RandomStream(seed: 71, purpose: .simulation)
      x = (0..<rows).map { _ in stream.normal() }
      z = (0..<rows).map { _ in stream.normal() }
      var priors = ExpertPriors()
      priors.slopes = .laplace(location: 0, scale: 0.7)
      priors.gate = .normal(location: 0, scale: 1.2)
      priors.behaviour = .laplace(location: 0.3, scale: 1)
      priors.noise = .logNormal(location: -0.7, scale: 0.5)
      self.priors = priors
    }

    /// a_1, a_2, b_1, b_2, gate (2), behaviour (2), ln σ_1, ln σ_2.
    func parameters(_ stream: inout RandomStream) -> [Double] {
      func laplace(_ location: Double, _ scale: Double) -> Double {
        let p = stream.openUniform() - 0.5
        return location - scale * (p < 0 ? -1 : 1) * log(1 - 2 * abs(p))
      }
      return [laplace(0, 1), laplace(0, 1), laplace(0, 0.7), laplace(0, 0.7)]
        + [1.2 * stream.normal(), 1.2 * stream.normal(), laplace(0.3, 1), laplace(0.3, 1)]
        + [-0.7 + 0.5 * stream.normal(), -0.7 + 0.5 * stream.normal()]
    }

    /// One response a row: the expert by its weight, then the fused Gaussian (10).
    func responses(_ theta: [Double], _ stream: inout RandomStream) -> [Double] {
      x.indices.map { row in
        let share = 1 / (1 + exp(-(theta[4] + theta[5] * z[row])))
        let beta = 1 / (1 + exp(-(theta[6] + theta[7] * z[row])))
        let mu = [theta[0] + theta[2] * x[row], theta[1] + theta[3] * x[row]]
        let variance = [exp(2 * theta[8]), exp(2 * theta[9])]
        let expert = stream.uniform() < share ? 0 : 1
        let mean = beta * mu[expert] + (1 - beta) * (share * mu[0] + (1 - share) * mu[1])
        let blend = share * variance[0] + (1 - share) * variance[1]
        return mean + (beta * variance[expert] + (1 - beta) * blend).squareRoot() * stream.normal()
      }
    }

    func model(_ y: [Double]) throws -> ExpertModel {
      try ExpertModel(
        .cocoafuse, experts: 2,
        data: ExpertRows(
          expertNames: ["x"], expertFeatures: x, gateNames: ["bias", "z"], gateFeatures: x.map { _ in 1 } + z,
          response: y), priors: priors)
    }
  }

  private static let names = [
    "log-likelihood", "mean behaviour", "smaller sigma", "larger sigma", "predictive mean at the first row",
    "predictive mean at the last row", "smaller intercept", "larger intercept", "behaviour[bias]", "behaviour[z]",
    "|gate[1,bias]|", "|gate[1,z]|",
  ]

  private static func quantities(_ model: ExpertModel, _ q: Span<Double>) -> [Double] {
    let all = model.convergenceQuantities(at: q)
    return [all[0], all[1], all[2], all[3], all[4], all[all.count - 1]]
      + [min(q[0], q[1]), max(q[0], q[1]), q[6], q[7], abs(q[4]), abs(q[5])]
  }

  /// Draws whose worst quantity is worth at least two draws for each that is kept.
  private static func sample(_ model: ExpertModel, replication: Int) async throws -> (draws: [[[Double]]], ess: Double)
  {
    let sampler = try MultiChainSampler(
      SamplerSettings(targetAcceptance: 0.9, seed: 7000 + UInt64(replication), threads: 2))
    let posterior = try model.posterior(given: model.hyperparameters)
    let smoothed = try model.smoothedPosterior(given: model.hyperparameters)
    var states = try await sampler.start(posterior, searching: smoothed, iteration: 0).states
    var plan = WarmUpPlan.full(transitions: 300)
    var best: (draws: [[[Double]]], ess: Double) = ([], 0)
    for (iteration, thinning) in [1, 4, 16].enumerated() {
      let (sample, ends) = try await sampler.sample(
        posterior, from: states, warmup: plan, draws: 250, iteration: UInt32(iteration), thinning: thinning)
      states = ends
      plan = .none
      let values = (0..<sample.count).map { sample.withPosition($0) { quantities(model, $0) } }
      best.draws = names.indices.map { index in
        (0..<4).map { chain in (0..<250).map { values[chain * 250 + $0][index] } }
      }
      best.ess = best.draws.map { EffectiveSampleSize.bulk($0) }.min() ?? 0
      if best.ess >= Double(2 * draws) { break }
    }
    return best
  }

  @Test func ranksAreUniform() async throws {
    let design = Design(rows: 50)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: Self.bins), count: Self.names.count)
    var sums = [Double](repeating: 0, count: Self.names.count)
    var effective: [Double] = []
    for replication in 0..<Self.replications {
      var stream = RandomStream(seed: 72, chain: UInt32(replication), purpose: .simulation)
      let theta = design.parameters(&stream)
      let model = try design.model(design.responses(theta, &stream))
      let truth = Self.quantities(model, theta.span)
      let (draws, ess) = try await Self.sample(model, replication: replication)
      effective.append(ess)
      for (index, chains) in draws.enumerated() {
        let thinned = chains.flatMap { chain in stride(from: 9, to: 250, by: 10).map { chain[$0] } }.prefix(Self.draws)
        let rank = thinned.count { $0 < truth[index] }
        counts[index][rank * Self.bins / (Self.draws + 1)] += 1
        sums[index] += (Double(rank) + 0.5) / Double(Self.draws + 1)
      }
    }
    #expect(effective.sorted()[Self.replications / 20] > Double(Self.draws), "thinned draws are not independent")
    let expected = Double(Self.replications) / Double(Self.bins)
    for (index, name) in Self.names.enumerated() {
      let chiSquare = counts[index].reduce(0.0) { $0 + pow(Double($1) - expected, 2) / expected }
      let z = (sums[index] / Double(Self.replications) - 0.5) * (12 * Double(Self.replications)).squareRoot()
      print("calibration: \(name) chi-square \(chiSquare), z \(z)")
      #expect(chiSquare < Self.chiSquareLimit, "\(name): \(counts[index])")
      #expect(abs(z) < 3.5, "\(name): \(z)")
    }
    print("calibration: ESS smallest \(effective.min() ?? 0), median \(effective.sorted()[Self.replications / 2])")
  }
}
