import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing

/// ln L of experts whose priors tell them apart, with and without an ordering, against quadrature: the symmetric prior that is
/// sampled and the weights for the ordering have to make up for all of it.
///
/// Within 4.5 standard errors each: a false alarm in fewer than one of 10⁴ seeds; the seed is fixed.
@Suite struct EvidenceOrderingTests {
  @Test(arguments: [false, true])
  func againstQuadrature(isOrdered: Bool) async throws {
    let problem = TinyExperts(combination: .moe, isOrdered: isOrdered)
    let model = try problem.model()
    let exact = TinyQuadrature(problem).evaluate(at: model.hyperparameters.values).logEvidence
    let settings = EvidenceSettings(sampler: SamplerSettings(seed: 7, threads: 2), warmup: 200, draws: 300)
    let evidence = try await EvidenceEstimator(model, settings: settings).estimate(at: model.hyperparameters)
    #expect(evidence.estimate.standardError < 0.1)
    #expect(
      abs(evidence.estimate.value - exact) < 4.5 * evidence.estimate.standardError,
      "\(evidence.estimate), exact \(exact)")
  }

  /// Where all experts have the same priors and the gate's is symmetric, an ordering changes nothing: Z = 1/M!, and each of M! orders
  /// has 1/M! of the mass. Draw by draw, then.
  @Test func symmetricPriorsNeedNoWeights() throws {
    func model(_ ordering: Ordering) throws -> ExpertModel {
      try ExpertModel(
        .cocoafuse, experts: 2,
        data: ExpertRows(
          expertNames: [], expertFeatures: [], gateNames: ["bias"], gateFeatures: TinyExperts.y.map { _ in 1 },
          response: TinyExperts.y), ordering: ordering)
    }
    let (plain, ordered) = (try model(.none), try model(.intercepts))
    var random = RandomStream(seed: 8, purpose: .test)
    for _ in 0..<20 {
      let position = (0..<plain.dimension).map { _ in random.normal() }
      #expect(plain.logSymmetryWeight(at: position.span, given: plain.hyperparameters) == 0)
      #expect(abs(ordered.logSymmetryWeight(at: position.span, given: ordered.hyperparameters)) < 1e-10)
    }
  }
}
