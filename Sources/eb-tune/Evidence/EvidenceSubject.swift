import EmpiricalBayes
import Foundation
import LogDensities
import TuningIO

/// A finished run whose ln L can be estimated, whatever its model.
struct EvidenceSubject: Sendable {
  /// Of an estimate at λ, with random streams from that iteration on; told after every stage.
  typealias Estimation =
    @Sendable (
      _ lambda: Hyperparameters, _ settings: EvidenceSettings, _ firstIteration: UInt32,
      _ onStage: (_ exponent: Double, _ stages: Int) throws -> Void
    ) async throws -> LogEvidence

  /// The problem or file.
  let name: String
  /// Such as `moe`, or `mix linear`.
  let model: String
  /// nil for a mixture.
  let experts: Int?
  let parameters: Int
  let rows: Int
  /// What data they are.
  let summary: String
  /// What makes ln L a density of the target in its own units.
  let shift: Double
  let sampling: SamplingOptions
  let initial: Hyperparameters
  /// nil where nothing was tuned.
  let tuned: Hyperparameters?
  let estimate: Estimation

  /// The run in `directory`, set up once more.
  /// - Throws: `Failure` where files, data or options are no longer those of the run, and for a mixture without such a density.
  init(directory: String, threads: Int) throws {
    switch try RunKind(of: RunDirectory.trimmed(directory)) {
    case .tune: self.init(try EvidenceRun(directory: directory, threads: threads))
    case .mix: try self.init(mixture: RunDirectory.trimmed(directory), threads: threads)
    }
  }

  private init(_ recorded: EvidenceRun) {
    let model = recorded.run.model
    name = recorded.run.study.name
    self.model = model.architecture.combination.rawValue
    experts = model.architecture.experts
    parameters = model.dimension
    rows = model.rows
    summary = recorded.run.study.summary
    shift = recorded.run.study.scaling.logDensityShift(rows: model.rows)
    sampling = recorded.sampling
    (initial, tuned) = (recorded.initial, recorded.tuned)
    estimate = Self.estimation(of: model)
  }

  private init(mixture directory: String, threads: Int) throws {
    let recorded = try RecordedMix(directory: directory, threads: threads)
    let study = try recorded.study()
    let task = try recorded.task(of: study)
    let density = try task.density()
    let priors = try FinishedRun.read(PriorExport.self, .priors, in: directory)
    name = study.name
    model = "mix \(recorded.command.chosenMethod.rawValue)"
    experts = nil
    (parameters, rows) = (density.parameters, density.rows)
    summary = study.summary
    shift = 0
    sampling = recorded.command.sampling
    let lambda = try priors.hyperparameters(
      like: density.lambda, file: "\(directory)/\(RunDirectory.File.priors.rawValue)")
    initial = lambda.initial
    tuned = task.plan.schedule == nil ? nil : lambda.tuned
    estimate = density.estimate
  }

  /// How ln L of a model is estimated.
  static func estimation<Model: HierarchicalModel>(of model: Model) -> Estimation where Model.Posterior: LogDensity {
    { lambda, settings, first, onStage in
      try await EvidenceEstimator(model, settings: settings, firstIteration: first)
        .estimate(at: lambda, onStage: onStage)
    }
  }
}

/// A mixture whose evidence can be estimated.
struct MixDensity: Sendable {
  let parameters: Int
  let rows: Int
  /// λ where tuning starts.
  let lambda: Hyperparameters
  let estimate: EvidenceSubject.Estimation

  init<Model: HierarchicalModel>(_ model: Model) where Model.Posterior: LogDensity {
    parameters = model.dimension
    rows = model.rows
    lambda = model.hyperparameters
    estimate = EvidenceSubject.estimation(of: model)
  }
}

extension LinearMix {
  /// The model, where it is a smooth density of the data.
  func density() throws -> MixDensity {
    if let jump = model.discontinuity {
      throw Failure(
        "The evidence is found by following gradients, and the posterior of this mixture jumps: \(jump).", .usage)
    }
    guard model.mixture.rule.isDensityOfData else {
      throw Failure("The correlated form is no density of the data, so that there is no evidence.", .usage)
    }
    return MixDensity(model)
  }
}

extension ProcessMix {
  /// The model.
  func density() throws -> MixDensity { MixDensity(model) }
}

extension TreeMix {
  /// None.
  func density() throws -> MixDensity {
    throw Failure(
      "The evidence is found by following gradients, and trees have none: there is no such estimate for a mixture by trees.",
      .usage)
  }
}
