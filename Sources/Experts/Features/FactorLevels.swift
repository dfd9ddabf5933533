/// The levels of a factor in the training rows, in treatment contrasts: the first level is the reference, every further one
/// has a feature that is 1 in its rows and 0 in others.
public struct FactorLevels: Sendable, Codable, Equatable {
  /// The most levels that a factor may have.
  static let most = 100

  /// The levels as people read them, the reference first: sorted as numbers where all are numbers, else by code points.
  public let levels: [String]
  /// Whether all levels are numbers; 1, 1.0 and 01 are one level then.
  public let areNumbers: Bool

  /// The levels that occur in a column.
  public init(of column: CategoryColumn) {
    let numbers = column.numbers.compactMap { $0 }
    areNumbers = numbers.count == column.rows
    levels =
      areNumbers
      ? Set(numbers).sorted().map(FeatureExpression.text(of:))
      : Set(column.text).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
  }

  /// The place of every row's level among `levels`; nil for a level that is not there.
  public func places(of column: CategoryColumn) -> [Int?] {
    let places = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
    return column.text.indices.map { row in
      guard areNumbers else { return places[column.text[row]] }
      return column.numbers[row].flatMap { places[FeatureExpression.text(of: $0)] }
    }
  }

  /// The levels as parts of parameter names such as `slope[1,weekday.Tue]`, each different from the others: what separates
  /// names there, or stands for other names, becomes an underscore.
  public var names: [String] {
    let clean = levels.map(Self.cleaned)
    // A level that needs no change keeps its name; others step aside.
    var taken = Set(zip(levels, clean).filter { $0 == $1 }.map(\.0))
    return zip(levels, clean).map { level, clean in
      if level == clean { return level }
      var (name, number) = (clean, 1)
      while !taken.insert(name).inserted {
        number += 1
        name = "\(clean)_\(number)"
      }
      return name
    }
  }

  private static func cleaned(_ level: String) -> String {
    let separators: Set<Character> = [",", ":", ";", "=", "*", "[", "]", "(", ")", "{", "}", "\"", "'", "`", "\\", "|"]
    return String(
      level.map { character in
        let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return character.isWhitespace || isControl || separators.contains(character) ? "_" : character
      })
  }
}
