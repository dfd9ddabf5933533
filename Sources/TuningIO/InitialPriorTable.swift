extension TextTable {
  /// The priors at the start of a run, and what tuning moves of them.
  public static func initialPriors(_ export: PriorExport) -> TextTable {
    var table = TextTable([("parameter", .left), ("prior", .left), ("at the start", .right), ("tuned along", .left)])
    for row in PriorRow.rows(of: export.priors) {
      let hyperparameters = row.entry.hyperparameters
      let coordinates = hyperparameters.compactMap(\.coordinate)
      table.append([
        row.name, row.entry.family,
        "(" + hyperparameters.map { NumberText.significant($0.initial) }.joined(separator: ", ") + ")",
        coordinates.isEmpty ? "nothing, fixed" : coordinates.joined(separator: ", "),
      ])
    }
    return table
  }
}
