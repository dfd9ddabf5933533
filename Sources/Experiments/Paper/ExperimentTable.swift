import Evaluation

/// The paper's table of one repetition, ours beside the published figures.
public struct ExperimentTable: Sendable, Codable, Equatable {
  /// One model.
  public struct Row: Sendable, Codable, Equatable {
    /// What the table calls it.
    public var label: String
    /// Ours; nil where the fit failed.
    public var scores: ModelScores?
    /// Why there are none, a sentence.
    public var failure: String?
    /// Why it was not fitted at all, a sentence; nil where it was to be.
    public var leftOut: String?
    /// The paper's; nil of models that it does not have.
    public var published: PublishedScores?
    /// Metrics that differ from the paper's by more than two joint standard errors.
    public var differing: [PaperMetric]

    /// Whether it was sampled and its chains disagree.
    public var hasNotConverged: Bool { scores?.hasNotConverged ?? false }
  }

  /// What Algorithm 1 chose of one model's trials.
  public struct Choice: Sendable, Codable, Equatable {
    /// The model.
    public var model: String
    /// The trials and why.
    public var selection: ModelSelection
    /// Trials that failed and so took no part, and trials that took part with chains that disagree: the end of a sentence
    /// each.
    public var doubts: [String]
  }

  /// The random numbers of the repetition.
  public var seed: UInt64
  /// The models.
  public var rows: [Row]
  /// What was chosen among trials.
  public var choices: [Choice]

  /// The table of a plan whose jobs have run.
  public init(_ plan: ExperimentPlan, _ results: [ExperimentResult]) {
    seed = plan.seed
    var byKey: [String: ExperimentResult] = [:]
    for result in results where result.seed == plan.seed { byKey[result.key] = result }
    func selection(_ keys: [String]) -> (keys: [String], selection: ModelSelection) {
      var trials: [SelectionTrial] = []
      var used: [String] = []
      for key in keys {
        guard let scores = byKey[key]?.scores, let metric = scores.leaveOneOut?.elpd else { continue }
        used.append(key)
        trials.append(
          SelectionTrial(
            name: scores.detail, metric: metric, experts: scores.experts ?? 1, parameters: scores.parameters))
      }
      return (used, ModelSelection(trials, threshold: plan.settings.threshold))
    }
    func doubt(_ key: String) -> String? {
      guard let scores = byKey[key]?.scores, scores.leaveOneOut != nil else {
        return "\(key) failed and takes no part (\(byKey[key]?.failure ?? "there is no result"))"
      }
      guard scores.hasNotConverged else { return nil }
      return "\(key) takes part although its chains disagree (R-hat of \(ModelScores.rHatLimit) or more)"
    }
    choices = plan.choices.map { choice in
      Choice(
        model: choice.model, selection: selection(choice.candidates).selection,
        doubts: choice.candidates.compactMap(doubt))
    }
    rows = plan.rows.map { row in
      let (used, selection) = selection(row.candidates)
      let best = selection.best.map { used[$0] } ?? row.candidates.first { byKey[$0]?.scores != nil }
      let result = (best ?? row.candidates.first).flatMap { byKey[$0] }
      let published = row.published.flatMap { plan.settings.experiment.published($0) }
      return Row(
        label: row.label, scores: result?.scores, failure: result?.failure, leftOut: row.leftOut, published: published,
        differing: PaperMetric.allCases.filter { metric in
          published?.differs(metric, from: result?.scores.flatMap { metric.value(of: $0) }) ?? false
        })
    }
  }

  /// The label of the model with the largest value of a sum; nil where no model has one.
  public func best(_ metric: PaperMetric) -> String? {
    rows.compactMap { row in row.scores.flatMap { metric.value(of: $0) }.map { (row.label, $0.value) } }
      .filter { $0.1.isFinite }.max { $0.1 < $1.1 }?.0
  }
}
