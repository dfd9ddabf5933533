/// How progress is told on standard error.
public enum ProgressStyle: String, Sendable, CaseIterable, Codable {
  /// Live lines on a terminal, plain ones elsewhere.
  case auto
  /// Lines without control codes, one an iteration.
  case plain
  /// JSON objects, one a line (`ProgressEvent`).
  case json
  /// Nothing.
  case none
}
