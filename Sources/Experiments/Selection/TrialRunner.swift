import Sampling

/// Runs trials, some at once. A trial that fails is a result with a sentence and does not end the others; results do not
/// depend on how many run at once.
public struct TrialRunner: Sendable {
  /// The most trials at once, each on the threads of its own settings.
  public let concurrency: Int
  private let stopwatch: Stopwatch

  /// A runner, with a stopwatch (seconds since some moment) where results are to say how long they took.
  public init(concurrency: Int, stopwatch: (@Sendable () -> Double)? = nil) {
    precondition(concurrency > 0, "something has to run")
    self.concurrency = concurrency
    self.stopwatch = Stopwatch(now: stopwatch)
  }

  /// The results in the order of the trials, those in `finished` (by key) taken from there.
  /// - Parameter onFinish: called for every new result as soon as it is there, in any order.
  /// - Throws: `SamplingError.cancelled` where the task was cancelled, and what `onFinish` throws.
  public func run(
    _ trials: [Trial], finished: [String: TrialResult] = [:], isolation: isolated (any Actor)? = #isolation,
    onFinish: (TrialResult) throws -> Void = { _ in }
  ) async throws -> [TrialResult] {
    let pieces = trials.map { trial in
      PieceQueue<String, TrialResult>.Piece(name: trial.key) { _ in try await result(of: trial) }
    }
    let results = try await PieceQueue(concurrency: concurrency).run(pieces, finished: finished, onFinish: onFinish)
    return trials.compactMap { results[$0.key] }
  }

  private func result(of trial: Trial) async throws -> TrialResult {
    do {
      return TrialResult(key: trial.key, scores: try await stopwatch.timed(trial.run), failure: nil)
    } catch {
      guard !Task.isCancelled else { throw SamplingError.cancelled }
      return TrialResult(key: trial.key, scores: nil, failure: "\(error)")
    }
  }
}
