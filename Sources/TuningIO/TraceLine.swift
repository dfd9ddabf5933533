import EmpiricalBayes

/// One line of `trace.jsonl`: everything that an outer iteration found, keys in alphabetical order. Numbers that are not finite
/// are strings; see `JSONText`.
public struct TraceLine: Sendable, Codable, Equatable {
  /// What the iteration found.
  public var info: TuningInfo
  /// The coordinates of λ by name, on the tuning scale (logarithms for scales); the order is that of `info.lambda`.
  public var coordinates: [String]
  /// Seconds since the run began.
  public var seconds: Double

  /// A line.
  public init(info: TuningInfo, coordinates: [String], seconds: Double) {
    self.info = info
    self.coordinates = coordinates
    self.seconds = seconds
  }

  /// Adds the line to a journal.
  /// - Throws: `OutputError`.
  public func append(to journal: Journal) throws(OutputError) {
    let line: String
    do {
      line = try JSONText.line(self)
    } catch {
      throw .cannotEncode(path: journal.path, reason: "\(error)")
    }
    try journal.append(line)
  }
}
