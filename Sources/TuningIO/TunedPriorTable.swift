extension TextTable {
  /// Tuned priors beside the initial ones, on the model's scale. Parameters that differ by the number of their expert alone
  /// share a row, such as `slope[1–3,temperature]`, where their priors are the same.
  public static func priors(_ export: PriorExport) -> TextTable {
    tunedPriors(export, [("initial", \.initial), ("tuned", \.tuned)])
  }

  /// The lines of `priors` and, where the model's scale is not the data's, of the tuned priors in the data's units: in the
  /// same table where it fits the width, else in one of their own; and what these units are.
  public static func priorLines(_ export: PriorExport, width: Int) -> [String] {
    guard export.undoesScaling else { return priors(export).lines(width: width) }
    let undone: (String, (PriorExport.Hyperparameter) -> Double) = (
      "tuned, in data's units", { $0.tunedInDataUnits ?? $0.tuned }
    )
    let wide = tunedPriors(export, [("initial", \.initial), ("tuned", \.tuned), undone])
    let tables =
      wide.width <= width
      ? wide.lines()
      : priors(export).lines(width: width) + ["", "Tuned priors in the data's units"]
        + tunedPriors(export, [("in data's units", undone.1)]).lines(width: width)
    return tables + TextWidth.folded(unitsRemark, to: width)
  }

  /// What the data's units are.
  private static let unitsRemark =
    "Initial and tuned are on the model's scale, which target and columns were brought to. In the data's units,"
    + " as brms and rstanarm print them, intercepts (where standardised features are at their training means) and sigma are"
    + " in the target's units, slopes in those per unit of the feature, gate and behaviour in log odds per unit."

  private static func tunedPriors(
    _ export: PriorExport, _ columns: [(header: String, value: (PriorExport.Hyperparameter) -> Double)]
  ) -> TextTable {
    var table = TextTable(
      [("parameter", .left), ("prior", .left)] + columns.map { ($0.header, .right) } + [("", .left)])
    for row in PriorRow.rows(of: export.priors) {
      let entry = row.entry
      var remarks: [String] = []
      if entry.hyperparameters.allSatisfy({ $0.coordinate == nil }) { remarks.append("fixed") }
      if entry.hyperparameters.contains(where: \.isAtBound) { remarks.append("at the bound") }
      let values = columns.map { column in
        "(" + entry.hyperparameters.map { NumberText.significant(column.value($0)) }.joined(separator: ", ") + ")"
      }
      table.append([row.name, entry.family] + values + [remarks.joined(separator: ", ")])
    }
    return table
  }
}
