import Experts
import Sampling

/// Runs jobs, some at once, those that take the priors of another after it. A job that fails is a result with a sentence and
/// does not end the others; results do not depend on how many run at once.
public struct ExperimentRunner: Sendable {
  /// The most jobs at once.
  public let concurrency: Int
  private let stopwatch: Stopwatch

  private struct Name: Hashable {
    let seed: UInt64
    let key: String
  }

  /// A runner, with a stopwatch (seconds since some moment) where results are to say how long they took.
  public init(concurrency: Int, stopwatch: (@Sendable () -> Double)? = nil) {
    precondition(concurrency > 0, "something has to run")
    self.concurrency = concurrency
    self.stopwatch = Stopwatch(now: stopwatch)
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
    let pieces = jobs.map { job in
      PieceQueue<Name, ExperimentResult>.Piece(
        name: Name(seed: job.seed, key: job.key), predecessor: job.predecessor.map { Name(seed: job.seed, key: $0) }
      ) { predecessor in try await result(of: job, after: predecessor) }
    }
    results = try await PieceQueue(concurrency: concurrency).run(pieces, finished: results, onFinish: onFinish)
    return jobs.compactMap { results[Name(seed: $0.seed, key: $0.key)] }
  }

  private func result(of job: ExperimentJob, after predecessor: ExperimentResult?) async throws -> ExperimentResult {
    if let predecessor, predecessor.priors == nil {
      return ExperimentResult(
        key: job.key, seed: job.seed,
        failure: "The priors that it takes were not tuned: \(predecessor.failure ?? "there are none")")
    }
    do {
      var priors: ExpertPriors?
      let scores = try await stopwatch.timed {
        let outcome = try await job.work(predecessor?.priors)
        priors = outcome.priors
        return outcome.scores
      }
      return ExperimentResult(key: job.key, seed: job.seed, scores: scores, priors: priors)
    } catch {
      guard !Task.isCancelled else { throw SamplingError.cancelled }
      return ExperimentResult(key: job.key, seed: job.seed, failure: "\(error)")
    }
  }
}
