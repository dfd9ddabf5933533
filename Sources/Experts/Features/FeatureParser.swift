/// Recursive descent over the grammar of feature lists:
///
///     list        = [ term { "," term } ]
///     term        = [ name "=" ] interaction
///     interaction = sum { ":" sum }                  a sum with + or - stands in parentheses there
///     sum         = product { ("+" | "-") product }
///     product     = unary { ("*" | "/") unary }
///     unary       = ("-" | "+") unary | power
///     power       = primary [ "^" unary ]
///     primary     = number | "pi" | name | "`" any name "`" | function "(" arguments ")" | "(" interaction ")"
struct FeatureParser {
  private let text: String
  private let tokens: [FeatureToken]
  private var index = 0
  /// Deeper nesting than any formula needs is refused before it can exhaust the stack.
  private var depth = 0
  /// Operators in the term so far: long chains make deep trees too.
  private var operators = 0
  private var lastSumIsOpen = false

  init(_ text: String) throws(FeatureSyntaxError) {
    self.text = text
    tokens = try FeatureToken.scan(text)
  }

  private var current: FeatureToken { tokens[index] }

  private mutating func take(_ symbol: Character) -> Bool {
    guard current.kind == .symbol(symbol) else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ symbol: Character, _ allowed: String) throws(FeatureSyntaxError) {
    if !take(symbol) { throw error(at: current.offset, "found \(current.text) where \(allowed) belongs") }
  }

  private func error(at offset: Int, _ reason: String) -> FeatureSyntaxError {
    FeatureSyntaxError(text: text, offset: offset, reason: reason)
  }

  mutating func terms() throws(FeatureSyntaxError) -> [FeatureTerm] {
    if current.kind == .end { return [] }
    var terms = [try term()]
    while take(",") { terms.append(try term()) }
    guard current.kind == .end else {
      throw error(at: current.offset, "found \(current.text) where an operator, a comma or the end belongs")
    }
    return terms
  }

  private mutating func term() throws(FeatureSyntaxError) -> FeatureTerm {
    operators = 0
    var label: String?
    if tokens.indices.contains(index + 1), tokens[index + 1].kind == .symbol("=") {
      switch current.kind {
      case .name(let name), .quotedName(let name): label = name
      default: throw error(at: current.offset, "found \(current.text) before \"=\" where a name belongs")
      }
      index += 2
    }
    let start = current.offset
    let expression = try interaction()
    if expression.columns.isEmpty {
      throw error(at: start, "found a term without a column; intercepts and the gate's bias are added by themselves")
    }
    if label != nil, case .interaction = expression {
      let number = expression.factorColumns.isEmpty ? "\(expression.width())" : "several"
      guard number == "1" else {
        throw error(at: start, "found an interaction of \(number) features, which cannot share one name")
      }
    }
    return FeatureTerm(expression, label: label)
  }

