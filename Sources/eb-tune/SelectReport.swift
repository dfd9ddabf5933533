import Evaluation
import Experiments
import TuningIO

/// What a selection found: all trials in the order of visiting, why each was accepted or passed over, and the chosen one.
struct SelectReport: Sendable, Encodable {
  /// What became of a trial.
  enum Verdict: String, Sendable, Encodable {
    case chosen
    case first
    case accepted
    case passedOver = "passed over"
    case dominated
    case unusable
    case failed
  }

  /// One trial.
  struct Entry: Sendable, Encodable {
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
    self.remarks = plan.notes + remarks + Self.warnings(trials, untunedIsChosen: best.map { !$0.configuration.isTuned })
  }

  /// A trial as people call it.
  static func name(_ trial: Trial) -> String { trial.detail.isEmpty ? trial.name : "\(trial.name), \(trial.detail)" }

  /// A place of the grid as people call it.
  static func name(_ configuration: TrialConfiguration) -> String {
    let gate = configuration.experts > 1 ? ", \(configuration.experts) experts, gate \(configuration.gate)" : ""
    return "\(configuration.modelName)\(gate), \(configuration.priors) priors, \(configuration.tuningName)"
  }

  private static func warnings(_ trials: [Entry], untunedIsChosen: Bool?) -> [String] {
    var warnings: [String] = []
    let tuned = trials.count { $0.configuration.isTuned }
    if tuned > 0 {
      warnings.append(
        (tuned < trials.count ? "Tuned and untuned trials are compared: " : "All priors were tuned: ")
          + "LOO at priors that were tuned on the same rows is optimistic, since leaving a row out does not leave it out of"
          + " the priors; trust held-out rows (--test-fraction) or the folds of eb-tune tune more.")
    }
    let doubtful = trials.filter { $0.isDoubtful && $0.isInParetoSet }
    if !doubtful.isEmpty {
      warnings.append(
        "The choice rests on \(doubtful.count == 1 ? "a number" : "numbers") not to be believed"
          + " (\(doubtful.map(\.name).joined(separator: "; "))): more draws (--final-draws, --warmup) may settle R-hat;"
          + " rows with a large Pareto k need held-out rows.")
    }
    if untunedIsChosen == true { warnings.append("The command below also tunes the priors of the chosen model.") }
    return warnings
  }
}

/// A trial with its result, in the order of visiting.
struct ScoredTrial: Comparable, Sendable {
  let key: String
  let name: String
  let configuration: TrialConfiguration
  let parameters: Int
  let result: TrialResult?

  init(_ configured: ConfiguredTrial, _ result: TrialResult?) {
    key = configured.trial.key
    name = SelectReport.name(configured.trial)
    configuration = configured.configuration
    parameters = configured.trial.model.dimension
    self.result = result
  }

  var loo: LeaveOneOut? { result?.scores?.leaveOneOut }
  private var elpd: Double { loo.map(\.elpd.value).flatMap { $0.isNaN ? nil : $0 } ?? -.infinity }

  var forSelection: SelectionTrial {
    SelectionTrial(
      name: name, metric: loo?.elpd ?? Score(value: -.infinity, standardError: nil), experts: configuration.experts,
      parameters: parameters)
  }

  /// Why LOO is not to be believed; empty where it is.
  var doubts: [String] {
    guard let scores = result?.scores, let loo else { return [] }
    var doubts: [String] = []
    if let rHat = scores.largestRHat {
      if !(rHat < 1.05) { doubts.append("R-hat is \(NumberText.fixed(rHat, digits: 3))") }
    } else {
      doubts.append("R-hat is infinite")
    }
    if loo.unreliableRows > 0 {
      doubts.append(
        "\(loo.unreliableRows) of \(loo.rows.count) rows have a Pareto k above"
          + " \(NumberText.fixed(loo.threshold ?? 0.7, digits: 2))")
    }
    return doubts
  }

  static func < (a: ScoredTrial, b: ScoredTrial) -> Bool {
    (a.configuration.experts, a.parameters, -a.elpd, a.key) < (b.configuration.experts, b.parameters, -b.elpd, b.key)
  }

  static func == (a: ScoredTrial, b: ScoredTrial) -> Bool { a.key == b.key }
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
