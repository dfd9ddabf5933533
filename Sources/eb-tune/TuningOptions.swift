import ArgumentParser
import EmpiricalBayes
import Experts
import Foundation

extension ExpertBlock: ExpressibleByArgument {}

/// How the outer loop moves λ.
struct TuningOptions: ParsableArguments {
  /// Which hyperparameters tuning moves.
  enum Scope: String, CaseIterable, ExpressibleByArgument, Codable {
    /// One scale a block; locations stay.
    case blocks
    /// Every location and scale by itself: the paper's setting, which can collapse.
    case all
  }

  /// The step-size rule.
  enum Optimizer: String, CaseIterable, ExpressibleByArgument, Codable {
    /// A constant step.
    case sga
    /// Robbins-Monro decreasing steps.
    case robbinsMonro = "robbins-monro"
    /// Adam.
    case adam
  }

  /// Which iterate is kept.
  enum Selection: String, CaseIterable, ExpressibleByArgument, Codable {
    /// The one with the largest surrogate.
    case surrogate
    /// The last, for steps that settle.
    case last

    var selector: any IterateSelector {
      switch self {
      case .surrogate: BestSurrogate()
      case .last: LastIterate()
      }
    }
  }

  /// Densities on the tuned scales.
  enum HyperpriorChoice: String, CaseIterable, ExpressibleByArgument, Codable {
    case halfCauchy = "half-cauchy"
    case none
  }

  @Option(
    parsing: .unconditional, help: "The weight of the entropy penalty against experts that go out of use; at least 0.")
  var gamma = 0.0

  @Option(parsing: .unconditional, help: "Outer iterations.")
  var iterations = 30

  @Option(help: "The optimiser: sga (constant step), robbins-monro or adam.")
  var optimizer = Optimizer.robbinsMonro

  @Option(
    parsing: .unconditional,
    help: "The step size (default: 1.5 for robbins-monro, 0.5 for sga, 0.1 for adam or with --plain-gradient).")
  var step: Double?

  @Option(
    parsing: .unconditional,
    help: "The longest move of a log scale in one iteration; a location moves up to twice that times its scale.")
  var clip = 1.0

  @Flag(help: "Ascend along the gradient itself, not scaled by the inverse prior information.")
  var plainGradient = false

  @Option(help: "Which iterate is kept: surrogate (the largest surrogate, the paper's choice) or last.")
  var select = Selection.surrogate

  @Option(help: "What is tuned: blocks (one scale a block, locations fixed) or all (every location and scale).")
  var tune = Scope.blocks

  @Option(
    help: ArgumentHelp(
      "A block whose hyperparameters stay as they are, such as noise. May be repeated.", valueName: "block"))
  var fix: [ExpertBlock] = []

  @Option(help: "The density on tuned scales: half-cauchy (of scale 1) or none.")
  var hyperprior = HyperpriorChoice.halfCauchy

  func validate() throws {
    guard gamma >= 0 && gamma.isFinite else { throw ValidationError("--gamma is \(gamma); allowed is 0 or more.") }
    guard (1...1_000_000).contains(iterations) else {
      throw ValidationError("--iterations is \(iterations); allowed is 1 to 1000000.")
    }
    if let step, !(step > 0 && step.isFinite) { throw ValidationError("--step is \(step); allowed is above 0.") }
    guard clip > 0 else { throw ValidationError("--clip is \(clip); allowed is above 0.") }
  }
}

/// Where results go and how much is said on the way.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write config, trace, tuned priors, report and draws to this directory.", valueName: "dir"))
  var out: String?

  @Flag(help: "Let --out replace an earlier run in the same directory.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  @Flag(help: "Print the result as JSON on standard output instead of text.")
  var json = false
}
