import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing

/// The outer gradient of experts models, (38) and (38) + γ (40), from NUTS draws against quadrature of the marginal
/// likelihood and of H, for every hyperparameter, with and without an ordering.
///
/// Each within 4.5 of its own standard errors, and H too: 5 cases with 22 comparisons on average, a false alarm in
/// 0.1 % of seeds were errors normal; the seed is fixed.
struct OuterGradientTests {
  @Test(arguments: [
    (Combination.moe, false), (.boe, false), (.cocoafuse, false), (.moe, true), (.cocoafuse, true),
  ])
  func gradientIsThatOfQuadrature(combination: Combination, isOrdered: Bool) async throws {
    let problem = TinyExperts(combination: combination, isOrdered: isOrdered)
    let model = try problem.model()
    let lambda = model.hyperparameters
    let sampled = try await SampledExperts(
      model, settings: SamplerSettings(warmup: 500, draws: 5000, targetAcceptance: 0.9, seed: 81, threads: 2))
    #expect(sampled.worstRHat < 1.01)
    let quadrature = TinyQuadrature(problem)
    let center = quadrature.evaluate(at: lambda.free)
    let slopes = lambda.free.indices.map { index in
      let (above, below) = (neighbour(lambda.free, index, 1), neighbour(lambda.free, index, -1))
      let (high, low) = (quadrature.evaluate(at: above), quadrature.evaluate(at: below))
      let step = above[index] - below[index]
      return ((high.logEvidence - low.logEvidence) / step, (high.entropy - low.entropy) / step)
    }
    var worst = 0.0
    for weight in [0, 0.7] {
      let found = try Objective(entropyWeight: weight).estimate(sampled.draws, of: model, at: lambda)
      for (index, (evidence, entropy)) in slopes.enumerated() {
        let gradient = found.gradient[index]
        let z = abs(gradient.value - evidence - weight * entropy) / gradient.standardError
        worst = max(worst, z)
        #expect(z < 4.5, "\(lambda.coordinates[index].name), weight \(weight): \(gradient), \(evidence), \(entropy)")
        // An error this small tells a wrong gradient: that of a scale's logarithm is of size 1.
        #expect(gradient.standardError < 0.1)
      }
      let entropy = try #require(found.entropy)
      worst = max(worst, abs(entropy.value - center.entropy) / entropy.standardError)
      #expect(abs(entropy.value - center.entropy) < 4.5 * entropy.standardError)
    }
    print("outer gradient: \(combination) ordered \(isOrdered): worst z \(worst), \(sampled.summary(worst: nil))")
    guard isOrdered else { return }
    // The normaliser's part must not be lost in the noise.
    let found = try Objective().estimate(sampled.draws, of: model, at: lambda)
    let rise =
      quadrature.logOrderProbability(at: neighbour(lambda.free, 0, 1))
      - quadrature.logOrderProbability(at: neighbour(lambda.free, 0, -1))
    let step = neighbour(lambda.free, 0, 1)[0] - neighbour(lambda.free, 0, -1)[0]
    #expect(abs(rise / step) > 10 * found.gradient[0].standardError)
  }

  private func neighbour(_ free: [Double], _ index: Int, _ direction: Double) -> [Double] {
    var moved = free
    moved[index] += direction * 1e-4
    return moved
  }
}
