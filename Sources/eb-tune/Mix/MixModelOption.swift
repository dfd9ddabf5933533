import Foundation
import TuningIO

/// A model as the user's columns have it: `theory=f1,s1`.
struct MixModelOption: Sendable {
  /// A column, or one number for all rows.
  enum Source: Sendable {
    case column(String)
    case number(Double)

    init(_ text: String) {
      self = Double(text).map { .number($0) } ?? .column(text)
    }

    func values(in table: Table) throws(TableError) -> [Double] {
      switch self {
      case .column(let name): try table.numeric(name)
      case .number(let value): [Double](repeating: value, count: table.rows)
      }
    }
  }

  let text: String
  let name: String
  let mean: String
  /// nil where none is given: 0, or that of a covariance.
  let deviation: Source?

  /// - Throws: `OptionError` without the name of the option.
  init(_ text: String) throws(OptionError) {
    let example = "allowed is a name, a column of means and a column or number of standard deviations: 'theory=f1,s1'."
    guard let equals = text.firstIndex(of: "=") else { throw OptionError("\"\(text)\" has no equals sign; \(example)") }
    let parts = text[text.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    name = text[..<equals].trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty, (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
      throw OptionError("\"\(text)\" is no model; \(example)")
    }
    self.text = text
    mean = parts[0]
    deviation = parts.count > 1 ? Source(parts[1]) : nil
  }
}

/// The covariance of a model's errors in files of its own: `theory=cov.csv` or `theory=cov.csv,new.csv`.
struct MixCovarianceOption: Sendable {
  let text: String
  let name: String
  /// Between the rows of the data.
  private(set) var file: String
  /// Between the rows of new inputs.
  private(set) var newFile: String?

  /// The same with its paths replaced.
  func mappingPaths(_ body: (String) throws -> String) rethrows -> Self {
    var option = self
    option.file = try body(file)
    option.newFile = try newFile.map(body)
    return option
  }

  /// - Throws: `OptionError` without the name of the option.
  init(_ text: String) throws(OptionError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let files = (parts.last ?? "").split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    name = (parts.first ?? "").trimmingCharacters(in: .whitespaces)
    guard parts.count == 2, !name.isEmpty, (1...2).contains(files.count), files.allSatisfy({ !$0.isEmpty }) else {
      throw OptionError(
        "\"\(text)\" is no covariance; allowed is a model's name with a file, and after a comma one for new inputs: 'theory=cov.csv,new.csv'."
      )
    }
    self.text = text
    file = files[0]
    newFile = files.count > 1 ? files[1] : nil
  }
}
