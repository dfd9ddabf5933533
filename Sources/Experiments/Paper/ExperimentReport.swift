import Evaluation

/// An experiment with all its repetitions.
public struct ExperimentReport: Sendable, Codable, Equatable {
  /// One model over repetitions.
  public struct Spread: Sendable, Codable, Equatable {
    /// What tables call the model.
    public var label: String
    /// The mean of each metric over the repetitions in which it is finite with, as its error, the standard deviation over
    /// them; −∞ where it is finite in none.
    public var metrics: [PaperMetric: Score]
    /// In how many repetitions each metric is finite: the others failed, or a row has probability 0.
    public var finite: [PaperMetric: Int]
    /// Repetitions in which it had the best LOO of all models.
    public var bestLeaveOneOut: Int
    /// Repetitions in which it had the best LPPD.
    public var bestDensity: Int
    /// Repetitions in which each metric differed from the paper's by more than two joint standard errors.
    public var differing: [PaperMetric: Int]
    /// The largest R-hat of all repetitions; nil where one is infinite or the model is not sampled.
    public var largestRHat: Double?
    /// Repetitions that failed.
    public var failures: Int
    /// Repetitions with warnings.
    public var warned: Int
    /// Warnings of all repetitions.
    public var warnings: Int
  }

  /// What was asked for.
  public var settings: ExperimentSettings
  /// What a reader should know about the rows, a sentence each.
  public var notes: [String]
  /// One a repetition.
  public var tables: [ExperimentTable]
  /// Every model over repetitions.
  public var spreads: [Spread]

  /// The report of plans whose jobs have run.
  public init(_ plans: [ExperimentPlan], _ results: [ExperimentResult]) {
    precondition(!plans.isEmpty, "a report is about something")
    settings = plans[0].settings
    notes = [plans[0].problem.summary] + plans[0].problem.notes
    let tables = plans.map { ExperimentTable($0, results) }
    self.tables = tables
    spreads = plans[0].rows.indices.map { Self.spread(of: $0, over: tables) }
  }

  private static func spread(of row: Int, over tables: [ExperimentTable]) -> Spread {
    let rows = tables.map { $0.rows[row] }
    let label = rows[0].label
    var metrics: [PaperMetric: Score] = [:]
    var finite: [PaperMetric: Int] = [:]
    var differing: [PaperMetric: Int] = [:]
    for metric in PaperMetric.allCases {
      let all = rows.compactMap { $0.scores.flatMap { metric.value(of: $0)?.value } }
      guard let first = all.first else { continue }
      let values = all.filter(\.isFinite)
      finite[metric] = values.count
      if values.isEmpty {
        metrics[metric] = Score(value: first, standardError: nil)
      } else {
        let mean = Score.mean(of: values)
        metrics[metric] = Score(
          value: mean.value, standardError: mean.standardError.map { $0 * Double(values.count).squareRoot() })
      }
      if rows[0].published?[metric]?.standardError != nil {
        differing[metric] = rows.count { $0.differing.contains(metric) }
      }
    }
    let sampled = rows.compactMap(\.scores).filter(\.isSampled)
    let rHats = sampled.compactMap(\.largestRHat)
    let warnings = rows.compactMap { $0.scores?.warnings.count }
    return Spread(
      label: label, metrics: metrics, finite: finite, bestLeaveOneOut: tables.count { $0.best(.loo) == label },
      bestDensity: tables.count { $0.best(.lppd) == label }, differing: differing,
      largestRHat: rHats.count == sampled.count ? rHats.max() : nil, failures: rows.count { $0.failure != nil },
      warned: warnings.count { $0 > 0 }, warnings: warnings.reduce(0, +))
  }
}
