import Evaluation
import Experiments
import Testing

/// The paper's tables as facts, and the marks beside them.
struct PublishedScoresTests {
  @Test func tablesAreComplete() {
    #expect(PaperExperiment.switch.published.map(\.model) == ["MoE", "BoE", "CoCoAFusE"])
    #expect(PaperExperiment.transition.published.map(\.model) == ["MoE3", "MoE2", "BoE", "CoCoAFusE"])
    for experiment in [PaperExperiment.wind, .motorcycle, .pdb] {
      #expect(experiment.published.map(\.model) == ["MoE", "BoE", "CoCoAFusE", "BNN", "GPR"])
      for row in experiment.published {
        let hasDensity = row.model != "GPR"
        #expect((row[.loo] != nil) == hasDensity && (row[.lppd] != nil) == hasDensity)
        #expect((row.largestRHat != nil) == hasDensity)
        #expect(row[.r2] != nil && row[.r2]?.standardError == nil)
      }
    }
    for experiment in PaperExperiment.allCases {
      for row in experiment.published {
        #expect(row[.coverage] != nil && row[.length] != nil && row[.squaredError] != nil && row[.crps] == nil)
      }
    }
  }

  @Test(arguments: [
    (PaperExperiment.switch, "BoE", PaperMetric.loo, -646.62, 41.13 as Double?),
    (.transition, "MoE2", .lppd, -415.83, 21.86), (.transition, "CoCoAFusE", .length, 1.22, 0.01),
    (.wind, "CoCoAFusE", .lppd, 639, 203), (.wind, "GPR", .squaredError, 0.0196, 0.0037),
    (.motorcycle, "MoE", .loo, 46.78, 12.35), (.motorcycle, "BNN", .r2, 0.6253, nil),
    (.pdb, "BNN", .loo, -37, 33), (.pdb, "MoE", .length, 1.69, 0.02),
  ])
  func figuresAreThePapers(
    experiment: PaperExperiment, model: String, metric: PaperMetric, value: Double, error: Double?
  ) throws {
    let score = try #require(experiment.published(model)?[metric])
    #expect(abs(score.value - value) < 1e-12)
    #expect(score.standardError == error)
  }

  @Test func marksAreBeyondTwoJointErrors() throws {
    // 46.78 ± 12.35 beside errors of 5: the joint error is 13.324, twice that 26.648.
    let published = try #require(PaperExperiment.motorcycle.published("MoE"))
    #expect(published.differs(.loo, from: Score(value: 46.78 + 26.6, standardError: 5)) == false)
    #expect(published.differs(.loo, from: Score(value: 46.78 + 26.7, standardError: 5)) == true)
    #expect(published.differs(.loo, from: Score(value: 46.78 - 26.7, standardError: 5)) == true)
    // R² is printed without an error, CRPS not at all, and ours may be missing.
    #expect(published.differs(.r2, from: Score(value: 0, standardError: 0.1)) == nil)
    #expect(published.differs(.crps, from: Score(value: 0, standardError: 0.1)) == nil)
    #expect(published.differs(.loo, from: nil) == nil)
    // A row of probability 0 leaves no error, and is a difference all the same.
    #expect(published.differs(.loo, from: Score(value: -.infinity, standardError: nil)) == true)
    // 1.21 ± 0.00 stands for an error below 0.005.
    let blend = try #require(PaperExperiment.transition.published("BoE"))
    #expect(blend.differs(.length, from: Score(value: 1.219, standardError: 0)) == false)
    #expect(blend.differs(.length, from: Score(value: 1.221, standardError: 0)) == true)
  }
}
