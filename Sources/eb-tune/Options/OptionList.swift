import Foundation
import TuningIO

/// Options that take a list separated by commas. Each entry counts once, in the user's order.
enum OptionList {
  /// Names, each of which must be allowed.
  static func names(_ list: String, _ noun: String, among allowed: [String]) throws(Failure) -> [String] {
    try distinct(list) { name throws(Failure) in
      guard allowed.contains(name) else {
        throw Failure("There is no \(noun) \"\(name)\"; \(NearestNames.hint(for: name, among: allowed))", .usage)
      }
      return [name]
    }
  }

  /// Numbers, each of which must be above 0.
  static func positive(_ list: String, _ option: String) throws(Failure) -> [Double] {
    try distinct(list) { text throws(Failure) in
      guard let value = Double(text), value > 0, value.isFinite else {
        throw Failure("\(option) has \"\(text)\"; allowed are numbers above 0, separated by commas.", .usage)
      }
      return [value]
    }
  }

  /// Whole numbers and ranges of them, such as `1,2,4-6`, each within `allowed`.
  static func integers(_ list: String, _ option: String, in allowed: ClosedRange<Int>) throws(Failure) -> [Int] {
    try distinct(list) { text throws(Failure) in
      let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        .map { Int($0.trimmingCharacters(in: .whitespaces)) }
      guard let first = ends[0], let last = ends[ends.count - 1], first <= last, allowed.contains(first),
        allowed.contains(last)
      else {
        throw Failure(
          "\(option) has \"\(text)\"; allowed are numbers from \(allowed.lowerBound) to \(allowed.upperBound), separated"
            + " by commas, and ranges such as 1-4.", .usage)
      }
      return Array(first...last)
    }
  }

  private static func distinct<Value: Equatable>(
    _ list: String, _ values: (String) throws(Failure) -> [Value]
  ) throws(Failure) -> [Value] {
    var result: [Value] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      for value in try values(part.trimmingCharacters(in: .whitespaces)) where !result.contains(value) {
        result.append(value)
      }
    }
    return result
  }
}
