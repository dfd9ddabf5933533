import Foundation

/// A numeric table of the shared data, column by column.
struct SharedTable {
  private let columns: [String: [Double]]

  init(_ file: URL) throws {
    let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
    let names = (lines.first ?? "").split(separator: ",").map(String.init)
    let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    columns = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { index, name in (name, rows.map { $0[index] }) })
  }

  subscript(name: String) -> [Double] { columns[name] ?? [] }
}

/// The largest |found − expected| / |expected|.
func relativeError(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count, !found.isEmpty else { return .infinity }
  return zip(found, expected).map { abs($0 - $1) / max(abs($1), .leastNormalMagnitude) }.max() ?? .infinity
}
