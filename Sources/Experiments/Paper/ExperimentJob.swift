import Experts

/// One model of an experiment to fit and evaluate.
public struct ExperimentJob: Sendable {
  /// What a fit leaves.
  public struct Outcome: Sendable {
    /// The model's row.
    public var scores: ModelScores
    /// The priors that were tuned, for others to take; nil where none were.
    public var priors: ExpertPriors?

    /// An outcome.
    public init(scores: ModelScores, priors: ExpertPriors?) {
      self.scores = scores
      self.priors = priors
    }
  }

  /// Names the model among those of one repetition, and in files.
  public var key: String
  /// The random numbers of its repetition.
  public var seed: UInt64
  /// The key of the model whose tuned priors it takes; nil where it has its own.
  public var predecessor: String?
  /// Fits; the argument is the predecessor's priors.
  public var work: @Sendable (ExpertPriors?) async throws -> Outcome

  /// A job.
  public init(
    key: String, seed: UInt64, predecessor: String?, work: @escaping @Sendable (ExpertPriors?) async throws -> Outcome
  ) {
    self.key = key
    self.seed = seed
    self.predecessor = predecessor
    self.work = work
  }
}

/// What became of a job.
public struct ExperimentResult: Sendable, Codable, Equatable {
  /// The job's key.
  public var key: String
  /// The seed of its repetition.
  public var seed: UInt64
  /// The model's row; nil where it failed.
  public var scores: ModelScores?
  /// Why it failed, a sentence; nil where it did not.
  public var failure: String?
  /// The priors that were tuned, for others to take; nil where none were.
  public var priors: ExpertPriors?

  /// A result.
  public init(
    key: String, seed: UInt64, scores: ModelScores? = nil, failure: String? = nil, priors: ExpertPriors? = nil
  ) {
    self.key = key
    self.seed = seed
    self.scores = scores
    self.failure = failure
    self.priors = priors
  }
}
