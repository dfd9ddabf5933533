import ArgumentParser

/// The argument of `--gamma`: one weight, or several in the order of their path.
struct EntropyWeights: ExpressibleByArgument, Sendable, CustomStringConvertible {
  let values: [Double]

  init(_ values: [Double]) { self.values = values }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Double($0.trimmingWhitespace) }
    guard values.count == parts.count, values.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
    self.values = values
  }

  /// A weight that is named more than once; nil where all differ.
  var repeated: Double? {
    var seen: Set<Double> = []
    return values.first { !seen.insert($0).inserted }
  }

  var description: String { values.map { "\($0)" }.joined(separator: ",") }
  var defaultValueDescription: String {
    values.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }.joined(separator: ",")
  }
}

extension Substring {
  fileprivate var trimmingWhitespace: Substring {
    var rest = self
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
