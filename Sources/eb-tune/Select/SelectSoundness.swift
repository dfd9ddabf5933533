import Evaluation

/// The same selection without what is not to be believed: trials whose chains disagree, and rows whose Pareto k is too large
/// in any of the others. It tells whether the choice hangs on them.
struct SoundSelection: Sendable {
  /// Trials that were left out.
  private let unmixed: Int
  /// Rows that were left out of every trial.
  private let rows: Int
  /// nil where nothing is left to choose from.
  private let chosen: String?

  /// nil where everything is to be believed.
  init?(_ trials: [ScoredTrial], threshold: Double) {
    let scored = trials.filter { $0.loo != nil }
    let mixed = scored.filter(\.hasMixed)
    let unreliable = mixed.reduce(into: Set<Int>()) { $0.formUnion($1.unreliableRows) }
    (unmixed, rows) = (scored.count - mixed.count, unreliable.count)
    guard unmixed + rows > 0 else { return nil }
    let candidates = mixed.compactMap { trial -> SelectionTrial? in
      guard let values = trial.loo?.rows, values.count > unreliable.count + 1 else { return nil }
      var candidate = trial.forSelection
      candidate.metric = .sum(of: values.indices.filter { !unreliable.contains($0) }.map { values[$0] })
      return candidate
    }
    let selection = ModelSelection(candidates, threshold: threshold)
    chosen = selection.best.map { candidates[$0].name }
  }

  /// Whether the choice stands.
  func sentence(chosen whole: String?) -> String {
    var parts: [String] = []
    if unmixed > 0 {
      parts.append(unmixed == 1 ? "the trial whose chains disagree" : "the \(unmixed) trials whose chains disagree")
    }
    if rows > 0 {
      parts.append("the \(rows == 1 ? "row" : "\(rows) rows") with a Pareto k that is too large in any trial")
    }
    let without = "Without \(parts.joined(separator: " and without ")), "
    guard let chosen else { return without + "nothing is left to choose from: believe no choice here." }
    return without
      + (chosen == whole
        ? "the choice is the same."
        : "the choice would be \(chosen): more draws (--final-draws, --warmup) may settle R-hat, held-out rows judge what"
          + " Pareto k cannot.")
  }
}
