/// Parameters as people point at them: a block (`slopes`), a name (`slope[2,temperature]`), or a name with stars in place
/// of an index (`slope[*,temperature]`, `slope[2,*]`, `sigma[*]`).
///
/// What stands between the first comma and the last bracket is one index, so that the name of a feature may hold commas,
/// brackets and colons of its own.
public struct ParameterPattern: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The pattern as it was typed.
  public let text: String

  /// A pattern; any text is one, though it may match nothing.
  public init(_ text: String) { self.text = text }

  /// The pattern as it was typed.
  public var description: String { text }

  /// Whether it points at the parameter `name` of `block`.
  public func matches(_ name: String, in block: String) -> Bool {
    if text == block || text == name { return true }
    guard let own = Indices(text), let other = Indices(name), own.head == other.head else { return false }
    // A star alone stands for all that is in the brackets.
    guard own.first != "*" || own.rest != nil else { return true }
    guard own.rest != nil, other.rest != nil else { return own.whole == other.whole }
    return (own.first == "*" || own.first == other.first) && (own.rest == "*" || own.rest == other.rest)
  }

  /// The places of the parameters that it points at, ascending; names and blocks are those of all parameters in order.
  public func places(among names: [String], blocks: [String]) -> [Int] {
    precondition(names.count == blocks.count, "every parameter has one block")
    return names.indices.filter { matches(names[$0], in: blocks[$0]) }
  }

  /// `name` with its indices as stars, one at a time: what else could have been meant near it.
  public static func variants(of name: String) -> [String] {
    guard let indices = Indices(name) else { return [] }
    guard let rest = indices.rest else { return ["\(indices.head)[*]"] }
    return ["\(indices.head)[*,\(rest)]", "\(indices.head)[\(indices.first),*]", "\(indices.head)[*,*]"]
  }

  /// What a name has in its brackets.
  private struct Indices {
    let head: Substring
    let whole: Substring
    /// All of it, or what stands before the first comma.
    let first: Substring
    /// What stands behind the first comma.
    let rest: Substring?

    init?(_ name: String) {
      guard let bracket = name.firstIndex(of: "["), name.last == "]" else { return nil }
      head = Self.trimmed(name[..<bracket])
      let whole = Self.trimmed(name[name.index(after: bracket)...].dropLast())
      self.whole = whole
      let comma = whole.firstIndex(of: ",")
      first = Self.trimmed(whole[..<(comma ?? whole.endIndex)])
      rest = comma.map { Self.trimmed(whole[whole.index(after: $0)...]) }
    }

    private static func trimmed(_ text: Substring) -> Substring {
      let start = text.drop(while: \.isWhitespace)
      return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? start[start.endIndex...]
    }
  }
}
