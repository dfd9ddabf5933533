import Diagnostics

/// Several models of the same rows ranked by leave-one-out predictions, as `compare` of ArviZ does.
public struct ModelRanking: Sendable, Codable, Equatable {
  /// One model.
  public struct Entry: Sendable, Codable, Equatable {
    /// What people call it.
    public let name: String
    /// Its place in the order in which models were given, counted from 0.
    public let index: Int
    /// Its elpd with its standard error; −∞ without an error where a row has probability 0 in a draw.
    public let elpd: Score
    /// elpd of the best less its own, with the standard error from the differences of rows: 0 ± 0 of the best, ∞ without an
    /// error where its elpd is −∞.
    public let lag: Score
    /// p_loo; nil where it is not known.
    public let effectiveParameters: Double?
    /// Its stacking weight.
    public let weight: Double
    /// How many rows have a Pareto k̂ that is too large for their elpd to be believed.
    public let unreliableRows: Int
  }

  /// Best first; of equal ones the one that was given first.
  public let entries: [Entry]

  /// Models with their names.
  /// - Throws: `EvaluationError` for no models or no rows, where rows differ in number, and where every model has a row of
  ///   probability 0.
  public init(_ models: [(name: String, loo: LeaveOneOut)]) throws(EvaluationError) {
    guard let first = models.first?.loo.rows, !first.isEmpty else { throw .empty }
    for model in models where model.loo.rows.count != first.count {
      throw .rowsDiffer(first.count, model.loo.rows.count)
    }
    let scores = models.map(\.loo.elpd)
    let order = models.indices.sorted {
      scores[$0].value == scores[$1].value ? $0 < $1 : scores[$0].value > scores[$1].value
    }
    let possible = order.filter { scores[$0].value > -.infinity }
    guard let best = possible.first else { throw .impossibleRow(models[order[0]].loo.impossibleRows.first ?? 0) }
    let stacking = StackingWeights(possible.map { models[$0].loo.rows }).values
    var entries: [Entry] = []
    for (rank, index) in order.enumerated() {
      let loo = models[index].loo
      entries.append(
        Entry(
          name: models[index].name, index: index, elpd: scores[index],
          lag: try Self.lag(of: loo, behind: models[best].loo),
          effectiveParameters: loo.effectiveParameters, weight: rank < stacking.count ? stacking[rank] : 0,
          unreliableRows: loo.unreliableRows))
    }
    self.entries = entries
  }

  /// What the ranking says, in a sentence: differences below 4, or within two standard errors, are not to be relied on
  /// (Sivula, Magnusson, Matamoros and Vehtari 2020).
  public var sentence: String {
    guard entries.count > 1 else { return "\(entries[0].name) is the only model." }
    let (best, next) = (entries[0], entries[1])
    let difference = decimalText(next.lag.value, places: 1)
    let error = next.lag.standardError.map { " ± \(decimalText($0, places: 1))" } ?? ""
    let isClear = next.lag.value == .infinity || next.lag.value > max(4, 2 * (next.lag.standardError ?? .infinity))
    let doubt = entries.contains { $0.unreliableRows > 0 } ? " Some rows have Pareto k too large to be believed." : ""
    return isClear
      ? "\(best.name) predicts better than \(next.name) by \(difference)\(error) nats.\(doubt)"
      : "\(best.name) is first, but \(next.name) is too close to tell: \(difference)\(error) nats.\(doubt)"
  }

  private static func lag(of loo: LeaveOneOut, behind best: LeaveOneOut) throws(EvaluationError) -> Score {
    guard loo.impossibleRows.isEmpty else { return Score(value: .infinity, standardError: nil) }
    let comparison = try best.compared(with: loo)
    return Score(value: comparison.difference, standardError: comparison.standardError)
  }
}
