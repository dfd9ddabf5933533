import Diagnostics
import EmpiricalBayes
import Experts
import TuningIO

/// What is done once λ is tuned: draws at the tuned priors, their diagnosis, and then the comparison with the initial
/// priors on held-out rows.
struct Conclusion: Sendable {
  let draws: FinalDraws
  /// The same with experts numbered as they were drawn, and what they say of the chains that λ was tuned by.
  let posterior: FinalPosterior<TuningRun.Sampler.Chains>
  let consequences: Consequences
  /// The verdict on λ, by the final draws where they can tell.
  let verdict: TuningVerdict
  /// Log weights of the draws for the posterior averaged over λ; nil where they are not allowed.
  let averagedLogWeights: [Double]?
  /// What tuning gained in log evidence over the initial priors; nil where they lie too far apart.
  let evidenceGain: EvidenceGain?
  /// Where responses fall in their predictive distributions, of held-out rows and of training rows.
  let calibration: [RowCalibration]
  /// nil where no rows were held out, and none refitted without.
  private(set) var heldOut: HeldOutComparison?
  /// nil where nothing was drawn at the initial priors.
  private(set) var initialPosterior: InitialPosterior?

  /// - Throws: `SamplingError.cancelled` where the task was cancelled.
  init(
    of run: TuningRun, at result: TuningResult, from chains: TuningRun.Sampler.Chains?, _ narrator: Narrator
  ) async throws {
    narrator.say("Drawing the posterior at the tuned priors …")
    narrator.begin("final draws", run.meter)
    defer { narrator.endStage() }
    posterior = try await run.posterior(at: result.tuned, from: chains, labelling: result.labelling)
    narrator.begin("log evidence gained", run.meter)
    evidenceGain = try await run.loop.evidenceGain(at: result.tuned, over: result.initial, from: posterior)
    draws = try FinalDraws(posterior.inner, at: result.tuned, of: run)
    let tuned = posterior.inner.draws
    var averaged: [Double]?
    consequences = try Consequences(tuned, summarised: draws.sample, at: result.tuned, of: run) { averaged = $0 }
    averagedLogWeights = averaged
    verdict = result.verdict.confirmed(
      by: consequences.uncertainty.expectedRegret,
      haveMixed: Self.doubt([("tuned", draws.checks)]) == nil)
    calibration = try RowCalibration.all(of: tuned, run)
  }

  /// Tuned priors against initial ones: on held-out rows, or else on refitted folds; where there are neither, not at all.
  /// - Throws: `SamplingError.cancelled` where the task was cancelled.
  mutating func compare(
    of run: TuningRun, at result: TuningResult, from chains: TuningRun.Sampler.Chains?, _ narrator: Narrator,
    folds: () async throws -> HeldOutComparison?
  ) async throws {
    guard let test = run.study.test else {
      heldOut = try await folds()?.undoing(run.study.scaling)
      return
    }
    narrator.say("Drawing the posterior at the initial priors, for comparison on held-out rows …")
    narrator.begin("draws at the initial priors", run.meter)
    defer { narrator.endStage() }
    let inner = try await run.posterior(at: result.initial, from: chains).inner
    let initial = try FinalDraws(inner, at: result.initial, of: run, numberedLike: draws)
    initialPosterior = InitialPosterior(initial, beside: draws, of: run.model)
    let architecture = run.model.architecture
    heldOut = HeldOutComparison(
      tuned: try posterior.inner.draws.logPredictiveDensity(of: test, architecture),
      initial: try inner.draws.logPredictiveDensity(of: test, architecture),
      doubt: run.choosesByHeldOutRows
        ? "the same rows have chosen the tuned priors"
        : Self.doubt([("tuned", draws.checks), ("initial", initial.checks)])
    ).undoing(run.study.scaling)
  }

  /// The findings of the verdict, with a warning where the chains that λ was tuned by missed the posterior's mass, which
  /// restarts have not mended.
  var findings: [SampleChecks.Check] {
    verdict.findings + (posterior.tuningMissedTheMass ? [Self.missedMass] : [])
  }

  /// The warning that the priors are those of a mode of negligible mass.
  static var missedMass: SampleChecks.Check {
    SampleChecks.Check(
      name: "posterior mass", value: .nan, status: .warn,
      sentence: FinalPosterior<TuningRun.Sampler.Chains>.missedMass)
  }

  /// Writes `draws.csv` and `posterior.csv`.
  func writeDraws(of run: TuningRun, to directory: RunDirectory) throws {
    try DrawsCSV.write(
      draws.sample, logWeights: draws.logWeights, averagedLogWeights: averagedLogWeights,
      parameterNames: run.model.parameterNames, to: directory.path(of: .draws), constrained: run.model.constrained)
    try PosteriorCSV.write(
      consequences.posterior, run.study.units(of: run.model.architecture), run.study.scaling, target: run.study.target,
      to: directory.path(of: .posterior))
  }

  /// Why two samples cannot be compared: chains in different modes say more about the modes than about the priors.
  static func doubt(_ samples: [(priors: String, checks: SampleChecks)]) -> String? {
    for (priors, checks) in samples {
      guard let rHat = checks.checks.first(where: { $0.name == "R-hat" })?.value, rHat <= 1.05 else {
        return "the chains at the \(priors) priors disagree"
      }
    }
    return nil
  }
}

extension PriorExport {
  /// The tuned priors of a run beside its initial ones, with what undoes the scaling of its data.
  init(_ run: TuningRun, _ result: TuningResult, _ uncertainty: LambdaUncertainty? = nil) {
    let model = run.model
    let families = Dictionary(uniqueKeysWithValues: zip(model.parameterNames, model.layout.families))
    self.init(
      model: model.architecture.combination.rawValue, gamma: run.gamma, bestIteration: result.best.info.iteration,
      initial: result.initial, tuned: result.tuned,
      standardErrors: uncertainty?.coordinates.map(\.standardError) ?? [], family: { families[$0]?.rawValue ?? "" })
    note(run.study.recordedScaling, run.study.units(of: model.architecture))
  }
}
