import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing

/// J = −∇²(ln L + γ H) of experts models from NUTS draws against quadrature: diagonal and first row, an ordering's weights
/// and normaliser among it, without the Laplace location, which has no Louis error.
///
/// The error is the jackknife's over 12 consecutive parts of the sample, on the diagonal at least that of a posterior as wide
/// as the prior: squares of a normal score have a variance of 2 information², those of a log scale's (z² − 1) of 14, with
/// tails so heavy that a jackknife does not see them. Each within 6 of it (t with 11 degrees of freedom): 40 comparisons,
/// a false alarm in 0.4 % of seeds; the seed is fixed.
struct OuterHessianTests {
  @Test(arguments: [(Combination.moe, false, 0.0), (.cocoafuse, true, 0.7)])
  func informationIsThatOfQuadrature(combination: Combination, isOrdered: Bool, gamma: Double) async throws {
    let problem = TinyExperts(combination: combination, isOrdered: isOrdered)
    let model = try problem.model()
    let lambda = model.hyperparameters
    let q = lambda.free.count
    let sampled = try await SampledExperts(
      model, settings: SamplerSettings(warmup: 500, draws: 3000, targetAcceptance: 0.9, seed: 83, threads: 2))
    let uncertainty = { (draws: WeightedSample) in
      try LambdaUncertainty(draws, of: model, at: lambda, objective: Objective(entropyWeight: gamma))
    }
    let whole = try uncertainty(sampled.draws)
    let jackknife = try (0..<12).map { try uncertainty(without($0, sampled.draws)).information }
    let quadrature = TinyQuadrature(problem)
    func objective(_ moves: [(Int, Double)]) -> Double {
      var free = lambda.free
      for (index, move) in moves { free[index] += move }
      let found = quadrature.evaluate(at: free)
      return found.logEvidence + gamma * found.entropy
    }
    let center = objective([])
    let step = 0.02
    let information = model.priorInformation(at: lambda)
    var worst = 0.0
    let known = (0..<q).filter { lambda.coordinates[$0].name != "behaviour[bias].location" }
    #expect(known.count == (combination == .cocoafuse ? q - 1 : q))
    for (i, j) in known.map({ ($0, $0) }) + known.dropFirst().map({ (known[0], $0) }) {
      let truth: Double
      if i == j {
        truth = -(objective([(i, step)]) + objective([(i, -step)]) - 2 * center) / (step * step)
      } else {
        let up = objective([(i, step), (j, step)]) + objective([(i, -step), (j, -step)])
        truth = -(up - objective([(i, step), (j, -step)]) - objective([(i, -step), (j, step)])) / (4 * step * step)
      }
      let found = whole.information[i * q + j]
      let mean = jackknife.reduce(0) { $0 + $1[i * q + j] } / 12
      let error = (jackknife.reduce(0) { $0 + pow($1[i * q + j] - mean, 2) } * 11 / 12).squareRoot()
      let spread = lambda.coordinates[i].name.hasSuffix("scale") ? 14.0 : 2
      let least = i == j ? information[i] * (spread / Double(sampled.draws.sample.count)).squareRoot() : 0
      // The quotient is off by the order of step².
      let z = max(abs(found - truth) - 0.002, 0) / max(error, least)
      worst = max(worst, z)
      #expect(
        z < 6, "\(lambda.coordinates[i].name), \(lambda.coordinates[j].name): \(found) ± \(error), not \(truth)")
    }
    print("outer Hessian: \(combination) ordered \(isOrdered) gamma \(gamma): worst z \(worst)")
  }

  /// The draws but for a twelfth of them.
  private func without(_ part: Int, _ draws: WeightedSample) -> WeightedSample {
    let length = draws.sample.count / 12
    var logWeights = draws.logWeights ?? [Double](repeating: 0, count: draws.sample.count)
    for draw in part * length..<(part + 1) * length { logWeights[draw] = -.infinity }
    return WeightedSample(draws.sample, logWeights: logWeights)
  }
}
