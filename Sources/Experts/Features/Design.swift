/// Feature terms fitted to training rows: the same features can then be computed for any other rows.
///
/// Where `standardizesColumns`, a bare column as a term, or as a factor of an interaction, is standardised with the mean and
/// standard deviation of the training rows, because the default priors assume features of unit scale. Formulas such as
/// `log(wind)` are taken as written; `standardize(log(wind))` asks for the same. Features of a factor stay 0 and 1.
public struct Design: Sendable, Codable, Equatable {
  /// The terms, with the standardisation of bare columns written out.
  public let terms: [FeatureTerm]
  /// Whether a column of ones stands before the features, as gates want.
  public let hasBias: Bool
  /// One name a column, `bias` first where there is one.
  public let featureNames: [String]
  /// Training statistics by the text of the expression that they belong to.
  public let moments: [String: Moments]
  /// The levels of factors in the training rows, by column.
  public let levels: [String: FactorLevels]
  /// Features whose mean or standard deviation is far from what the default priors assume, a sentence each.
  public let scaleWarnings: [String]

  /// The design of `terms` for these training rows, and its matrix there.
  ///
  /// - Parameter rows: the number of rows, wanted where `terms` is empty and checked otherwise.
  /// - Throws: `DesignError` for a feature that is constant, not finite or there twice, and for
  ///   a factor of one level or too many; the source's own errors.
  public static func fit(
    _ terms: [FeatureTerm], to source: some ColumnSource, rows: Int? = nil, bias: Bool, standardizesColumns: Bool = true
  ) throws -> (design: Design, matrix: DesignMatrix) {
    let terms = standardizesColumns ? terms.map(standardizingBareColumns) : terms
    var evaluator = try FeatureEvaluator(terms, over: source, rows: rows, statistics: nil)
    var features: [[Double]] = []
    for term in terms { features += try evaluator.features(of: term) }
    let levels = evaluator.levels
    let names = try names(of: terms, levels, features)
    try checkVariation(features, names, of: terms, levels)
    try checkDifference(features, names)
    let design = Design(
      terms: terms, hasBias: bias, featureNames: (bias ? ["bias"] : []) + names, moments: evaluator.moments,
      levels: levels,
      scaleWarnings: zip(features, zip(names, owners(of: terms, levels))).compactMap { feature, name in
        name.1.factorColumns.isEmpty ? scaleWarning(feature, name.0) : nil
      })
    return (design, design.assembled(features, rows: evaluator.rows))
  }

  /// The same features for other rows, with the statistics of the training rows.
  ///
  /// - Throws: `DesignError` for a value that is not finite and a level that the training rows lack; the source's own errors.
  public func matrix(for source: some ColumnSource, rows: Int? = nil) throws -> DesignMatrix {
    var evaluator = try FeatureEvaluator(terms, over: source, rows: rows, statistics: (moments, levels))
    var features: [[Double]] = []
    for term in terms { features += try evaluator.features(of: term) }
    return assembled(features, rows: evaluator.rows)
  }

  private func assembled(_ features: [[Double]], rows: Int) -> DesignMatrix {
    let ones = hasBias ? [[Double](repeating: 1, count: rows)] : []
    return DesignMatrix(rows: rows, names: featureNames, columns: ones + features)
  }

  private static func standardizingBareColumns(_ term: FeatureTerm) -> FeatureTerm {
    func standardizing(_ expression: FeatureExpression) -> FeatureExpression {
      if case .column = expression { return .standardized(expression) }
      return expression
    }
    guard case .interaction(let factors) = term.expression else {
      return FeatureTerm(standardizing(term.expression), label: term.label)
    }
    return FeatureTerm(.interaction(factors.map(standardizing)), label: term.label)
  }

  /// Short names where they differ, longer ones for the terms whose short names clash.
  private static func names(
    of terms: [FeatureTerm], _ levels: [String: FactorLevels], _ features: [[Double]]
  ) throws(DesignError) -> [String] {
    let short = terms.map { $0.featureNames(levels: levels) }
    var owners: [String: [Int]] = [:]
    for (index, name) in short.joined().enumerated() {
      if owners[name, default: []].contains(where: { features[$0] == features[index] }) {
        throw .duplicateFeature(name: name, other: name)
      }
      owners[name, default: []].append(index)
    }
    let names = zip(terms, short).flatMap { term, own in
      own.allSatisfy { owners[$0]?.count == 1 } ? own : term.featureNames(qualified: true, levels: levels)
    }
    var seen: Set<String> = ["bias"]
    for name in names where !seen.insert(name).inserted { throw .duplicateName(name) }
    return names
  }

  /// The expression that each feature comes from.
  private static func owners(of terms: [FeatureTerm], _ levels: [String: FactorLevels]) -> [FeatureExpression] {
    terms.flatMap { [FeatureExpression](repeating: $0.expression, count: $0.expression.width(levels)) }
  }

  private static func checkVariation(
    _ features: [[Double]], _ names: [String], of terms: [FeatureTerm], _ levels: [String: FactorLevels]
  ) throws(DesignError) {
    for ((feature, name), expression) in zip(zip(features, names), owners(of: terms, levels)) {
      // sin(πk) is rounding error of terms of size 1, so Fourier features are measured against 1.
      var floor = 0.0
      if case .fourier = expression { floor = 1 }
      if expression.factorColumns.count > 1, feature.allSatisfy({ $0 == 0 }) { throw .emptyCombination(name: name) }
      let magnitude = feature.reduce(floor) { max($0, abs($1)) }
      if try Moments.checked(feature, name: "Feature \(name)").isConstant(magnitude: magnitude) {
        throw .constantFeature(name: name, value: feature.first ?? 0)
      }
    }
  }

  private static func checkDifference(_ features: [[Double]], _ names: [String]) throws(DesignError) {
    let moments = features.map(Moments.init(of:))
    for later in features.indices {
      for earlier in 0..<later {
        let (x, y) = (moments[later], moments[earlier])
        var product = 0.0
        for (first, second) in zip(features[later], features[earlier]) {
          product += (first - x.mean) / x.standardDeviation * ((second - y.mean) / y.standardDeviation)
        }
        if abs(product) / Double(features[later].count) > 1 - 1e-12 {
          throw .duplicateFeature(name: names[later], other: names[earlier])
        }
      }
    }
  }

  private static func scaleWarning(_ feature: [Double], _ name: String) -> String? {
    let moments = Moments(of: feature)
    guard moments.standardDeviation > 10 || moments.standardDeviation < 0.05 || abs(moments.mean) > 10 else {
      return nil
    }
    return "Feature \(name) has mean \(moments.mean) and standard deviation \(moments.standardDeviation), "
      + "where default priors assume about 0 and 1; standardize(...) makes it so."
  }
}
