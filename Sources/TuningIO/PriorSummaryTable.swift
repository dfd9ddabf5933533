extension TextTable {
  /// The whole prior, parameters that differ by the number of their expert alone in one row; tuned values where there are
  /// any.
  public static func priorSummary(_ summary: PriorSummary) -> TextTable {
    let isTuned = summary.priors.contains { $0.hyperparameters.contains { $0.tuned != nil } }
    var columns: [(header: String, alignment: Alignment)] = [("parameter", .left), ("prior", .left)]
    if isTuned { columns.append(("tuned to", .left)) }
    var table = TextTable(columns + [("tuning", .left), ("hyperprior", .left), ("from", .left)])
    for row in PriorRow.rows(of: summary.priors) {
      let entry = row.entry
      var cells = [row.name, call(entry.family, entry.hyperparameters.map(\.initial))]
      if isTuned { cells.append(call("", entry.hyperparameters.map { $0.tuned ?? $0.initial })) }
      table.append(cells + [entry.tuning, entry.hyperprior, entry.source])
    }
    return table
  }

  fileprivate static func call(_ name: String, _ values: [Double]) -> String {
    "\(name)(\(values.map { NumberText.significant($0) }.joined(separator: ", ")))"
  }
}

extension PriorSummary.Entry {
  /// `fixed`, `tuned: own scale` or `tied: slopes: scale`.
  fileprivate var tuning: String {
    let own = hyperparameters.filter { $0.role == .tuned }.map(\.name)
    let shared = hyperparameters.filter { $0.role == .tied }.compactMap(\.coordinate)
    if own.isEmpty && shared.isEmpty { return "fixed" }
    return
      ((own.isEmpty ? [] : ["tuned: own " + own.joined(separator: ", ")])
      + (shared.isEmpty ? [] : ["tied: " + shared.joined(separator: ", ")])).joined(separator: "; ")
  }

  /// `half-cauchy(2)`; a dash where there is none.
  fileprivate var hyperprior: String {
    let densities = hyperparameters.compactMap(\.hyperprior).map { TextTable.call($0.family, $0.values) }
    return densities.isEmpty ? "-" : densities.joined(separator: ", ")
  }
}
