/// A feature, or several, as a formula of data columns: `fourier(hour,24,2)`, `poly(temperature,2)`, `log(wind)`,
/// `factor(weekday)`, `a:b`.
///
/// The text form is `description`; `FeatureTerm.parse(_:)` reads it back.
public indirect enum FeatureExpression: Sendable, Hashable {
  /// A constant.
  case number(Double)
  /// A data column as it is.
  case column(String)
  /// −x.
  case negated(FeatureExpression)
  /// Two single features joined row by row.
  case arithmetic(Operator, FeatureExpression, FeatureExpression)
  /// An elementary function, row by row.
  case function(Function, FeatureExpression)
  /// (x − mean) / sd, with the mean and population standard deviation of the training rows.
  case standardized(FeatureExpression)
  /// x − mean, with the mean of the training rows.
  case centered(FeatureExpression)
  /// x / factor.
  case scaled(FeatureExpression, by: Double)
  /// sin(2πkx/period) and cos(2πkx/period) for k = 1 … harmonics, sine before cosine.
  case fourier(FeatureExpression, period: Double, harmonics: Int)
  /// z, z², … z^degree for z = (x − mean) / sd over the training rows.
  case polynomial(FeatureExpression, degree: Int)
  /// The levels of a column but the first as features of 0 and 1; see `FactorLevels`.
  case factor(String)
  /// All products of one feature of each factor, the last factor varying fastest.
  case interaction([FeatureExpression])

  /// The most features that one interaction may make.
  static let mostProducts = 1000

  /// Arithmetic on two operands.
  public enum Operator: Character, Sendable, Hashable {
    /// Addition.
    case plus = "+"
    /// Subtraction.
    case minus = "-"
    /// Multiplication.
    case times = "*"
    /// Division.
    case over = "/"
    /// Exponentiation; binds to the right.
    case power = "^"
  }

  /// Functions of one operand.
  public enum Function: String, Sendable, Hashable, CaseIterable {
    /// The natural logarithm.
    case log
    /// The square root.
    case sqrt
    /// The exponential.
    case exp
    /// The absolute value.
    case abs
    /// The sine of an angle in radians.
    case sin
    /// The cosine of an angle in radians.
    case cos
  }

  /// How many features the expression makes. `levels` are those of factors by column; a factor whose levels are not known
  /// counts as one.
  public func width(_ levels: [String: FactorLevels] = [:]) -> Int {
    switch self {
    case .fourier(_, _, let harmonics): 2 * harmonics
    case .polynomial(_, let degree): degree
    case .interaction(let factors): factors.reduce(1) { $0 * $1.width(levels) }
    case .factor(let name): levels[name].map { $0.levels.count - 1 } ?? 1
    default: 1
    }
  }

  /// The columns that it reads, each once, in order of appearance.
  public var columns: [String] { Self.each(reads.map(\.column)) }

  /// The columns that it reads as numbers, each once, in order of appearance.
  public var numericColumns: [String] { Self.each(reads.filter { !$0.isFactor }.map(\.column)) }

  /// The columns that it reads as factors, each once, in order of appearance.
  public var factorColumns: [String] { Self.each(reads.filter(\.isFactor).map(\.column)) }

  private static func each(_ names: [String]) -> [String] {
    var seen: [String] = []
    for name in names where !seen.contains(name) { seen.append(name) }
    return seen
  }

  private var reads: [(column: String, isFactor: Bool)] {
    switch self {
    case .number: []
    case .column(let name): [(name, false)]
    case .factor(let name): [(name, true)]
    case .negated(let x), .function(_, let x), .standardized(let x), .centered(let x), .scaled(let x, _),
      .fourier(let x, _, _), .polynomial(let x, _):
      x.reads
    case .arithmetic(_, let x, let y): x.reads + y.reads
    case .interaction(let factors): factors.flatMap(\.reads)
    }
  }
}

extension FeatureExpression: CustomStringConvertible {
  /// The shortest text that parses to the same expression.
  public var description: String {
    switch self {
    case .number(let value): Self.text(of: value)
    case .column(let name): Self.quoted(name)
    case .factor(let name): "factor(\(Self.quoted(name)))"
    case .negated(let x): "-" + x.text(inside: 3)
    case .arithmetic(.power, let x, let y): x.text(inside: 5) + "^" + y.text(inside: 3)
    case .arithmetic(let symbol, let x, let y):
      x.text(inside: precedence) + String(symbol.rawValue) + y.text(inside: precedence + 1)
    case .function(let function, let x): "\(function.rawValue)(\(x))"
    case .standardized(let x): "standardize(\(x))"
    case .centered(let x): "center(\(x))"
    case .scaled(let x, let factor): "scale(\(x),\(Self.text(of: factor)))"
    case .fourier(let x, let period, let harmonics): "fourier(\(x),\(Self.text(of: period)),\(harmonics))"
    case .polynomial(let x, let degree): "poly(\(x),\(degree))"
    case .interaction(let factors): factors.map { $0.text(inside: 2) }.joined(separator: ":")
    }
  }

  /// How tightly the outermost operation binds; see the grammar in `FeatureParser`.
  private var precedence: Int {
    switch self {
    case .interaction: 0
    case .arithmetic(.plus, _, _), .arithmetic(.minus, _, _): 1
    case .arithmetic(.times, _, _), .arithmetic(.over, _, _): 2
    case .negated: 3
    case .number(let value) where value < 0: 3
    case .arithmetic(.power, _, _): 4
    default: 5
    }
  }

  private func text(inside outer: Int) -> String { precedence < outer ? "(\(self))" : description }

  /// Whether a column name can stand without backquotes.
  static func isPlain(_ name: String) -> Bool {
    guard let first = name.first, first.isLetter || first == "_", name != "pi" else { return false }
    return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
  }

  private static func quoted(_ name: String) -> String {
    isPlain(name) ? name : "`" + String(name.flatMap { $0 == "`" ? ["`", "`"] : [$0] }) + "`"
  }

  static func text(of value: Double) -> String {
    if let whole = Int(exactly: value), abs(value) < 1e15 { return String(whole) }
    return value.description
  }
}
