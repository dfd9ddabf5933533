import Foundation

/// JSON as this program writes it: keys sorted, doubles with all their digits. JSON has no NaN and no infinities; they are the
/// strings "NaN", "Infinity" and "-Infinity", which `decode` reads back.
public enum JSONText {
  /// `value` on one line, without a line break at its end.
  /// - Throws: `EncodingError`.
  public static func line(_ value: some Encodable) throws -> String {
    try text(value, [.sortedKeys, .withoutEscapingSlashes])
  }

  /// `value` on indented lines, a line break at its end.
  /// - Throws: `EncodingError`.
  public static func document(_ value: some Encodable) throws -> String {
    try text(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]) + "\n"
  }

  /// The value that `text` stands for.
  /// - Throws: `DecodingError`.
  public static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try decoder.decode(type, from: Data(text.utf8))
  }

  private static func text(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension AtomicFile {
  /// Writes `value` to `path` as an indented JSON document.
  /// - Throws: `OutputError`.
  public static func writeJSON(_ value: some Encodable, to path: String) throws(OutputError) {
    let document: String
    do {
      document = try JSONText.document(value)
    } catch {
      throw .cannotEncode(path: path, reason: "\(error)")
    }
    try write(document, to: path)
  }
}
