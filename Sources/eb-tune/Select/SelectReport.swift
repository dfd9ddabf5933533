import Evaluation
import Experiments
import TuningIO

/// What a selection found: all trials in the order of visiting, why each was accepted or passed over, and the chosen one.
struct SelectReport: Sendable, Codable {
  /// What became of a trial.
  enum Verdict: String, Sendable, Codable {
    case chosen
    case first
    case accepted
    case passedOver = "passed over"
    case dominated
    case unusable
    case failed
  }

  /// One trial.
  struct Entry: Sendable, Codable {
    let name: String
    let configuration: TrialConfiguration
    let parameters: Int
    /// The sum over rows; nil where the trial failed.
    let leaveOneOut: Score?
    /// LOO less that of the chosen trial, with the error of paired differences of rows; nil of the chosen one itself.
    let differenceToChosen: Score?
    /// Rows whose Pareto k is too large.
    let unreliableRows: Int?
    let largestRHat: Double?
    /// The log predictive density of test rows, a sum.
    let testDensity: Score?
    let isInParetoSet: Bool
    let verdict: Verdict
    /// Why, and whether to believe it.
    let sentence: String
    let isDoubtful: Bool
    let gradientEvaluations: Int?
    let seconds: Double?
  }

  let data: String
  let rows: Int
  let testRows: Int
  let threshold: Double
  /// In the order of visiting: by experts, parameters and descending LOO.
  let trials: [Entry]
  let skipped: [SkippedTrial]
  /// What was left out of the grid, and what a reader should know.
  let remarks: [String]
  let chosen: String?
  /// The command that fits the chosen trial; nil where none was usable.
  let command: String?
  var files: [String] = []

  init(
    _ study: Study, _ plan: TrialPlan, _ results: [String: TrialResult], threshold: Double, remarks: [String],
    command: (TrialConfiguration) -> String
  ) {
    data = study.summary
    rows = study.training.count
    testRows = study.test?.count ?? 0
    self.threshold = threshold
    skipped = plan.skipped
    let scored = plan.trials.map { ScoredTrial($0, results[$0.trial.key]) }.sorted()
    let candidates = scored.filter { $0.loo != nil }
    let selection = ModelSelection(candidates.map(\.forSelection), threshold: threshold)
    let best = selection.best.map { candidates[$0] }
    let places = Dictionary(uniqueKeysWithValues: candidates.enumerated().map { ($1.key, $0) })
    trials = scored.map { Entry($0, place: places[$0.key], selection, best: best) }
    chosen = best?.name
    self.command = best.map { command($0.configuration) }
    self.remarks =
      plan.notes + remarks + Self.warnings(trials)
      + (SoundSelection(scored, threshold: threshold).map { [$0.sentence(chosen: best?.name)] } ?? [])
      + (best.map(\.configuration.isTuned) == false
        ? ["The command below also tunes the priors of the chosen model."] : [])
  }

  private static func warnings(_ trials: [Entry]) -> [String] {
    let tuned = trials.count { $0.configuration.isTuned }
    guard tuned > 0 else { return [] }
    return [
      (tuned < trials.count ? "Tuned and untuned trials are compared: " : "All priors were tuned: ")
        + "LOO at priors that were tuned on the same rows is optimistic, since leaving a row out does not leave it out of"
        + " the priors; trust held-out rows (--test-fraction) or the folds of eb-tune tune more."
    ]
  }
}

extension SelectReport.Entry {
  init(_ trial: ScoredTrial, place: Int?, _ selection: ModelSelection, best: ScoredTrial?) {
    let scores = trial.result?.scores
    name = trial.name
    configuration = trial.configuration
    parameters = trial.parameters
    leaveOneOut = trial.loo?.elpd
    unreliableRows = trial.loo?.unreliableRows
    largestRHat = scores?.largestRHat
    testDensity = scores?.test?.lppd
    gradientEvaluations = scores?.gradientEvaluations
    seconds = scores?.seconds
    isInParetoSet = place.map(selection.visited.contains) ?? false
    isDoubtful = !trial.doubts.isEmpty
    if trial.key == best?.key {
      differenceToChosen = nil
    } else if let own = trial.loo, let chosen = best?.loo {
      differenceToChosen = .sum(of: zip(own.rows, chosen.rows).map { $0 - $1 })
    } else {
      differenceToChosen = nil
    }
    guard let place else {
      verdict = .failed
      sentence = "\(trial.name) failed: \(trial.result?.failure ?? "there is no result.")"
      return
    }
    verdict = place == selection.best ? .chosen : Self.verdict(selection.outcomes[place])
    let doubts = trial.doubts.joined(separator: ", and ")
    sentence =
      selection.sentence(for: place) + (doubts.isEmpty ? "" : " Its LOO is not to be believed: \(doubts).")
  }

  private static func verdict(_ outcome: ModelSelection.Outcome) -> SelectReport.Verdict {
    switch outcome {
    case .unusable: .unusable
    case .dominated: .dominated
    case .first: .first
    case .accepted: .accepted
    case .passedOver: .passedOver
    }
  }
}
