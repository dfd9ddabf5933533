import Experts
import LogDensities

/// `data.json` of an exported program: named numbers, vectors (of whole numbers too) and matrices by rows.
struct ExportedData: Encodable {
  enum Value: Encodable {
    case count(Int)
    case counts([Int])
    case vector([Double])
    case matrix([[Double]])

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .count(let value): try container.encode(value)
      case .counts(let values): try container.encode(values)
      case .vector(let values): try container.encode(values)
      case .matrix(let rows): try container.encode(rows)
      }
    }
  }

  private(set) var values: [String: Value]

  /// The rows that were fitted, features and response on the model's scale.
  init(_ run: EvidenceRun) {
    let rows = run.run.study.training
    func matrix(_ columns: [Double], _ width: Int) -> Value {
      .matrix((0..<rows.count).map { row in (0..<width).map { columns[$0 * rows.count + row] } })
    }
    values = [
      "N": .count(rows.count), "F": .count(rows.expertNames.count), "G": .count(rows.gateNames.count),
      "M": .count(run.run.model.architecture.experts), "X": matrix(rows.expertFeatures, rows.expertNames.count),
      "Z": matrix(rows.gateFeatures, rows.gateNames.count), "y": .vector(rows.response),
    ]
  }

  subscript(name: String) -> Value? {
    get { values[name] }
    set { values[name] = newValue }
  }

  func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}

extension Study {
  /// How the response on the model's scale came about, as a sentence.
  var scalingRemark: String {
    "Here y is the column \(target.map { $0.isNewline ? " " : String($0) }.joined()) less \(scaling.location), divided by"
      + " \(scaling.scale)."
  }
}
