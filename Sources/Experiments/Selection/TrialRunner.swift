import Sampling

/// Runs trials, some at once. A trial that fails is a result with a sentence and does not end the others; results do not
/// depend on how many run at once.
public struct TrialRunner: Sendable {
  /// The most trials at once, each on the threads of its own settings.
  public let concurrency: Int

  /// A runner.
  public init(concurrency: Int) {
    precondition(concurrency > 0, "something has to run")
    self.concurrency = concurrency
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
        group.addTask { try await Self.result(of: trial) }
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

  private static func result(of trial: Trial) async throws -> TrialResult {
    do {
      return TrialResult(key: trial.key, scores: try await trial.run(), failure: nil)
    } catch {
      guard !Task.isCancelled else { throw SamplingError.cancelled }
      return TrialResult(key: trial.key, scores: nil, failure: "\(error)")
    }
  }
}
