import Evaluation
import Experiments
import Experts
import Testing

/// Jobs, tables and reports on tiny runs.
struct ExperimentRunTests {
  private let none: NumericColumns? = nil

  private var settings: ExperimentSettings {
    var settings = ExperimentSettings(.switch)
    settings.rows = 60
    settings.slope = 4
    settings.experts = [2]
    settings.gateDegrees = [1]
    settings.sampler.warmup = 150
    settings.sampler.draws = 100
    return settings
  }

  @Test func threadsChangeNothingAndFinishedFitsAreKept() async throws {
    var settings = settings
    let plan = try ExperimentPlan(settings, seed: 1, data: none)
    let one = try await ExperimentRunner(concurrency: 1).run(plan.jobs)
    settings.sampler.threads = 3
    let threaded = try ExperimentPlan(settings, seed: 1, data: none)
    let several = try await ExperimentRunner(concurrency: 3).run(threaded.jobs)
    #expect(one == several)
    #expect(one.allSatisfy { $0.failure == nil })
    var marked = one[1]
    marked.scores?.detail = "kept"
    var fitted: [String] = []
    let resumed = try await ExperimentRunner(concurrency: 2).run(plan.jobs, finished: [marked]) {
      fitted.append($0.key)
    }
    #expect(resumed[1] == marked && !fitted.contains(marked.key) && fitted.count == plan.jobs.count - 1)
    let report = ExperimentReport([plan], one)
    #expect(report.tables[0].rows.map(\.label) == ["MoE", "BoE", "CoCoAFusE", "BNN", "GPR"])
    // Two regimes in the rows: a mixture predicts better than one bell curve about the mean.
    let loo = report.tables[0].rows.map { $0.scores?.leaveOneOut?.elpd.value ?? .nan }
    #expect(loo[0] > loo[1] + 20 && loo[2] > loo[1] + 20 && loo[0] > loo[4] + 20)
    for (row, published) in zip(report.tables[0].rows, PaperExperiment.switch.published) {
      let own = try #require(row.scores?.leaveOneOut?.elpd)
      #expect(row.differing.contains(.loo) == published.differs(.loo, from: own))
    }
  }

  @Test func theBaselinesKnowTheScale() throws {
    // Standardised by 3 means ln 3 less of density.
    let rows = ExpertRows(
      expertNames: ["x"], expertFeatures: [1, 2, 3, 4], gateNames: ["bias", "x", "z"],
      gateFeatures: [1, 1, 1, 1, 1, 2, 3, 4, 5, 1, 0, 2], response: [-3, 3, -3, 3])
    let baseline = try BaselineRows(training: rows, test: rows)
    #expect(baseline.names == ["x", "z"])
    #expect(baseline.response == [-1, 1, -1, 1])
    #expect(baseline.observed == rows.response)
    #expect(baseline.training == baseline.test)
  }

  @Test func priorsGoFromOneModelToTheNext() async throws {
    let job = ExperimentJob(key: "first", seed: 1, predecessor: nil) { _ in
      var priors = ExpertPriors()
      priors.slopes = .normal(location: 0, scale: 7)
      return .init(scores: Self.scores("first"), priors: priors)
    }
    let next = ExperimentJob(key: "next", seed: 1, predecessor: "first") { priors in
      .init(scores: Self.scores(priors?.slopes == .normal(location: 0, scale: 7) ? "taken" : "lost"), priors: nil)
    }
    let failing = ExperimentJob(key: "failing", seed: 2, predecessor: nil) { _ in throw ExperimentError.noData(.wind) }
    let after = ExperimentJob(key: "after", seed: 2, predecessor: "failing") { _ in
      .init(scores: Self.scores("never"), priors: nil)
    }
    let results = try await ExperimentRunner(concurrency: 2).run([next, job, after, failing])
    #expect(results[0].scores?.name == "taken")
    #expect(results[2].scores == nil && results[2].failure?.contains("were not tuned") == true)
    #expect(results[3].failure?.contains("T1.csv") == true)
  }

  private static func scores(_ name: String) -> ModelScores {
    ModelScores(name: name, parameters: 1, leaveOneOut: nil, test: nil, largestRHat: nil, isSampled: false)
  }
}
