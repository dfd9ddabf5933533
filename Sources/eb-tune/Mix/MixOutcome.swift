import Diagnostics
import EmpiricalBayes
import Sampling
import TuningIO

/// What a run of a method found, whatever the method.
struct MixOutcome: Sendable {
  /// A scalar with the summary of its draws.
  struct Quantity: Sendable, Codable {
    let name: String
    let mean: Double
    let standardDeviation: Double
    let lower: Double
    let median: Double
    let upper: Double

    /// nil where a draw is not finite.
    init?(_ name: String, _ draws: [[Double]]) {
      guard let summary = DrawSummary(draws) else { return nil }
      self.name = name
      mean = summary.mean
      standardDeviation = summary.standardDeviation
      lower = summary.lower
      median = summary.median
      upper = summary.upper
    }
  }

  /// What was looked at in the final draws.
  struct Checks: Sendable {
    let checks: [SampleChecks.Check]

    /// Whether chains agree well enough to compare what they say.
    var mixed: Bool { checks.first { $0.name == "R-hat" }?.value.map { $0 <= 1.05 } ?? false }
  }

  /// The log predictive density of held-out rows, and beside it that at the initial priors.
  struct HeldOut: Sendable, Codable {
    let comparison: HeldOutComparison?
    let sentence: String

    init(rows: [Double], untuned: [Double]?, _ checks: Checks) {
      guard let untuned else {
        comparison = nil
        let sum = HeldOutComparison.sum(rows)
        sentence =
          "Held-out log predictive density of \(rows.count) row\(rows.count == 1 ? "" : "s") (LPPD):"
          + " \(rows.count > 1 ? NumberText.withError(sum.value, sum.standardError) : NumberText.significant(sum.value))."
        return
      }
      let both = HeldOutComparison(
        tuned: rows, initial: untuned, doubt: checks.mixed ? nil : "the chains disagree"
      ).undoing(.identity)
      comparison = both
      sentence = both.sentence
    }
  }

  let samplerName: String
  let gamma: Double
  /// nil where nothing was tuned.
  let result: TuningResult?
  /// What tuning gained; nil where nothing was tuned, or the initial priors are too far off.
  var evidenceGain: EvidenceGain?
  let coordinates: [RunReport.Coordinate]
  let tuning: [SampleChecks.Check]
  let posterior: [SampleChecks.Check]
  let chains: [String]
  let parameters: [Quantity]
  let meanWeights: [Quantity]
  let predictions: MixPredictions
  let heldOut: HeldOut?
  let writeDraws: (@Sendable (String) throws -> Void)?
}

extension SampleChecks.Check {
  /// The same sentence where models are what is allocated.
  var ofModels: SampleChecks.Check {
    guard name == "experts" else { return self }
    return SampleChecks.Check(
      name: "models", value: value ?? .nan, status: status,
      sentence: sentence.replacing("experts", with: "models").replacing("expert", with: "model"))
  }
}
