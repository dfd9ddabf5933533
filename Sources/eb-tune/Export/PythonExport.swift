import Experts
import Foundation
import LogDensities
import Priors

/// What the exports to Python have in common: the run, the data beside the program, its head, and literals.
struct PythonExport {
  let run: ExportedRun
  let study: Study
  let data: ExportedData

  init(_ run: ExportedRun, _ rebuilt: EvidenceRun) {
    self.run = run
    study = rebuilt.run.study
    data = ExportedData(rebuilt)
  }

  /// The head of a program: its documentation, imports, and the rows as arrays.
  func head(imports: [String]) -> String {
    let remarks = run.remarks + [study.scalingRemark]
    let remark = remarks.map {
      $0.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "'")
    }
    let order =
      run.configuration.order == Ordering.none.rawValue
      ? "" : "\nThis program leaves experts unordered: sort its draws as the run did."
    return """
      \"\"\"\(remark.joined(separator: "\n"))\(order)\"\"\"
      import json
      import pathlib

      import numpy as np
      \(imports.joined(separator: "\n"))

      data = json.loads((pathlib.Path(__file__).parent / "data.json").read_text())
      N, F, G, M = (data[name] for name in ("N", "F", "G", "M"))
      X = np.array(data["X"], dtype=float).reshape(N, F)
      Z = np.array(data["Z"], dtype=float).reshape(N, G)
      y = np.array(data["y"], dtype=float)

      """
  }

  /// Values in an array's shape; one number where they are all the same.
  static func literal(_ values: [Double], shape: [Int], array: String) -> String {
    if let first = values.first, values.allSatisfy({ $0 == first }) { return "\(first)" }
    guard shape.count == 2, shape[1] > 0 else { return "\(array)(\(list(values[...])))" }
    let rows = stride(from: 0, to: values.count, by: shape[1]).map { list(values[$0..<$0 + shape[1]]) }
    return "\(array)([\(rows.joined(separator: ", "))])"
  }

  private static func list(_ values: ArraySlice<Double>) -> String {
    "[\(values.map { "\($0)" }.joined(separator: ", "))]"
  }

  /// For every place of the block the place of its value where the groups stand one after the other.
  static func places(of block: ExportedBlock) -> [Int] {
    let members = block.groups.flatMap(\.members)
    var places = [Int](repeating: 0, count: members.count)
    for (place, member) in members.enumerated() { places[member] = place }
    return places
  }

  /// A list of strings.
  static func strings(_ names: [String]) -> String { "[\(names.map(string).joined(separator: ", "))]" }

  /// A string's literal; line breaks become blanks.
  static func string(_ text: String) -> String {
    let escaped = text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
    return "\"" + String(escaped.map { $0.isNewline ? " " : $0 }) + "\""
  }

  static func tuple(_ shape: [Int]) -> String { "(\(shape.map { "\($0), " }.joined()))" }
}
