/// Makes the commas and brackets of `normal(0,1)` and `slope[*,temperature]` plain text to a YAML parser, which would
/// otherwise split them inside of braces and brackets. Characters are replaced one by one, so that columns stay.
struct YAMLShield {
  /// What YAML reads as structure, and the private characters that stand for it.
  private static let structure: [Unicode.Scalar] = [",", "[", "]", "{", "}"]

  /// The text with private characters in it.
  let text: String
  private let substitutes: [Unicode.Scalar]

  /// - Throws: `StudyFileError.reference` for anchors, aliases and tags: a short file could stand for a giant one.
  init(_ source: String, file: String) throws(StudyFileError) {
    let used = Set(source.unicodeScalars)
    substitutes = Array(
      (0xE000...0xF8FF).lazy.compactMap(Unicode.Scalar.init).filter { !used.contains($0) }.prefix(5))
    guard substitutes.count == Self.structure.count else {
      throw .notYAML(FilePlace(file: file), problem: "it uses up the private characters of Unicode", found: nil)
    }
    var shielded = String.UnicodeScalarView()
    for (number, line) in source.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if number > 0 { shielded.append("\n") }
      var scanner = LineScanner(Array(line))
      shielded.append(contentsOf: scanner.shielded(by: substitutes))
      if let (column, word) = scanner.reference {
        throw .reference(FilePlace(file: file, line: number + 1, column: column + 1), found: word)
      }
    }
    text = String(shielded)
  }

  /// The characters as they were.
  func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: substitutes.contains) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(substitutes.firstIndex(of: scalar).map { Self.structure[$0] } ?? scalar)
    }
    return String(result)
  }

  /// One line: quotation marks and comments are told from plain text.
  private struct LineScanner {
    private var line: [Unicode.Scalar]
    /// The first anchor, alias or tag.
    private(set) var reference: (column: Int, word: String)?

    /// Where the bracket that opens at an index is closed.
    private let ends: [Int: Int]

    init(_ line: [Unicode.Scalar]) {
      self.line = line
      var ends: [Int: Int] = [:]
      var open: (round: [Int], square: [Int]) = ([], [])
      for (index, scalar) in line.enumerated() {
        switch scalar {
        case "(": open.round.append(index)
        case "[": open.square.append(index)
        case ")": if let start = open.round.popLast() { ends[start] = index }
        case "]": if let start = open.square.popLast() { ends[start] = index }
        default: break
        }
      }
      self.ends = ends
    }

    mutating func shielded(by substitutes: [Unicode.Scalar]) -> [Unicode.Scalar] {
      var quote: Unicode.Scalar?
      var before: Unicode.Scalar?
      var index = 0
      while index < line.count {
        let scalar = line[index]
        defer {
          if !Self.isSpace(scalar) { before = scalar }
          index += 1
        }
        if let open = quote {
          if scalar == "\\", open == "\"" { index += 1 } else if scalar == open { quote = nil }
          continue
        }
        let startsToken = before.map { "[{,:-?".unicodeScalars.contains($0) } ?? true
        switch scalar {
        case "\"" where startsToken, "'" where startsToken: quote = scalar
        case "#" where index == 0 || Self.isSpace(line[index - 1]): return line
        case "&" where startsToken, "*" where startsToken, "!" where startsToken: note(index)
        case "(": index = shield(from: index, substitutes)
        case "[" where index > 0 && Self.isWord(line[index - 1]): index = shield(from: index, substitutes)
        default: break
        }
      }
      return line
    }

    private mutating func note(_ index: Int) {
      let word = line[index...].prefix { !Self.isSpace($0) && !",[]{}".unicodeScalars.contains($0) }
      guard reference == nil, word.count > 1 else { return }
      reference = (index, String(String.UnicodeScalarView(word)))
    }

    /// Replaces what stands between a bracket and the one that closes it; the index of the latter, or of the former where
    /// nothing closes it on this line.
    private mutating func shield(from start: Int, _ substitutes: [Unicode.Scalar]) -> Int {
      guard let end = ends[start] else { return start }
      for index in start...end {
        if let place = YAMLShield.structure.firstIndex(of: line[index]) { line[index] = substitutes[place] }
      }
      return end
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
    }
  }
}
