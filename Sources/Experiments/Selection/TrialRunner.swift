import Sampling

/// Runs trials, some at once. A trial that fails is a result with a sentence and does not end the others; results do not
/// depend on how many run at once.
public struct TrialRunner: Sendable {
  /// The most trials at once, each on the threads of its own settings.
  public let concurrency: Int
  /// Seconds since some moment, where results are to say how long they took.
  private let stopwatch: (@Sendable () -> Double)?

  /// A runner, with a stopwatch where results are to say how long they took.
  public init(concurrency: Int, stopwatch: (@Sendable () -> Double)? = nil) {
    precondition(concurrency > 0, "something has to run")
    self.concurrency = concurrency
    self.stopwatch = stopwatch
  }

  /// The results in the order of the trials, those in `finished` (by key) taken from there.
  /// - Parameter onFinish: called for every new result as soon as it is there, in any order.
  /// - Throws: `SamplingError.cancelled` where the task was cancelled, and what `onFinish` throws.
  public func run(
    _ trials: [Trial], finished: [String: TrialResult] = [:], isolation: isolated (any Actor)? = #isolation,
    onFinish: (TrialResult) throws -> Void = { _ in }
  ) async throws -> [TrialResult] {
    var results = finished
    let waiting = trials.filter { finished[$0.key] == nil }
    try await withThrowingTaskGroup(of: TrialResult.self) { group in
      var next = waiting.startIndex
      func launch() {
        guard next < waiting.endIndex else { return }
        let trial = waiting[next]
        next += 1
        group.addTask { try await result(of: trial) }
      }
      for _ in 0..<concurrency { launch() }
      while let result = try await group.next() {
        results[result.key] = result
        try onFinish(result)
        launch()
      }
    }
    return trials.compactMap { results[$0.key] }
  }

  private func result(of trial: Trial) async throws -> TrialResult {
    let start = stopwatch?()
    do {
      var scores = try await trial.run()
      if let start, let stopwatch { scores.seconds = stopwatch() - start }
      return TrialResult(key: trial.key, scores: scores, failure: nil)
    } catch {
      guard !Task.isCancelled else { throw SamplingError.cancelled }
      return TrialResult(key: trial.key, scores: nil, failure: "\(error)")
    }
  }
}
