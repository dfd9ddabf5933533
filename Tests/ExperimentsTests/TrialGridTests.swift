import Experiments
import Experts
import LogDensities
import Priors
import Sampling
import Testing

/// Grids of trials: what is built, what is left out, and what is said about it.
struct TrialGridTests {
  private static func rows(_ count: Int, gate: [String] = ["bias", "x"]) -> ExpertRows {
    let x = (0..<count).map { Double($0) / Double(count) }
    return ExpertRows(
      expertNames: ["x"], expertFeatures: x, gateNames: gate,
      gateFeatures: [Double](repeating: 1, count: count) + (1..<gate.count).flatMap { _ in x },
      response: x.map { 2 * $0 })
  }

  private static func gate(_ terms: String, _ names: [String] = ["bias", "x"], rows: Int = 40) -> TrialGrid.Gate {
    TrialGrid.Gate(terms: terms, training: Self.rows(rows, gate: names), test: nil)
  }

  private static let plain = TrialGrid.PriorSet(name: "default", definition: "default") { _, _ in ExpertPriors() }
  private static let wideGate = TrialGrid.PriorSet(name: "wide", definition: "gate=laplace(0,3)") { _, _ in
    var priors = ExpertPriors()
    priors.gate = .laplace(location: 0, scale: 3)
    return priors
  }

  private func grid(
    experts: [Int] = [1, 2], combinations: [Combination] = [.moe], gates: [TrialGrid.Gate] = [gate("x")],
    priors: [TrialGrid.PriorSet] = [plain], tunings: [TuningSettings?] = [nil]
  ) -> TrialGrid {
    TrialGrid(
      experts: experts, combinations: combinations, gates: gates, priorSets: priors, tunings: tunings,
      sampler: SamplerSettings(warmup: 20, draws: 8))
  }

  @Test func everyCombinationOnceByAscendingExperts() {
    let gates = [Self.gate("x"), Self.gate("poly(x,2)", ["bias", "x", "x^2"])]
    let plan = grid(
      experts: [3, 2], combinations: [.cocoafuse, .moe], gates: gates, priors: [Self.plain, Self.wideGate],
      tunings: [nil, TuningSettings(entropyWeight: 0.5)]
    ).planned()
    #expect(plan.trials.count == 2 * 2 * 2 * 2 * 2 && plan.skipped.isEmpty && plan.notes.isEmpty)
    #expect(Set(plan.trials.map(\.trial.key)).count == 32)
    #expect(Set(plan.trials.map(\.configuration)).count == 32)
    #expect(plan.trials.map(\.configuration.experts) == [Int](repeating: 2, count: 16) + [Int](repeating: 3, count: 16))
    for configured in plan.trials {
      let (configuration, model) = (configured.configuration, configured.trial.model)
      #expect(model.architecture.combination == configuration.combination)
      #expect(model.architecture.experts == configuration.experts)
      #expect(model.architecture.gateFeatures == (configuration.gate == "x" ? 2 : 3))
      #expect(configured.trial.settings.tuning?.entropyWeight == configuration.entropyWeight)
      let scales = model.architecture.gate.map { model.hyperparameters.values[model.layout.entries[$0][1]] }
      #expect(scales.allSatisfy { ($0 > 1) == (configuration.priors == "wide") })
    }
    let tuned = plan.trials.first { $0.configuration.isTuned }
    #expect(tuned?.trial.detail == "2 experts, gate x, default priors, tuned, γ = 0.5")
    #expect(tuned?.title == "CoCoAFusE with 2 experts (gate x, default priors, tuned, γ = 0.5)")
  }

  /// One expert: neither model nor gate nor the gate's priors make a difference, and there is no entropy.
  @Test func oneExpertIsRunOnce() throws {
    let plan = grid(
      experts: [1], combinations: Combination.allCases,
      gates: [Self.gate("x"), Self.gate("poly(x,2)", ["bias", "x", "x^2"])], priors: [Self.plain, Self.wideGate],
      tunings: [nil, TuningSettings(entropyWeight: 0), TuningSettings(entropyWeight: 2)]
    ).planned()
    #expect(plan.trials.map(\.configuration.entropyWeight) == [nil, 0])
    let first = try #require(plan.trials.first)
    #expect(first.configuration.combination == .moe && first.configuration.gate.isEmpty)
    // a, b and σ.
    #expect(first.trial.model.dimension == 3)
    #expect(plan.notes.count == 3, "\(plan.notes)")
    for words in ["all models are the same", "no entropy", "default and wide"] {
      #expect(plan.notes.contains { $0.contains(words) }, "\(words) in \(plan.notes)")
    }
  }

  @Test func whatCannotBeFittedIsSkippedWithASentence() throws {
    let named = TrialGrid.PriorSet(name: "named", definition: "sigma[2]") { _, _ in
      var priors = ExpertPriors()
      priors.overrides["sigma[2]"] = .logNormal(location: 0, scale: 0.5)
      return priors
    }
    let plan = grid(experts: [1, 2, 4], gates: [Self.gate("x", rows: 12)], priors: [named]).planned()
    #expect(plan.trials.map(\.configuration.experts) == [2])
    #expect(plan.skipped.map(\.configuration.experts) == [1, 4])
    #expect(plan.skipped[0].reason.contains("sigma[2]"))
    #expect(plan.skipped[1].reason == "Its 18 parameters are more than the 12 rows to fit.")
  }

  /// A key is the same in a larger grid, so that finished trials are found again.
  @Test func keysDoNotDependOnTheGrid() {
    let small = grid().planned().trials.map(\.trial.key)
    let large = grid(
      experts: [1, 2, 3], combinations: [.boe, .moe],
      gates: [Self.gate("poly(x,2)", ["bias", "x", "x^2"]), Self.gate("x")], priors: [Self.wideGate, Self.plain],
      tunings: [TuningSettings(), nil])
    let keys = large.planned().trials.map(\.trial.key)
    // With one expert the wide gate is met first there, and is the same model.
    #expect(Set(small.dropFirst()).isSubset(of: keys))
    #expect(Set(keys).count == keys.count)
  }

  @Test func gateDegrees() throws {
    #expect(try TrialGrid.Gate.terms("x", ofDegree: 1) == "x")
    #expect(try TrialGrid.Gate.terms("x", ofDegree: 3) == "poly(x,3)")
    #expect(
      try TrialGrid.Gate.terms("fourier(m,12,2),poly(t,2),u=x", ofDegree: 3) == "fourier(m,12,2),poly(t,3),u=poly(x,3)")
    #expect(try TrialGrid.Gate.terms("poly(t,2)", ofDegree: 1) == "poly(t,1)")
    #expect(try TrialGrid.Gate.terms("fourier(m,12,2)", ofDegree: 2) == nil)
    #expect(throws: FeatureSyntaxError.self) { try TrialGrid.Gate.terms("x,,", ofDegree: 2) }
  }
}
