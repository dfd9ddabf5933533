/// Computes feature terms over the rows of a source; while fitting, it also learns the training statistics they need.
struct FeatureEvaluator {
  private let columns: [String: [Double]]
  private let categories: [String: CategoryColumn]
  let rows: Int
  private let place: @Sendable (Int) -> String
  private let isFitting: Bool
  /// By the text of the expression that they belong to.
  private(set) var moments: [String: Moments]
  /// By column.
  private(set) var levels: [String: FactorLevels]

  /// For the columns that `terms` read. `statistics` are those of the training rows; nil to learn them from these rows.
  init(
    _ terms: [FeatureTerm], over source: some ColumnSource, rows: Int?,
    statistics: (moments: [String: Moments], levels: [String: FactorLevels])?
  ) throws {
    var columns: [String: [Double]] = [:]
    var categories: [String: CategoryColumn] = [:]
    var first: (name: String, rows: Int)? = rows.map { ("the target", $0) }
    func check(_ name: String, _ count: Int) throws(DesignError) {
      if let first, first.rows != count {
        throw .unequalColumns(name: name, rows: count, other: first.name, otherRows: first.rows)
      }
      if first == nil { first = (name, count) }
    }
    for name in terms.flatMap(\.expression.numericColumns) where columns[name] == nil {
      let values = try source.column(name)
      try check(name, values.count)
      columns[name] = values
    }
    for name in terms.flatMap(\.expression.factorColumns) where categories[name] == nil {
      let values = try source.categories(name)
      try check(name, values.rows)
      categories[name] = values
    }
    guard let count = first?.rows, count > 0 else { throw DesignError.noRows }
    self.columns = columns
    self.categories = categories
    self.rows = count
    moments = statistics?.moments ?? [:]
    levels = statistics?.levels ?? [:]
    isFitting = statistics == nil
    place = { source.place(ofRow: $0) }
  }

  /// The features of a term, every value finite.
  mutating func features(of term: FeatureTerm) throws(DesignError) -> [[Double]] {
    let features = try several(term.expression)
    for (feature, name) in zip(features, term.featureNames(levels: levels)) {
      if let row = feature.firstIndex(where: { !$0.isFinite }) {
        throw nonFinite(term.expression, name: name, value: feature[row], row: row)
      }
    }
    return features
  }

  private func nonFinite(_ expression: FeatureExpression, name: String, value: Double, row: Int) -> DesignError {
    let inputs = expression.numericColumns.map {
      "\($0) is \(FeatureExpression.text(of: columns[$0, default: []][row]))"
    }
    return .nonFinite(feature: name, value: value, place: place(row), inputs: inputs.joined(separator: " and "))
  }

  private mutating func several(_ expression: FeatureExpression) throws(DesignError) -> [[Double]] {
    switch expression {
    case .fourier(let x, let period, let harmonics):
      return FeatureExpression.fourierColumns(try single(x), period: period, harmonics: harmonics)
    case .polynomial(let x, let degree):
      let z = try standardized(x)
      var powers = [z]
      while powers.count < degree { powers.append(zip(powers[powers.count - 1], z).map { $0 * $1 }) }
      return powers
    case .factor(let name): return try indicators(name)
    case .interaction(let factors):
      var products: [[Double]] = []
      for (index, factor) in factors.enumerated() {
        let features = try several(factor)
        if index == 0 {
          products = features
        } else {
          guard products.count * features.count <= FeatureExpression.mostProducts else {
            throw .tooManyFeatures(term: expression.description, most: FeatureExpression.mostProducts)
          }
          products = products.flatMap { left in features.map { right in zip(left, right).map { $0 * $1 } } }
        }
      }
      return products
    default: return [try single(expression)]
    }
  }

  private mutating func single(_ expression: FeatureExpression) throws(DesignError) -> [Double] {
    switch expression {
    case .number(let value): return [Double](repeating: value, count: rows)
    case .column(let name): return columns[name, default: []]
    case .negated(let x): return try single(x).map { -$0 }
    case .arithmetic(let symbol, let x, let y):
      let left = try single(x)
      let right = try single(y)
      return zip(left, right).map { symbol.apply($0, $1) }
    case .function(let function, let x): return try single(x).map(function.apply)
    case .scaled(let x, let factor): return try single(x).map { $0 / factor }
    case .standardized(let x): return try standardized(x)
    case .centered(let x):
      let values = try single(x)
      let moments = try statistics(of: x, values)
      return values.map { $0 - moments.mean }
    case .fourier, .polynomial, .factor, .interaction:
      // The parser lets only expressions of one feature into formulas; poly(x,1) is one of them.
      return try several(expression).first ?? []
    }
  }

  /// A column of 0 and 1 for every level but the first.
  private mutating func indicators(_ name: String) throws(DesignError) -> [[Double]] {
    guard let column = categories[name] else { return [] }
    let levels = try levels(of: name, column)
    var features = [[Double]](repeating: [Double](repeating: 0, count: rows), count: levels.levels.count - 1)
    for (row, level) in levels.places(of: column).enumerated() {
      guard let level else {
        throw .unseenLevel(column: name, level: column.text[row], place: place(row), known: levels.levels)
      }
      if level > 0 { features[level - 1][row] = 1 }
    }
    return features
  }

  private mutating func levels(of name: String, _ column: CategoryColumn) throws(DesignError) -> FactorLevels {
    if let known = levels[name] { return known }
    precondition(isFitting, "a fitted design holds the levels of all of its factors")
    let learnt = FactorLevels(of: column)
    guard learnt.levels.count > 1 else { throw .oneLevel(column: name, level: learnt.levels.first ?? "") }
    guard learnt.levels.count <= min(FactorLevels.most, rows / 2) else {
      throw .tooManyLevels(
        column: name, levels: learnt.levels.count, rows: rows, most: min(FactorLevels.most, rows / 2))
    }
    levels[name] = learnt
    return learnt
  }

  private mutating func standardized(_ x: FeatureExpression) throws(DesignError) -> [Double] {
    let values = try single(x)
    let moments = try statistics(of: x, values)
    return values.map { ($0 - moments.mean) / moments.standardDeviation }
  }

  private mutating func statistics(
    of expression: FeatureExpression, _ values: [Double]
  ) throws(DesignError) -> Moments {
    let key = expression.description
    if let known = moments[key] { return known }
    precondition(isFitting, "a fitted design holds the statistics of all of its expressions")
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw nonFinite(expression, name: key, value: values[row], row: row)
    }
    let learnt = try Moments.checked(values, name: key)
    guard !learnt.isConstant(magnitude: values.reduce(0) { max($0, abs($1)) }) else {
      throw .constantFeature(name: key, value: values.first ?? 0)
    }
    moments[key] = learnt
    return learnt
  }
}
