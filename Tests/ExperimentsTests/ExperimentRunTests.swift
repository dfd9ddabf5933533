import Evaluation
import Experiments
import Experts
import Foundation
import GaussianProcesses
import LogDensities
import NeuralNetworks
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

  /// A response in other units: densities are divided by the factor, lengths and errors multiplied, probabilities the same.
  /// 4 is a power of 2, so that standardised rows and all draws are the same, bit for bit.
  @Test(arguments: ["GPR", "BNN"]) func theBaselinesKnowTheScale(key: String) async throws {
    func scores(_ factor: Double) async throws -> ModelScores {
      var stream = RandomStream(seed: 4, purpose: .test)
      func rows(_ count: Int) -> ExpertRows {
        let x = (0..<count).map { _ in stream.normal() }
        let y = x.map { factor * (2 + sin($0) + 0.2 * stream.normal()) }
        return ExpertRows(
          expertNames: ["x"], expertFeatures: x, gateNames: ["bias"], gateFeatures: x.map { _ in 1 }, response: y)
      }
      let baseline = try BaselineRows(training: rows(40), test: rows(20), target: "y")
      if key == "GPR" {
        return try await .process(
          kernel: "constant * rbf + white", rows: baseline, settings: GaussianProcessFitSettings(starts: 2, threads: 1))
      }
      let network = try NeuralNetworkModel(
        rows: NeuralNetworkRows(
          featureNames: baseline.names, features: baseline.training[0], response: baseline.response), hiddenUnits: 2)
      var settings = FitSettings()
      settings.sampler.warmup = 150
      settings.sampler.draws = 100
      return try await PosteriorFit(network, settings).scores(rows: baseline)
    }
    let (one, four) = (try await scores(1), try await scores(4))
    let (first, second) = (try #require(one.test), try #require(four.test))
    func isNear(_ a: Double?, _ b: Double?) -> Bool {
      guard let a, let b else { return false }
      return abs(a - b) <= 1e-9 * max(1, abs(a))
    }
    #expect(isNear(four.leaveOneOut?.elpd.value, one.leaveOneOut.map { $0.elpd.value - 40 * log(4) }))
    #expect(isNear(second.lppd?.value, first.lppd.map { $0.value - 20 * log(4) }))
    #expect(isNear(second.intervalLength.value, 4 * first.intervalLength.value))
    #expect(isNear(second.expectedSquaredError.value, 16 * first.expectedSquaredError.value))
    #expect(isNear(second.crps.value, 4 * first.crps.value))
    #expect(isNear(second.r2.value, first.r2.value) && isNear(second.coverage.value, first.coverage.value))
    #expect(zip(one.probabilities, four.probabilities).allSatisfy { isNear($0, $1) } && one.probabilities.count == 20)
  }

  @Test func theBaselinesSeeEveryFeatureOnce() throws {
    let rows = ExpertRows(
      expertNames: ["x"], expertFeatures: [1, 2, 3, 4], gateNames: ["bias", "x", "z"],
      gateFeatures: [1, 1, 1, 1, 1, 2, 3, 4, 5, 1, 0, 2], response: [-3, 3, -3, 3])
    let baseline = try BaselineRows(training: rows, test: rows, target: "y")
    #expect(baseline.names == ["x", "z"])
    #expect(baseline.response == [-1, 1, -1, 1])
    #expect(baseline.observed == rows.response)
    #expect(baseline.training == baseline.test)
    var flat = rows
    flat.response = [2, 2, 2, 2]
    #expect {
      try BaselineRows(training: flat, test: nil, target: "load")
    } throws: { "\($0)".contains("The target load is 2.0") }
  }

  /// Trials of Algorithm 1 that failed or whose chains disagree are named beside the choice; a repetition whose LOO is −∞ is
  /// not silently left out of a mean.
  @Test func whatIsNotToBeBelievedIsNamed() throws {
    var settings = settings
    settings.experts = [2, 3]
    settings.fitsBaselines = false
    let plans = try [1, 2].map { try ExperimentPlan(settings, seed: $0, data: none) }
    let results = plans.flatMap { plan in
      plan.jobs.enumerated().map { index, job in
        var result = ExperimentResult(key: job.key, seed: job.seed)
        if index == 1 {
          result.failure = "it broke."
        } else {
          let isImpossible = (2...3).contains(index) && plan.seed == 2
          result.scores = ModelScores(
            name: "x", detail: job.key, experts: 2, parameters: 8,
            leaveOneOut: LeaveOneOut(exact: [-1, isImpossible ? -.infinity : -2]), test: nil,
            largestRHat: index == 0 ? 1.2 : 1.001, isSampled: true, warnings: index == 0 ? ["one.", "two."] : [])
        }
        return result
      }
    }
    let report = ExperimentReport(plans, results)
    let doubts = report.tables[0].choices.map(\.doubts)
    #expect(doubts[0].count == 2 && doubts[1].isEmpty && doubts[2].isEmpty)
    #expect(doubts[0][0].contains("2 experts") && doubts[0][0].contains("disagree"))
    #expect(doubts[0][1].contains("3 experts") && doubts[0][1].contains("it broke."))
    #expect(report.spreads[0].warned == 2 && report.spreads[0].warnings == 4)
    #expect(report.spreads[1].finite[.loo] == 1 && report.spreads[1].metrics[.loo]?.value == -3)
  }

  /// Rows with the same inputs and no noise: the matrix is singular, and what was done about it is said.
  @Test func jitterIsSaid() async throws {
    let x: [Double] = [0, 0, 1, 2, 3, 4]
    let rows = ExpertRows(
      expertNames: ["x"], expertFeatures: x, gateNames: ["bias"], gateFeatures: x.map { _ in 1 },
      response: [1, 1, 2, 0, 1, 3])
    let scores = try await ModelScores.process(
      kernel: "rbf(1 fixed)", rows: BaselineRows(training: rows, test: nil, target: "y"),
      settings: GaussianProcessFitSettings(threads: 1))
    #expect(scores.warnings.contains { $0.contains("was added to its diagonal") })
  }

  /// Beyond its limit the process is left out, with a sentence in place of a fit.
  @Test func aProcessOfManyRowsIsLeftOut() throws {
    var settings = settings
    settings.rows = ExperimentPlan.mostProcessRows + 1
    let plan = try ExperimentPlan(settings, seed: 1, data: none)
    #expect(!plan.jobs.contains { $0.key == "GPR" } && plan.jobs.contains { $0.key == "BNN" })
    let row = try #require(ExperimentReport([plan], []).tables[0].rows.last)
    #expect(row.label == "GPR" && row.failure == nil && row.leftOut?.contains("5001 rows") == true)
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
