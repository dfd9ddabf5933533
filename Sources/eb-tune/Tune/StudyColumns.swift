import Experts

/// The columns that a study's features are made of, over its training rows: measured columns as numbers, those that are
/// only factors as places among their levels.
struct StudyColumns: ColumnSource {
  let columnNames: [String]
  /// By name; every column has as many values as there are rows.
  private var values: [String: [Double]] = [:]
  /// The levels of factors by column.
  private let levels: [String: FactorLevels]
  private let factors: Set<String>

  /// The columns of `terms`.
  /// - Throws: The source's own errors.
  init(of terms: [FeatureTerm], _ source: some ColumnSource, levels: [String: FactorLevels]) throws {
    columnNames = terms.flatMap(\.expression.columns).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    let measured = Set(terms.flatMap(\.expression.numericColumns))
    factors = Set(columnNames.filter { !measured.contains($0) && levels[$0] != nil })
    self.levels = levels
    for name in columnNames {
      if let own = levels[name], factors.contains(name) {
        values[name] = try own.places(of: source.categories(name)).map { Double($0 ?? 0) }
      } else {
        values[name] = try source.column(name)
      }
    }
  }

  var rows: Int { columnNames.first.flatMap { values[$0]?.count } ?? 0 }

  /// The levels of a column that is only a factor; its values are places among them.
  func levels(of name: String) -> [String]? { factors.contains(name) ? levels[name]?.levels : nil }

  /// The values of a measured column that features take as levels; there are features for no other values.
  func allowedValues(of name: String) -> [Double]? { levels[name]?.levels.indices.compactMap { place(of: $0, name) } }

  private func place(of level: Int, _ name: String) -> Double? {
    factors.contains(name) ? Double(level) : levels[name].flatMap { Double($0.levels[level]) }
  }

  /// Of every row.
  func column(_ name: String) throws -> [Double] {
    guard let values = values[name] else { throw DesignError.unknownColumn(name: name, available: columnNames) }
    return values
  }

  /// Of every row.
  func categories(_ name: String) throws -> CategoryColumn {
    let values = try column(name)
    guard factors.contains(name), let levels = levels[name] else { return CategoryColumn(values) }
    return CategoryColumn(
      text: values.map { levels.levels[Int($0)] },
      numbers: values.map { levels.areNumbers ? Double(levels.levels[Int($0)]) : nil })
  }

  /// Other rows of the same columns.
  func replacing(_ values: (String) throws -> [Double]) rethrows -> StudyColumns {
    var copy = self
    for name in columnNames { copy.values[name] = try values(name) }
    return copy
  }
}
