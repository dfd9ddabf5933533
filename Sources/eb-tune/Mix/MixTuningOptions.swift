import ArgumentParser
import EmpiricalBayes
import LogDensities
import Priors

/// How hyperparameters of the mixing are tuned.
struct MixTuningOptions: ParsableArguments {
  /// Which hyperparameters tuning moves.
  enum Scope: String, CaseIterable, ExpressibleByArgument {
    /// One scale a block; locations stay.
    case blocks
    /// Every location and scale by itself, which can collapse.
    case all
    /// None.
    case no

    var roles: TuningRoles {
      switch self {
      case .blocks: .blockScales
      case .all: .all
      case .no: .none
      }
    }
  }

  @Option(
    help:
      "What is tuned: blocks (one scale a block, locations fixed), all (every location and scale) or no (default: blocks where there is a scale)."
  )
  var tune: Scope?

  @Option(
    parsing: .unconditional,
    help: "The weight of the entropy penalty against models that go out of use, at least 0.")
  var gamma = 0.0

  @Option(
    help: ArgumentHelp(
      "How \u{3BB} is moved: \(ScheduleName.allCases.map(\.rawValue).joined(separator: ", ")) (default: pooled-newton; pooled-newton-plain for samplers without gradients).",
      valueName: "name"))
  var schedule: ScheduleName?

  @OptionGroup var stopping: StoppingOptions
  @OptionGroup var roles: RoleOptions

  /// Outer iterations at most; nil for what the schedule usually needs.
  var iterations: Int? { stopping.iterations }
  /// The expected regret at which a schedule that knows it stops, in nats.
  var tolerance: Double { stopping.tolerance }
  /// What is tuned where there is something to tune.
  var scope: Scope { tune ?? .blocks }
  /// Whether there must be something to tune.
  var demandsTuning: Bool { tune != nil && tune != .no || !roles.isStandard }

  func validate() throws {
    guard gamma >= 0 && gamma.isFinite else { throw ValidationError("--gamma is \(gamma); allowed is at least 0.") }
    guard tune == .no else { return }
    if gamma > 0 { throw ValidationError("--gamma is for tuning; --tune is no.") }
    if !roles.isStandard {
      throw ValidationError("--fix, --tie, --free and --hyperprior are for tuning; --tune is no.")
    }
  }
}

extension MixMethod {
  /// The same with the coordinates of λ that options ask for. What the method itself leaves fixed of scales, such as those of a
  /// noise that is known, stays so unless an option names it.
  /// - Throws: `Failure` for a pattern that points at none of the parameters, `ModelError` for a tie that cannot be.
  func assigned(_ tuning: MixTuningOptions) throws -> Self {
    var method = self
    let lambda = hyperparameters
    let standing = lambda.entries.indices.filter { lambda.membership[$0] == nil && lambda.entries[$0].kind.isSpread }
    method.hyperparameters = try lambda.assigned(
      tuning.roles.plan(
        for: ParameterList(of: lambda), roles: tuning.scope.roles,
        after: standing.map { TuningPlan.Rule(ParameterPattern(lambda.entries[$0].parameter), .fixed) }))
    return method
  }
}
