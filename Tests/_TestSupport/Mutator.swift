/// Damage to files, made from a seed: what a broken disk, an editor, another program or malice may do to them.
public struct Mutator {
  private var random: SplitMix

  /// The mutations of a seed: a failure is repeated by it.
  public init(seed: UInt64) { random = SplitMix(state: seed) }

  /// What readers of numbers and of text stumble over.
  public static let hostileTokens: [String] = [
    "", "0", "-1", "1e400", "-1e400", "1e-400", "nan", "NaN", "inf", "Infinity", "-Infinity", "\"NaN\"", "\"Infinity\"",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "4294967296",
    "1e18", "1e308", "1e-320", "-0.0", "0x1p-3", "1_000", "1,5", "--1", "+1", "1e", ".", "null", "true", "[]", "{}",
    "\"\"", "\"", "'", "\"\"\"", ",,,,", ";", "\t", "\\", "\\u0000", "\\ud800", "\u{FEFF}", "\u{2028}", "\u{202E}", "é",
    "e\u{301}",
    "𝛔", "\r", "\r\n", "\n", "\n\n", "\0", "#", "//", "<script>", "%s%n", "$(true)", "../..", "{{{{", "]]]]", "((((",
    "))))",
    "^^", "1e999999999", "- ", ": ", "&a", "*a", "<<: *a", "|", "? ", "!!int", "---", "...", "~",
  ]

  /// A random whole number below `bound`; 0 where that is none.
  public mutating func next(below bound: Int) -> Int { bound > 1 ? Int.random(in: 0..<bound, using: &random) : 0 }

  /// One of `values`.
  public mutating func choice<Element>(_ values: [Element]) -> Element { values[next(below: values.count)] }

  /// A copy of `bytes` with a few mutations, or one in most cases; `others` are files whose parts may get into it.
  public mutating func mutated(_ bytes: [UInt8], with others: [[UInt8]] = []) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<choice([1, 1, 1, 2, 3, 8]) { mutate(&bytes, with: others) }
    return bytes
  }

  private mutating func mutate(_ bytes: inout [UInt8], with others: [[UInt8]]) {
    switch next(below: 16) {
    case 0: if !bytes.isEmpty { bytes[next(below: bytes.count)] ^= 1 << UInt8(next(below: 8)) }
    case 1: if !bytes.isEmpty { bytes[next(below: bytes.count)] = UInt8(next(below: 256)) }
    case 2: bytes.removeSubrange(range(of: bytes, most: 40))
    case 3: bytes.removeSubrange(range(of: bytes, most: bytes.count))
    case 4: bytes = Array(bytes.prefix(next(below: bytes.count + 1)))
    case 5: insert(Array(bytes[range(of: bytes, most: 200)]), into: &bytes)
    case 6: insert(part(of: others.isEmpty ? [bytes] : others), into: &bytes)
    case 7: insert(Array(choice(Self.hostileTokens).utf8), into: &bytes)
    case 8, 9: replaceToken(of: &bytes, by: Array(choice(Self.hostileTokens).utf8))
    case 10: replaceToken(of: &bytes, by: someToken(of: bytes))
    case 11: insert(repeated(choice([",", "\"", "[", "{\"a\":", "(", "a", "9", "\n", " ", "- ", "\0"])), into: &bytes)
    case 12:
      insert(
        choice([[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB, 0xBF]]), into: &bytes)
    case 13: bytes = bytes.flatMap { $0 == 10 ? [13, 10] : [$0] }
    case 14: swapLines(of: &bytes)
    default:
      bytes = choice([
        [0xEF, 0xBB, 0xBF] + bytes, Array(bytes.dropLast()), bytes + bytes, bytes.map { $0 == 10 ? 13 : $0 },
      ])
    }
  }

  private mutating func range(of bytes: [UInt8], most: Int) -> Range<Int> {
    let start = next(below: bytes.count + 1)
    return start..<min(bytes.count, start + next(below: max(1, most)) + 1)
  }

  private mutating func insert(_ more: [UInt8], into bytes: inout [UInt8]) {
    bytes.insert(contentsOf: more, at: next(below: bytes.count + 1))
  }

  private mutating func part(of files: [[UInt8]]) -> [UInt8] {
    let file = choice(files)
    return Array(file[range(of: file, most: 400)])
  }

  /// Long lines, long numbers, deep nesting.
  private mutating func repeated(_ text: String) -> [UInt8] {
    Array(String(repeating: text, count: choice([2, 10, 100, 1000, 20_000])).utf8)
  }

  private mutating func swapLines(of bytes: inout [UInt8]) {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
    lines.swapAt(next(below: lines.count), next(below: lines.count))
    bytes = Array(lines.joined(separator: [10]))
  }

  /// The letters, digits and signs around a random place.
  private mutating func token(in bytes: [UInt8]) -> Range<Int> {
    guard !bytes.isEmpty else { return 0..<0 }
    func belongs(_ byte: UInt8) -> Bool {
      switch byte {
      case 48...57, 65...90, 97...122, 43, 45, 46, 95: true
      default: byte > 127
      }
    }
    var start = next(below: bytes.count)
    while start < bytes.count, !belongs(bytes[start]) { start += 1 }
    var end = start
    while start > 0, belongs(bytes[start - 1]) { start -= 1 }
    while end < bytes.count, belongs(bytes[end]) { end += 1 }
    return start..<end
  }

  private mutating func someToken(of bytes: [UInt8]) -> [UInt8] { Array(bytes[token(in: bytes)]) }

  private mutating func replaceToken(of bytes: inout [UInt8], by other: [UInt8]) {
    bytes.replaceSubrange(token(in: bytes), with: other)
  }
}
