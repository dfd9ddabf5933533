import ArgumentParser
import EmpiricalBayes
import Experts
import Foundation
import Priors

extension ScheduleName: ExpressibleByArgument {}

/// How the outer loop moves λ.
struct TuningOptions: ParsableArguments {
  /// Which hyperparameters tuning moves.
  enum Scope: String, CaseIterable, ExpressibleByArgument, Codable {
    /// One scale a block; locations stay.
    case blocks
    /// Every location and scale by itself: the paper's setting, which can collapse.
    case all
  }

  /// By what the kept λ is chosen.
  enum Selection: String, CaseIterable, ExpressibleByArgument, Codable {
    /// The objective: evidence plus weighted entropy plus log hyperprior, re-scored on fresh draws.
    case evidence
    /// The surrogate, the paper's choice.
    case surrogate
    /// The log predictive density of held-out rows, re-scored on fresh draws.
    case holdout
    /// The last iterate.
    case last

    var selector: any IterateSelector {
      switch self {
      case .evidence: BestEvidence()
      case .surrogate: BestSurrogate()
      case .holdout: BestHeldOut()
      case .last: LastIterate()
      }
    }
  }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The weight of the entropy penalty against experts that go out of use, at least 0; or several, such as 0,0.1,1, for a path that compares them.",
      valueName: "gamma"))
  var gamma = EntropyWeights([0])

  @Option(
    help: ArgumentHelp(
      "How \u{3BB} is moved: \(ScheduleName.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name"))
  var schedule = ScheduleName.pooledNewton

  @OptionGroup var stopping: StoppingOptions

  @Option(parsing: .unconditional, help: "The step size of a gradient schedule (default: the schedule's own).")
  var step: Double?

  @Option(
    parsing: .unconditional,
    help:
      "The longest move of a log scale in one iteration of a gradient schedule; a location moves up to twice that times its scale."
  )
  var clip = 1.0

  @Flag(help: "Gradient schedules: ascend along the gradient itself, not scaled by the inverse prior information.")
  var plainGradient = false

  @Option(
    help:
      "What chooses \u{3BB} among the iterates: evidence, surrogate (the paper's), holdout or last (default: evidence; surrogate for the paper's schedules)."
  )
  var select: Selection?

  @Option(help: "What is tuned: blocks (one scale a block, locations fixed) or all (every location and scale).")
  var tune = Scope.blocks

  @OptionGroup var roles: RoleOptions

  /// Outer iterations at most; nil for what the schedule usually needs.
  var iterations: Int? { stopping.iterations }
  /// The expected regret at which a schedule that knows it stops, in nats.
  var tolerance: Double { stopping.tolerance }

  func validate() throws {
    if let repeated = gamma.repeated {
      throw ValidationError("--gamma names \(repeated) twice; each weight is run once.")
    }
    if let step, !(step > 0 && step.isFinite) { throw ValidationError("--step is \(step); allowed is above 0.") }
    guard clip > 0 else { throw ValidationError("--clip is \(clip); allowed is above 0.") }
    if step != nil || plainGradient || clip != 1, !schedule.followsGradient {
      let name = step != nil ? "--step" : plainGradient ? "--plain-gradient" : "--clip"
      let names = ScheduleName.allCases.filter(\.followsGradient).map(\.rawValue).joined(separator: ", ")
      throw ValidationError("\(name) is for gradient schedules (\(names)); --schedule is \(schedule.rawValue).")
    }
  }
}
