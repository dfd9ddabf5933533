import Experts
import Foundation
import LogDensities
import Priors
import TuningIO

/// A prior as a user types it: `slopes=normal(0,2)` for a block, `slope[*,temperature]=normal(0,1)` for the parameters at a
/// pattern.
struct PriorOption: Sendable {
  let text: String
  let pattern: ParameterPattern
  let prior: ScalarPrior

  /// - Throws: `OptionError` without the name of the option, which the parser of the command line puts before it.
  init(_ text: String) throws(OptionError) {
    let (pattern, density) = try NamedValues.splitting(text, like: "slopes=normal(0,2)")
    let values = try NamedValues(density, like: "normal(0,2)")
    guard let family = PriorFamily(rawValue: values.name) else {
      throw OptionError.unknown("family", values.name, among: PriorFamily.allCases.map(\.rawValue))
    }
    let kinds = family.hyperparameters
    let numbers = try values.numbers(
      kinds.map { $0.isBound ? "\($0.quantity) bound" : $0.quantity }, positive: kinds.map(\.isLogarithm),
      of: family.rawValue)
    var tuningValues = HyperparameterVector(repeating: 0)
    for (lane, (kind, value)) in zip(kinds, numbers).enumerated() {
      tuningValues[lane] = kind.isLogarithm ? log(value) : value
    }
    self.text = text
    self.pattern = ParameterPattern(pattern)
    prior = ScalarPrior(family, tuningValues: tuningValues)
    guard case .interval(let lower, let upper) = prior.support else { return }
    guard lower < upper else {
      throw OptionError("the lower bound of \(family.rawValue) is \(lower); allowed is below the upper bound \(upper).")
    }
    do throws(ModelError) { try prior.validate(name: pattern) } catch { throw OptionError(error.description) }
  }

  /// Families on all numbers or on the positive ones, for the help of experts, whose parameters have no bounds.
  static let unboundedFamilies = text(of: PriorFamily.allCases.filter { $0.support != nil })
  /// All families, for the help.
  static let families = text(of: PriorFamily.allCases)

  /// Families with their hyperparameters.
  private static func text(of families: [PriorFamily]) -> String {
    families.map { "\($0.rawValue)(\($0.hyperparameters.map(\.quantity).joined(separator: ",")))" }
      .joined(separator: ", ")
  }
}

/// `family(1,2)`: a name and what is in the brackets behind it.
struct NamedValues: Sendable {
  let name: String
  private let values: [String]

  init(_ text: String, like example: String) throws(OptionError) {
    guard let bracket = text.firstIndex(of: "("), text.last == ")" else {
      throw OptionError("\"\(text)\" is no family with its values in brackets, such as \(example).")
    }
    name = text[..<bracket].trimmingCharacters(in: .whitespaces)
    let inside = text[text.index(after: bracket)...].dropLast()
    values = inside.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// `pattern=family(…)` at its last equals sign; values have none, and the name of a feature may.
  static func splitting(
    _ text: String, like example: String
  ) throws(OptionError) -> (pattern: String, density: String) {
    guard let equals = text.lastIndex(of: "=") else {
      throw OptionError("\"\(text)\" has no equals sign; a pattern and a density are needed, such as \(example).")
    }
    let pattern = text[..<equals].trimmingCharacters(in: .whitespaces)
    guard !pattern.isEmpty else {
      throw OptionError("no parameter stands before the equals sign; allowed is such as \(example).")
    }
    return (pattern, text[text.index(after: equals)...].trimmingCharacters(in: .whitespaces))
  }

  /// The values as numbers: one for each of `quantities`, above 0 where `positive`.
  func numbers(_ quantities: [String], positive: [Bool], of family: String) throws(OptionError) -> [Double] {
    guard values.count == quantities.count else {
      throw OptionError(
        "\(family) takes \(quantities.count) value\(quantities.count == 1 ? "" : "s")"
          + " (\(quantities.joined(separator: ", "))), found \(values == [""] ? 0 : values.count).")
    }
    var numbers: [Double] = []
    for (text, (quantity, isPositive)) in zip(values, zip(quantities, positive)) {
      guard let value = Double(text), value.isFinite else {
        throw OptionError("the \(quantity) of \(family) is \"\(text)\"; a finite number is needed.")
      }
      guard !isPositive || value > 0 else {
        throw OptionError("the \(quantity) of \(family) is \(text); allowed is above 0.")
      }
      numbers.append(value)
    }
    return numbers
  }
}

/// What is wrong with the value of an option: a sentence behind the option's name and a colon.
struct OptionError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// A name that is not among those that there are.
  static func unknown(_ noun: String, _ name: String, among names: [String]) -> OptionError {
    let nearest = NearestNames.suggestions(for: name, among: names)
    return OptionError(
      "there is no \(noun) \"\(name)\"; "
        + (nearest.isEmpty
          ? "allowed is \(names.joined(separator: ", "))." : "did you mean \(nearest.joined(separator: " or "))?"))
  }
}
