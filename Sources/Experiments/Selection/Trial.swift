import Experts

/// One configuration of a model of experts to fit and to evaluate.
public struct Trial: Sendable {
  /// Names the trial among those of a grid, and in files: the same configuration has the same key.
  public var key: String
  /// What tables call the model, such as `CoCoAFusE`.
  public var name: String
  /// What distinguishes the trial, such as `3 experts, gate degree 2, tuned`.
  public var detail: String
  /// The model with its priors, and their hyperparameters' roles where they are tuned.
  public var model: ExpertModel
  /// How it is fitted.
  public var settings: FitSettings
  /// Rows that no fit sees, with the model's features; nil where there are none.
  public var test: ExpertRows?

  /// A trial.
  public init(
    key: String, name: String, detail: String, model: ExpertModel, settings: FitSettings, test: ExpertRows?
  ) {
    self.key = key
    self.name = name
    self.detail = detail
    self.model = model
    self.settings = settings
    self.test = test
  }

  /// Fits and evaluates.
  /// - Throws: what fitting throws; see `TrialRunner` for a grid that goes on.
  public func run() async throws -> ModelScores {
    try await PosteriorFit(model, settings).scores(name: name, detail: detail, test: test)
  }
}

/// What became of a trial.
public struct TrialResult: Sendable, Codable, Equatable {
  /// The trial's key.
  public var key: String
  /// Its scores; nil where it failed.
  public var scores: ModelScores?
  /// Why it failed, a sentence; nil where it did not.
  public var failure: String?

  /// A result.
  public init(key: String, scores: ModelScores?, failure: String?) {
    self.key = key
    self.scores = scores
    self.failure = failure
  }
}
