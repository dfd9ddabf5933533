/// A piece of a feature list, with the character at which it begins.
struct FeatureToken: Equatable {
  enum Kind: Equatable {
    case number(Double)
    case name(String)
    case quotedName(String)
    case symbol(Character)
    case end
  }

  let kind: Kind
  /// Counted in characters from 0.
  let offset: Int

  /// How a message names it.
  var text: String {
    switch kind {
    case .number(let value): "the number \(FeatureExpression.text(of: value))"
    case .name(let name): "\"\(name)\""
    case .quotedName(let name): "`\(name)`"
    case .symbol(let symbol): "\"\(symbol)\""
    case .end: "the end"
    }
  }

  /// Cuts a text into tokens, an end token last.
  static func scan(_ text: String) throws(FeatureSyntaxError) -> [FeatureToken] {
    let characters = Array(text)
    var tokens: [FeatureToken] = []
    var index = 0
    while index < characters.count {
      let start = index
      let character = characters[index]
      if character.isWhitespace {
        index += 1
        continue
      }
      let kind: Kind
      if character == "`" {
        kind = try quotedName(characters, &index, text)
      } else if isDigit(character) || character == "." {
        kind = try number(characters, &index, text)
      } else if character.isLetter || character == "_" {
        while index < characters.count, isNamePart(characters[index]) { index += 1 }
        kind = .name(String(characters[start..<index]))
      } else if let symbol = symbol(characters, &index) {
        kind = .symbol(symbol)
      } else {
        throw FeatureSyntaxError(
          text: text, offset: start,
          reason: "found \"\(character)\"; allowed are names, numbers, + - * / ^ : = ( ) and commas, "
            + "and a column with another character in its name stands in backquotes")
      }
      tokens.append(FeatureToken(kind: kind, offset: start))
    }
    return tokens + [FeatureToken(kind: .end, offset: characters.count)]
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

  private static func isNamePart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "."
  }

  private static func symbol(_ characters: [Character], _ index: inout Int) -> Character? {
    let character = characters[index]
    switch character {
    case "*" where index + 1 < characters.count && characters[index + 1] == "*":
      index += 2
      return "^"
    case "+", "-", "*", "/", "^", ":", "=", "(", ")", ",":
      index += 1
      return character
    case "−":
      index += 1
      return "-"
    default: return nil
    }
  }

  private static func quotedName(
    _ characters: [Character], _ index: inout Int, _ text: String
  ) throws(FeatureSyntaxError) -> Kind {
    let start = index
    var name = ""
    index += 1
    while index < characters.count {
      if characters[index] != "`" {
        name.append(characters[index])
        index += 1
      } else if index + 1 < characters.count && characters[index + 1] == "`" {
        name.append("`")
        index += 2
      } else {
        index += 1
        guard !name.isEmpty else {
          throw FeatureSyntaxError(
            text: text, offset: start, reason: "found an empty name; a column's name belongs here")
        }
        return .quotedName(name)
      }
    }
    throw FeatureSyntaxError(text: text, offset: start, reason: "found a backquote that is never closed")
  }

  private static func number(
    _ characters: [Character], _ index: inout Int, _ text: String
  ) throws(FeatureSyntaxError) -> Kind {
    let start = index
    while index < characters.count, isDigit(characters[index]) || characters[index] == "." { index += 1 }
    if index < characters.count, characters[index] == "e" || characters[index] == "E" {
      var ahead = index + 1
      if ahead < characters.count, characters[ahead] == "+" || characters[ahead] == "-" { ahead += 1 }
      if ahead < characters.count, isDigit(characters[ahead]) {
        while ahead < characters.count, isDigit(characters[ahead]) { ahead += 1 }
        index = ahead
      }
    }
    // The standard library wants digits on both sides of a point; people do not always write them.
    var literal = String(characters[start..<index])
    if literal.hasPrefix(".") { literal = "0" + literal }
    if literal.hasSuffix(".") { literal += "0" }
    guard let value = Double(literal), value.isFinite else {
      throw FeatureSyntaxError(
        text: text, offset: start,
        reason: "found \"\(String(characters[start..<index]))\", which is not a finite number")
    }
    return .number(value)
  }
}

/// A feature list that cannot be read: what was found, where, and what may stand there.
public struct FeatureSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The whole list as the user typed it.
  public let text: String
  /// The place, in characters from 0.
  public let offset: Int
  /// What was found and what is allowed.
  public let reason: String

  /// One sentence.
  public var description: String {
    let line = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return "Features \"\(line)\", character \(offset + 1): \(reason)."
  }
}
