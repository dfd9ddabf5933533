import ArgumentParser
import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import TuningIO

/// `eb-tune evidence DIR`: the absolute log marginal likelihood at the priors of a finished run.
struct EvidenceCommand: AsyncParsableCommand {
  /// Which priors.
  enum Priors: String, CaseIterable, ExpressibleByArgument {
    case tuned
    case initial
    case both
  }

  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "The log marginal likelihood of a finished run, with its error.",
    discussion: """
      Draws from a path of tempered posteriors between the prior and the posterior and pools them by bridge sampling. The run, of tune or of mix, is set up once more from its directory; its data must still be where they were.
      """)

  @Argument(help: ArgumentHelp("The directory that the run wrote with --out.", valueName: "dir"))
  var directory: String

  @Option(help: "At which priors: tuned, initial or both, with their difference.")
  var at = Priors.both

  @Option(parsing: .unconditional, help: "Draws a chain at every stage of the path; the error falls with its root.")
  var draws = 200

  @Option(parsing: .unconditional, help: "The seed of the draws (default: the run's).")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "Chains that run at once (default: the number of processors). Results do not depend on it.")
  var threads: Int?

  @OptionGroup var narration: ProgressOptions

  @Flag(help: "Print the result as JSON on standard output instead of text.")
  var json = false

  func validate() throws {
    guard (8...1_000_000).contains(draws) else {
      throw ValidationError("--draws is \(draws); allowed is 8 to 1000000.")
    }
    if let threads, !(1...1000).contains(threads) {
      throw ValidationError("--threads is \(threads); allowed is 1 to 1000.")
    }
  }

  func run() async throws {
    try await StopRequest.obeyed { _ in try await perform() }
  }

  private func perform() async throws {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let run = try EvidenceSubject(directory: directory, threads: threads)
    guard at != .tuned || run.tuned != nil else {
      throw Failure("\(directory): nothing was tuned in this run; --at initial has its evidence.", .usage)
    }
    let narrator = Narrator(narration.style)
    narrator.say(run.summary)
    var settings = run.sampling.settings
    settings.seed = seed ?? settings.seed
    let plan = EvidenceSettings(sampler: settings, warmup: run.sampling.finalWarmup, draws: draws)
    func evidence(at lambda: Hyperparameters, _ name: String, first: UInt32) async throws -> LogEvidence {
      narrator.say("From the posterior at the \(name) priors to the prior …")
      do {
        return try await run.estimate(lambda, plan, first) { exponent, stages in
          narrator.say("  stage \(stages): exponent \(NumberText.significant(exponent))")
        }
      } catch SamplingError.cancelled {
        throw Failure(
          "Interrupted on the way to the evidence at the \(name) priors; there is nothing to report.", .temporary)
      }
    }
    // Two paths of one seed are independent: their random streams lie apart.
    var (tuned, initial): (LogEvidence?, LogEvidence?)
    if at != .initial, let lambda = run.tuned { tuned = try await evidence(at: lambda, "tuned", first: 0x8000_0000) }
    if at != .tuned { initial = try await evidence(at: run.initial, "initial", first: 0xC000_0000) }
    let report = EvidenceReport(run, seed: settings.seed, tuned: tuned, initial: initial)
    try Console.standardOutput(json ? try JSONText.document(report) : report.text(width: Console.outputWidth))
  }
}
