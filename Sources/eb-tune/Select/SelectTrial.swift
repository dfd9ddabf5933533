import Evaluation
import Experiments
import TuningIO

/// A trial with its result, in the order of visiting.
struct ScoredTrial: Comparable, Sendable {
  let key: String
  let name: String
  let configuration: TrialConfiguration
  let parameters: Int
  let result: TrialResult?

  init(_ configured: ConfiguredTrial, _ result: TrialResult?) {
    key = configured.trial.key
    name = configured.title
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

  /// Whether the chains agree.
  var hasMixed: Bool { result?.scores?.largestRHat.map { $0 < ModelScores.rHatLimit } ?? false }

  /// Rows whose Pareto k is too large, counted from 0.
  var unreliableRows: [Int] {
    guard let loo, let khat = loo.khat, let threshold = loo.threshold else { return [] }
    return khat.indices.filter { khat[$0] > threshold }
  }

  /// Why LOO is not to be believed; empty where it is.
  var doubts: [String] {
    guard let scores = result?.scores, let loo else { return [] }
    var doubts: [String] = []
    if !hasMixed {
      doubts.append("R-hat is \(scores.largestRHat.map { NumberText.fixed($0, digits: 3) } ?? "infinite")")
    }
    let count = unreliableRows.count
    if let threshold = loo.threshold, threshold <= 0 {
      doubts.append("there are too few draws for PSIS")
    } else if count > 0 {
      doubts.append(
        "\(count) of \(loo.rows.count) rows \(count == 1 ? "has" : "have") a Pareto k above"
          + " \(NumberText.fixed(loo.threshold ?? 0.7, digits: 2))")
    }
    return doubts
  }

  static func < (a: ScoredTrial, b: ScoredTrial) -> Bool {
    (a.configuration.experts, a.parameters, -a.elpd, a.key) < (b.configuration.experts, b.parameters, -b.elpd, b.key)
  }

  static func == (a: ScoredTrial, b: ScoredTrial) -> Bool { a.key == b.key }
}
