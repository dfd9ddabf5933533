/// What a table shows of one parameter's prior.
protocol ParameterPrior {
  /// Such as `slope[2,temperature]`.
  var parameter: String { get }
  /// Whether the other one differs by its parameter alone.
  func isLike(_ other: Self) -> Bool
}

extension PriorExport.Entry: ParameterPrior {
  func isLike(_ other: PriorExport.Entry) -> Bool {
    family == other.family && hyperparameters == other.hyperparameters && units == other.units
  }
}

/// A row of a table of priors: one entry, or several that are alike but for the number of their expert.
struct PriorRow<Entry: ParameterPrior> {
  /// What stands around the number, such as `slope[` and `,temperature]`; no number, no rest.
  private let prefix: Substring
  private let rest: Substring
  private let first: Int?
  private var last: Int?
  let entry: Entry

  private init(_ entry: Entry) {
    self.entry = entry
    let name = entry.parameter[...]
    let start = name.firstIndex(of: "[").map { name.index(after: $0) } ?? name.endIndex
    let digits = name[start...].prefix(while: \.isNumber)
    first = Int(digits)
    last = first
    prefix = first == nil ? name : name[..<start]
    rest = first == nil ? "" : name[digits.endIndex...]
  }

  /// `slope[1–3,temperature]`.
  var name: String {
    guard let first, let last else { return String(prefix) }
    return first == last ? "\(prefix)\(first)\(rest)" : "\(prefix)\(first)–\(last)\(rest)"
  }

  /// The rows of entries, in order of first appearance.
  static func rows(of entries: [Entry]) -> [PriorRow] {
    entries.reduce(into: []) { rows, entry in
      let row = PriorRow(entry)
      if let twin = rows.firstIndex(where: { $0.isFollowed(by: row) }) {
        rows[twin].last = row.last
      } else {
        rows.append(row)
      }
    }
  }

  private func isFollowed(by other: PriorRow) -> Bool {
    guard let last, let number = other.first else { return false }
    return last + 1 == number && prefix == other.prefix && rest == other.rest && entry.isLike(other.entry)
  }
}
