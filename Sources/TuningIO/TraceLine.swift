import EmpiricalBayes

/// One line of `trace.jsonl`: everything that an outer iteration found, keys in alphabetical order. Numbers that are not finite
/// are strings; see `JSONText`. It holds no times, so that one seed gives the same bytes; those are in `TimingLine`.
public struct TraceLine: Sendable, Codable, Equatable {
  /// What the iteration found.
  public var info: TuningInfo
  /// The coordinates of λ by name, on the tuning scale (logarithms for scales); the order is that of `info.lambda`.
  public var coordinates: [String]

  /// A line.
  public init(info: TuningInfo, coordinates: [String]) {
    self.info = info
    self.coordinates = coordinates
  }
}

/// One line of `timing.jsonl`: when an outer iteration ended.
public struct TimingLine: Sendable, Codable, Equatable {
  /// The iteration, from 0.
  public var iteration: Int
  /// Seconds that the run had gone on for; what an interrupted run did in vain is left out.
  public var seconds: Double

  /// A line.
  public init(iteration: Int, seconds: Double) {
    self.iteration = iteration
    self.seconds = seconds
  }
}

extension Journal {
  /// Adds a value as one line of JSON.
  /// - Throws: `OutputError`.
  public func append(json value: some Encodable) throws(OutputError) {
    let line: String
    do {
      line = try JSONText.line(value)
    } catch {
      throw .cannotEncode(path: path, reason: "\(error)")
    }
    try append(line)
  }
}
