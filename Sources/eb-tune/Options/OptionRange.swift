import ArgumentParser

/// Numbers that an option allows.
enum OptionRange {
  /// - Throws: `ValidationError` for a value outside the range, which it names.
  static func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw ValidationError("\(name) is \(value); allowed is \(range.lowerBound) to \(range.upperBound).")
    }
  }
}
