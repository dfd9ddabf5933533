import Experts
import Sampling

/// Runs jobs, some at once, those that take the priors of another after it. A job that fails is a result with a sentence and
/// does not end the others; results do not depend on how many run at once.
public struct ExperimentRunner: Sendable {
  /// The most jobs at once.
  public let concurrency: Int
  /// Seconds since some moment, where results are to say how long they took.
  private let stopwatch: (@Sendable () -> Double)?

  private struct Name: Hashable {
    let seed: UInt64
    let key: String
  }

  /// A runner, with a stopwatch where results are to say how long they took.
  public init(concurrency: Int, stopwatch: (@Sendable () -> Double)? = nil) {
    precondition(concurrency > 0, "something has to run")
    self.concurrency = concurrency
    self.stopwatch = stopwatch
  }

  /// The results in the order of the jobs, those in `finished` (by seed and key) taken from there.
  /// - Parameter onFinish: called for every new result as soon as it is there, in any order.
  /// - Throws: `SamplingError.cancelled` where the task was cancelled, and what `onFinish` throws.
  public func run(
    _ jobs: [ExperimentJob], finished: [ExperimentResult] = [], isolation: isolated (any Actor)? = #isolation,
    onFinish: (ExperimentResult) throws -> Void = { _ in }
  ) async throws -> [ExperimentResult] {
    var results: [Name: ExperimentResult] = [:]
    for result in finished { results[Name(seed: result.seed, key: result.key)] = result }
    var waiting = jobs.filter { results[Name(seed: $0.seed, key: $0.key)] == nil }
    try await withThrowingTaskGroup(of: ExperimentResult.self) { group in
      var running = 0
      func launch() {
        while running < concurrency,
          let next = waiting.firstIndex(where: { job in
            job.predecessor.map { results[Name(seed: job.seed, key: $0)] != nil } ?? true
          })
        {
          let job = waiting.remove(at: next)
          let predecessor = job.predecessor.flatMap { results[Name(seed: job.seed, key: $0)] }
          running += 1
          group.addTask { try await result(of: job, after: predecessor) }
        }
      }
      launch()
      while let result = try await group.next() {
        running -= 1
        results[Name(seed: result.seed, key: result.key)] = result
        try onFinish(result)
        launch()
      }
    }
    return jobs.compactMap { results[Name(seed: $0.seed, key: $0.key)] }
  }

  private func result(of job: ExperimentJob, after predecessor: ExperimentResult?) async throws -> ExperimentResult {
    if let predecessor, predecessor.priors == nil {
      return ExperimentResult(
        key: job.key, seed: job.seed,
        failure: "The priors that it takes were not tuned: \(predecessor.failure ?? "there are none")")
    }
    let start = stopwatch?()
    do {
      var outcome = try await job.work(predecessor?.priors)
      if let start, let stopwatch { outcome.scores.seconds = stopwatch() - start }
      return ExperimentResult(key: job.key, seed: job.seed, scores: outcome.scores, priors: outcome.priors)
    } catch {
      guard !Task.isCancelled else { throw SamplingError.cancelled }
      return ExperimentResult(key: job.key, seed: job.seed, failure: "\(error)")
    }
  }
}
