extension CovarianceFunction {
  /// A covariance function from a text such as `constant * rbf(ard) + periodic(24) * matern52[2] + white(0.1)`.
  ///
  /// Terms are `constant`, `white`, `rbf`, `matern12`, `matern32`, `matern52`, `rational_quadratic`, `periodic` and
  /// `changepoint`, joined by `+`, `*` and parentheses. In parentheses after a term stand its hyperparameters, by position or name:
  /// `periodic(24, length_scale=2)`. A number may be followed by `fixed`, or by its bounds `in 0.1...10`. `ard` asks for a
  /// length scale for every column. In brackets stand the columns that a term acts on, by name or by number from 1.
  /// `changepoint(rbf(2), matern32, location=5, width=0.5)[year]` passes from the first of two covariances to the second.
  /// - Parameter features: The names of the columns of the inputs.
  /// - Throws: `GaussianProcessError.text` or `.kernel`, which say what is allowed.
  public init(parsing text: String, features: [String]) throws(GaussianProcessError) {
    var parser = CovarianceParser(text, features: features)
    self = try parser.parse()
    _ = try CovarianceProgram(self, columns: features.count, names: features)
  }
}

/// A recursive-descent parser: sum = product { "+" product }, product = factor { "*" factor }.
struct CovarianceParser {
  private static let names =
    "constant, white, rbf, matern12, matern32, matern52, rational_quadratic, periodic and changepoint"
  private static let deepest = 100
  private static let mostTerms = 200

  private let text: String
  private let features: [String]
  private var tokens: [CovarianceToken] = []
  private var next = 0
  private var depth = 0
  private var terms = 0

  init(_ text: String, features: [String]) {
    self.text = text
    self.features = features
  }

  mutating func parse() throws(GaussianProcessError) -> CovarianceFunction {
    tokens = try CovarianceToken.tokens(of: text)
    let result = try sum()
    guard next == tokens.count else { throw unexpected("“+” or “*”") }
    return result
  }

  private func unexpected(_ wanted: String) -> GaussianProcessError {
    let found = next < tokens.count ? "“\(tokens[next].text)”" : "the end"
    return .text("The kernel “\(text)” has \(found) where \(wanted) is expected.")
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard next < tokens.count, tokens[next] == .symbol(symbol) else { return false }
    next += 1
    return true
  }

  private mutating func require(_ symbol: String) throws(GaussianProcessError) {
    guard take(symbol) else { throw unexpected("“\(symbol)”") }
  }

  private mutating func word() -> String? {
    guard next < tokens.count, case .word(let word) = tokens[next] else { return nil }
    next += 1
    return word
  }

  private mutating func number() throws(GaussianProcessError) -> Double {
    guard next < tokens.count, case .number(let value, _) = tokens[next] else { throw unexpected("a number") }
    next += 1
    return value
  }

  private mutating func sum() throws(GaussianProcessError) -> CovarianceFunction {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.deepest else { throw .text("The kernel has more than \(Self.deepest) nested parentheses.") }
    var result = try product()
    while take("+") { result = result + (try product()) }
    return result
  }

  private mutating func product() throws(GaussianProcessError) -> CovarianceFunction {
    var result = try factor()
    while take("*") { result = result * (try factor()) }
    return result
  }

  private mutating func factor() throws(GaussianProcessError) -> CovarianceFunction {
    if take("(") {
      let inner = try sum()
      try require(")")
      return inner
    }
    terms += 1
    guard terms <= Self.mostTerms else { throw .text("The kernel has more than \(Self.mostTerms) terms.") }
    guard let name = word() else { throw unexpected("a kernel or “(”") }
    guard var term = CovarianceTerm(name) else {
      throw .text("There is no kernel “\(name)”; kernels are \(Self.names).")
    }
    if term.joinsCovariances { return try changepoint(term) }
    if take("("), !take(")") {
      repeat { try argument(of: &term) } while take(",")
      try require(")")
    }
    let columns = take("[") ? try columns() : nil
    return try term.function(columns: columns, features: features.count)
  }

  /// `(first, second, location=…, width=…)[column]`; what stands after the first two may be left out.
  private mutating func changepoint(_ given: CovarianceTerm) throws(GaussianProcessError) -> CovarianceFunction {
    var term = given
    try require("(")
    let first = try sum()
    try require(",")
    let second = try sum()
    while take(",") { try argument(of: &term) }
    try require(")")
    let columns = take("[") ? try columns() : nil
    return .changepoint(try term.changepoint(columns: columns), first, second)
  }

  private mutating func argument(of term: inout CovarianceTerm) throws(GaussianProcessError) {
    guard let word = word() else {
      guard let place = term.nextUnset else { throw .text("\(term.description) takes no more numbers.") }
      try set(place, of: &term)
      return
    }
    if word == "ard", term.takesLengthScalePerColumn {
      term.hasLengthScalePerColumn = true
      return
    }
    guard let place = term.names.firstIndex(of: word) else {
      throw .text("\(term.description); it has no “\(word)”.")
    }
    guard term.values[place] == nil else { throw .text("\(term.description); \(word) is given twice.") }
    try require("=")
    try set(place, of: &term)
  }

  private mutating func set(_ place: Int, of term: inout CovarianceTerm) throws(GaussianProcessError) {
    let value = try number()
    var parameter = term.names[place] == "location" ? KernelParameter.location(value) : KernelParameter(value)
    if next < tokens.count, case .word(let word) = tokens[next] {
      next += 1
      switch word {
      case "fixed": parameter.isFixed = true
      case "in":
        parameter.lower = try number()
        try require("...")
        parameter.upper = try number()
      default:
        next -= 1
        throw unexpected("“fixed”, “in”, “,” or “)”")
      }
    }
    term.values[place] = parameter
  }

  private mutating func columns() throws(GaussianProcessError) -> [Int] {
    var result: [Int] = []
    repeat {
      guard next < tokens.count else { throw unexpected("a column") }
      let name = tokens[next].text
      if let index = features.firstIndex(of: name) {
        result.append(index)
      } else if let number = Int(name), features.indices.contains(number &- 1) {
        result.append(number - 1)
      } else {
        throw .text("There is no column “\(name)”; columns are \(features.joined(separator: ", ")).")
      }
      next += 1
    } while take(",")
    try require("]")
    return result
  }
}
