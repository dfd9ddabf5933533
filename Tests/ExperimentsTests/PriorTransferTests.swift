import Experiments
import Experts
import Priors
import Testing

/// Priors tuned on one model and imposed on another.
struct PriorTransferTests {
  private let rows = ExpertRows(
    expertNames: ["x"], expertFeatures: [-1, 0, 1, 2], gateNames: ["bias", "x"],
    gateFeatures: [1, 1, 1, 1, -1, 0, 1, 2], response: [0, 1, 0, 2])

  @Test func priorsComeBackAsTheyWere() throws {
    var priors = ExpertPriors()
    priors.slopes = .normal(location: 0.5, scale: 2)
    let model = try ExpertModel(.cocoafuse, experts: 2, data: rows, priors: priors)
    let again = try ExpertModel(
      .cocoafuse, experts: 2, data: rows, priors: model.priors(at: model.hyperparameters))
    #expect(again.hyperparameters.values == model.hyperparameters.values)
    #expect(again.layout.families == model.layout.families)
  }

  @Test func aModelWithoutBehaviourTakesTheRest() throws {
    let fused = try ExpertModel(.cocoafuse, experts: 2, data: rows)
    let moved = fused.hyperparameters.moved(to: fused.hyperparameters.free.indices.map { 0.1 * Double($0 + 1) })
    let plain = try ExpertModel(.moe, experts: 2, data: rows)
    let imposed = try ExpertModel(
      .moe, experts: 2, data: rows, priors: fused.priors(at: moved).restricted(to: plain.parameterNames))
    for (name, prior) in fused.priors(at: moved).overrides where plain.parameterNames.contains(name) {
      #expect(imposed.priors(at: imposed.hyperparameters).overrides[name] == prior)
    }
    #expect(!plain.parameterNames.contains("behaviour[bias]"))
    #expect(throws: (any Error).self) {
      try ExpertModel(.moe, experts: 2, data: rows, priors: fused.priors(at: moved))
    }
  }
}