  private mutating func interaction() throws(FeatureSyntaxError) -> FeatureExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 100 else { throw error(at: current.offset, "found parentheses nested more than 100 deep") }
    var factors: [FeatureExpression] = []
    repeat {
      let start = current.offset
      let factor = try sum()
      let isOne = factors.isEmpty && current.kind != .symbol(":")
      if !isOne && lastSumIsOpen {
        throw error(at: start, "found a sum beside \":\"; write it in parentheses, or separate terms by commas")
      }
      if !isOne && factor.columns.isEmpty {
        throw error(at: start, "found a factor of an interaction without a column")
      }
      if case .interaction(let inner) = factor { factors += inner } else { factors.append(factor) }
    } while take(":")
    let isTooWide = factors.reduce(1.0) { $0 * Double($1.width()) } > Double(FeatureExpression.mostProducts)
    if isTooWide {
      throw error(
        at: current.offset, "found an interaction of more than \(FeatureExpression.mostProducts) features")
    }
    return factors.count == 1 ? factors[0] : .interaction(factors)
  }

  private mutating func sum() throws(FeatureSyntaxError) -> FeatureExpression {
    let start = current.offset
    var result = try product()
    var isOpen = false
    while current.kind == .symbol("+") || current.kind == .symbol("-") {
      let symbol: FeatureExpression.Operator = current.kind == .symbol("+") ? .plus : .minus
      result = try joined(symbol, result, from: start) { parser throws(FeatureSyntaxError) in try parser.product() }
      isOpen = true
    }
    lastSumIsOpen = isOpen
    return result
  }

  private mutating func product() throws(FeatureSyntaxError) -> FeatureExpression {
    let start = current.offset
    var result = try unary()
    while current.kind == .symbol("*") || current.kind == .symbol("/") {
      let symbol: FeatureExpression.Operator = current.kind == .symbol("*") ? .times : .over
      result = try joined(symbol, result, from: start) { parser throws(FeatureSyntaxError) in try parser.unary() }
    }
    return result
  }

  private mutating func unary() throws(FeatureSyntaxError) -> FeatureExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 100 else { throw error(at: current.offset, "found signs or powers nested more than 100 deep") }
    if take("+") { return try unary() }
    if take("-") {
      let start = current.offset
      return .negated(try single(try unary(), at: start))
    }
    let start = current.offset
    let base = try primary()
    guard current.kind == .symbol("^") else { return base }
    return try joined(.power, base, from: start) { parser throws(FeatureSyntaxError) in try parser.unary() }
  }

  private mutating func joined(
    _ symbol: FeatureExpression.Operator, _ left: FeatureExpression, from start: Int,
    _ operand: (inout FeatureParser) throws(FeatureSyntaxError) -> FeatureExpression
  ) throws(FeatureSyntaxError) -> FeatureExpression {
    let first = try single(left, at: start)
    index += 1
    operators += 1
    let offset = current.offset
    guard operators <= 200 else { throw error(at: offset, "found a term with more than 200 operators") }
    return .arithmetic(symbol, first, try single(try operand(&self), at: offset))
  }

  private func single(
    _ expression: FeatureExpression, at offset: Int
  ) throws(FeatureSyntaxError) -> FeatureExpression {
    if case .interaction = expression {
      throw error(at: offset, "found an interaction inside a formula; multiply with * there")
    }
    if case .factor = expression {
      throw error(
        at: offset,
        "found \(expression), which makes a feature of every level but the first; a formula takes one, so let it stand"
          + " alone, or in an interaction such as \(expression):x")
    }
    guard expression.width() == 1 else {
      throw error(
        at: offset,
        "found \(expression), which makes \(expression.width()) features; a formula takes one, so let it stand alone")
    }
    return expression
  }

  private mutating func primary() throws(FeatureSyntaxError) -> FeatureExpression {
    let token = current
    switch token.kind {
    case .number(let value):
      index += 1
      return .number(value)
    case .quotedName(let name):
      index += 1
      return .column(name)
    case .name(let name):
      index += 1
      if take("(") { return try call(name, at: token.offset) }
      return name == "pi" ? .number(Double.pi) : .column(name)
    case .symbol("("):
      index += 1
      let inner = try interaction()
      try expect(")", "an operator or \")\"")
      return inner
    default:
      throw error(at: token.offset, "found \(token.text) where a column, a number, a function or \"(\" belongs")
    }
  }

  private mutating func call(_ name: String, at offset: Int) throws(FeatureSyntaxError) -> FeatureExpression {
    if let function = FeatureExpression.Function(rawValue: name) {
      return .function(function, try onlyArgument())
    }
    switch name {
    case "standardize", "standardise": return .standardized(try onlyArgument())
    case "center", "centre": return .centered(try onlyArgument())
    case "scale":
      let x = try argument(last: false, "scale(x, factor)")
      return .scaled(x, by: try constant(last: true, "scale(x, factor)", "a factor other than 0") { $0 != 0 })
    case "fourier":
      let form = "fourier(x, period, harmonics)"
      let x = try argument(last: false, form)
      let period = try constant(last: false, form, "a period above 0") { $0 > 0 }
      return .fourier(x, period: period, harmonics: try count(form, "harmonics"))
    case "poly":
      let x = try argument(last: false, "poly(x, degree)")
      return .polynomial(x, degree: try count("poly(x, degree)", "a degree"))
    case "factor": return .factor(try columnArgument("factor(column)"))
    default:
      let functions = FeatureExpression.Function.allCases.map(\.rawValue).joined(separator: ", ")
      throw error(
        at: offset,
        "found the unknown function \"\(name)\"; allowed are fourier, poly, factor, standardize, center, scale, \(functions)"
      )
    }
  }

  private mutating func onlyArgument() throws(FeatureSyntaxError) -> FeatureExpression {
    try argument(last: true, "one argument")
  }

  /// The name of a column, and the parenthesis after it.
  private mutating func columnArgument(_ form: String) throws(FeatureSyntaxError) -> String {
    let token = current
    switch token.kind {
    case .name(let name), .quotedName(let name):
      index += 1
      if take(")") { return name }
      throw error(at: current.offset, "found \(current.text) where \")\" belongs (the form is \(form))")
    default: throw error(at: token.offset, "found \(token.text) where a column belongs (the form is \(form))")
    }
  }

  /// One argument and the comma or parenthesis after it.
  private mutating func argument(last: Bool, _ form: String) throws(FeatureSyntaxError) -> FeatureExpression {
    let offset = current.offset
    let expression = try single(try sum(), at: offset)
    try expect(last ? ")" : ",", "\"\(last ? ")" : ",")\" (the form is \(form))")
    return expression
  }

  private mutating func constant(
    last: Bool, _ form: String, _ allowed: String, where isAllowed: (Double) -> Bool
  ) throws(FeatureSyntaxError) -> Double {
    let offset = current.offset
    let expression = try argument(last: last, form)
    guard let value = expression.constantValue, value.isFinite, isAllowed(value) else {
      throw error(at: offset, "found \(expression) where \(allowed) belongs (the form is \(form))")
    }
    return value
  }

  private mutating func count(_ form: String, _ noun: String) throws(FeatureSyntaxError) -> Int {
    Int(
      try constant(last: true, form, "a whole number of \(noun) from 1 to 100") {
        $0 >= 1 && $0 <= 100 && $0.rounded() == $0
      })
  }
}
