import Evaluation

/// An experiment with all its repetitions.
public struct ExperimentReport: Sendable, Codable, Equatable {
  /// One model over repetitions.
  public struct Spread: Sendable, Codable, Equatable {
    /// What tables call the model.
    public var label: String
    /// The mean of each metric over repetitions with, as its error, the standard deviation over repetitions.
    public var metrics: [PaperMetric: Score]
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
    var differing: [PaperMetric: Int] = [:]
    for metric in PaperMetric.allCases {
      let values = rows.compactMap { $0.scores.flatMap { metric.value(of: $0)?.value } }.filter(\.isFinite)
      guard !values.isEmpty else { continue }
      let mean = Score.mean(of: values)
      metrics[metric] = Score(
        value: mean.value, standardError: mean.standardError.map { $0 * Double(values.count).squareRoot() })
      if rows[0].published?[metric]?.standardError != nil {
        differing[metric] = rows.count { $0.differing.contains(metric) }
      }
    }
    let sampled = rows.compactMap(\.scores).filter(\.isSampled)
    let rHats = sampled.compactMap(\.largestRHat)
    return Spread(
      label: label, metrics: metrics, bestLeaveOneOut: tables.count { $0.best(.loo) == label },
      bestDensity: tables.count { $0.best(.lppd) == label }, differing: differing,
      largestRHat: rHats.count == sampled.count ? rHats.max() : nil, failures: rows.count { $0.scores == nil })
  }
}
