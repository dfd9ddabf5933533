import EmpiricalBayes
import Experts
import LogDensities
import TuningIO

/// Held-out log predictive density, tuned priors against initial ones: the one fair judge of tuning.
struct HeldOutComparison: Sendable, Codable {
  let rows: Int
  /// The sum over held-out rows (26) at the tuned priors, with the standard error from the rows' spread. The density is that
  /// of the target on the model's scale.
  let tuned: Estimate
  /// The same at the initial priors.
  let initial: Estimate
  /// Tuned − initial, with the standard error of the rows' paired differences.
  let difference: Estimate

  /// The refitted folds that the rows were held out in; nil for rows that no fit has seen.
  let folds: Int?
  /// Why the two cannot be compared; nil where they can.
  let doubt: String?
  /// The sums for densities of the target in its own units; nil in files of earlier versions. Their difference is the same.
  private(set) var inTargetUnits: Sums?

  /// Sums over held-out rows.
  struct Sums: Sendable, Codable {
    let tuned: Estimate
    let initial: Estimate
  }

  init(tuned: [Double], initial: [Double], doubt: String?, folds: Int? = nil) {
    self.doubt = doubt
    self.folds = folds
    rows = tuned.count
    self.tuned = Self.sum(tuned)
    self.initial = Self.sum(initial)
    difference = Self.sum(zip(tuned, initial).map { $0 - $1 })
  }

  /// With the sums in the target's own units beside those on the model's scale.
  func undoing(_ scaling: ResponseScaling) -> HeldOutComparison {
    let shift = scaling.logDensityShift(rows: rows)
    func moved(_ sum: Estimate) -> Estimate { Estimate(value: sum.value + shift, standardError: sum.standardError) }
    var comparison = self
    comparison.inTargetUnits = Sums(tuned: moved(tuned), initial: moved(initial))
    return comparison
  }

  /// The sums that people are shown.
  var shown: Sums { inTargetUnits ?? Sums(tuned: tuned, initial: initial) }

  /// What the shown sums are densities of.
  var scale: String {
    inTargetUnits == nil ? "of the target on the model's scale" : "of the target in its own units"
  }

  /// A sum over N rows has standard error √(N · variance of a row).
  static func sum(_ values: [Double]) -> Estimate {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Estimate(
      value: values.reduce(0, +), standardError: values.count > 1 ? (count * squares / (count - 1)).squareRoot() : .nan)
  }

  /// What the numbers amount to.
  var sentence: String {
    let shown = shown
    guard rows > 1, difference.value.isFinite else {
      return
        "Held-out log predictive density (LPPD, a density \(scale)): tuned \(NumberText.significant(shown.tuned.value)), initial priors"
        + " \(NumberText.significant(shown.initial.value)). \(rows == 1 ? "One row" : "That") cannot show whether tuning helped."
    }
    let gain = NumberText.withError(difference.value, difference.standardError)
    let numbers =
      "Held-out log predictive density of \(rows) rows\(folds.map { ", each predicted without its fold of \($0)" } ?? "") (LPPD, a density \(scale)):"
      + " tuned \(NumberText.withError(shown.tuned.value, shown.tuned.standardError)),"
      + " initial priors \(NumberText.withError(shown.initial.value, shown.initial.standardError)), difference \(gain)."
    let verdict: String
    if let doubt {
      verdict = "No verdict: \(doubt)."
    } else if difference.value > 2 * difference.standardError {
      verdict = "Tuning helped prediction."
    } else if difference.value < -2 * difference.standardError {
      verdict = "Tuning made prediction worse: prefer the initial priors."
    } else {
      verdict = "Tuning made no difference to prediction that these rows can show."
    }
    return numbers + " " + verdict
  }
}

extension WeightedSample {
  /// ln p(y | x, data) of every row of `rows`.
  func logPredictiveDensity(of rows: ExpertRows, _ architecture: ExpertArchitecture) throws -> [Double] {
    try PosteriorPredictive(architecture, positions: sample.positions, logWeights: logWeights, rows: rows)
      .logPredictiveDensity
  }
}
