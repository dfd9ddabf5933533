/// One entry of a comma-separated feature list: an expression, and the name the user gave to it, if any.
public struct FeatureTerm: Sendable, Hashable {
  /// The name before `=`, which stands for the expression in the names of its features.
  public let label: String?
  /// What is computed.
  public let expression: FeatureExpression

  /// A term.
  public init(_ expression: FeatureExpression, label: String? = nil) {
    self.label = label
    self.expression = expression
  }

  /// Reads a list such as `fourier(hour,24,2), temperature, speed = log(wind)`; an empty text is an empty list.
  ///
  /// - Throws: `FeatureSyntaxError`, which shows the place and what may stand there.
  public static func parse(_ text: String) throws(FeatureSyntaxError) -> [FeatureTerm] {
    var parser = try FeatureParser(text)
    return try parser.terms()
  }

  /// The text that parses to these terms.
  public static func text(of terms: [FeatureTerm]) -> String { terms.map(\.description).joined(separator: ",") }

  /// The names of its features. Fourier terms add their period where `qualified`, to tell two periods of one column apart.
  /// `levels` are those of factors by column, as a design holds them.
  public func featureNames(qualified: Bool = false, levels: [String: FactorLevels] = [:]) -> [String] {
    Self.names(of: expression, base: label, qualified: qualified, levels)
  }

  private static func names(
    of expression: FeatureExpression, base: String?, qualified: Bool, _ levels: [String: FactorLevels]
  ) -> [String] {
    switch expression {
    case .column(let name): return [base ?? name]
    case .standardized(let x) where !qualified: return names(of: x, base: base, qualified: false, levels)
    case .fourier(let x, let period, let harmonics):
      let stem = base ?? names(of: x, base: nil, qualified: qualified, levels)[0]
      let suffix = qualified ? "(\(FeatureExpression.text(of: period)))" : ""
      return (1...harmonics).flatMap { ["\(stem)_sin\($0)\(suffix)", "\(stem)_cos\($0)\(suffix)"] }
    case .polynomial(let x, let degree):
      let stem = base ?? names(of: x, base: nil, qualified: qualified, levels)[0]
      return (1...degree).map { $0 == 1 ? stem : "\(stem)^\($0)" }
    case .factor(let column):
      let stem = base ?? (qualified ? expression.description : column)
      guard let names = levels[column]?.names.dropFirst() else { return [stem] }
      return names.map { "\(stem).\($0)" }
    case .interaction(let factors):
      if let base { return [base] }
      return factors.reduce([]) { products, factor in
        let own = names(of: factor, base: nil, qualified: qualified, levels)
        return products.isEmpty ? own : products.flatMap { left in own.map { "\(left):\($0)" } }
      }
    default: return [base ?? expression.description]
    }
  }
}

extension FeatureTerm: CustomStringConvertible {
  /// The text that parses to the term.
  public var description: String {
    label.map { "\(FeatureExpression.column($0))=\(expression)" } ?? expression.description
  }
}

extension FeatureTerm: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let terms = try FeatureTerm.parse(container.decode(String.self))
    guard let term = terms.first, terms.count == 1 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected one feature term")
    }
    self = term
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
