import ArgumentParser
import EmpiricalBayes
import Experiments
import Experts
import Foundation
import TuningIO

/// Which configurations are tried, and how one is chosen.
struct SelectOptions: ParsableArguments {
  /// Whether the priors of trials are tuned.
  enum Tuning: String, CaseIterable, ExpressibleByArgument {
    case no
    case yes
    case both
  }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Numbers of experts, such as 1,2,4 or 1-4 (default: 1 to 3, or to the problem's own number if that is more).",
      valueName: "numbers"))
  var experts: String?

  @Option(
    help: ArgumentHelp(
      "Models, separated by commas: \(Combination.allCases.map(\.rawValue).joined(separator: ", ")) (default: all).",
      valueName: "names"))
  var models: String?

  @Option(
    help: ArgumentHelp(
      "Features of the gate to try, such as 'x' or 'poly(x,2)', in place of --gate. May be repeated.",
      valueName: "terms"))
  var gates: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Degrees to try, such as 1-3: every bare column of a gate, and every poly(column,…), becomes a polynomial of that degree.",
      valueName: "numbers"))
  var gateDegree: String?

  @Option(
    help: ArgumentHelp(
      "Priors to try: default, own (those of the problem, for its own number of experts), or a named set such as 'wide: slopes=normal(0,2); gate=laplace(0,2)'. May be repeated.",
      valueName: "set"))
  var priorSet: [String] = []

  @Option(help: "Whether the priors of trials are tuned: no, yes or both (each trial with and without).")
  var tune = Tuning.no

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weights of the entropy penalty of tuned trials, separated by commas (default: 0).", valueName: "gamma"))
  var gamma: EntropyWeights?

  @Option(
    parsing: .unconditional,
    help:
      "\u{3C4}: a more complex trial is accepted if it is better with more than this probability, at least; 0 or more, below 1."
  )
  var tau = 0.5

  @Option(
    help: ArgumentHelp("Keep trials, report and picture in this directory; go on with what is there.", valueName: "dir")
  )
  var out: String?

  @Flag(help: "Start over where --out has trials or a run already.")
  var overwrite = false

  @OptionGroup var narration: ProgressOptions

  @Flag(help: "Print the result as JSON on standard output instead of text.")
  var json = false

  func validate() throws {
    guard tau >= 0 && tau < 1 else { throw ValidationError("--tau is \(tau); allowed is at least 0 and below 1.") }
    if gamma != nil && tune == .no {
      throw ValidationError("--gamma is for tuned trials; give --tune yes or --tune both.")
    }
    if let repeated = gamma?.repeated {
      throw ValidationError("--gamma names \(repeated) twice; each weight is tried once.")
    }
    if overwrite && out == nil { throw ValidationError("--overwrite needs --out, the directory to start over in.") }
  }

  /// M, given the number that the problem has of its own.
  func expertNumbers(own: Int) throws -> [Int] {
    guard let experts else { return Array(1...max(3, own)) }
    return try OptionList.integers(experts, "--experts", in: 1...100)
  }

  /// The models, in the user's order.
  var combinations: [Combination] {
    get throws {
      guard let models else { return Combination.allCases }
      return try OptionList.names(models, "model", among: Combination.allCases.map(\.rawValue)).compactMap {
        Combination(rawValue: $0)
      }
    }
  }

  /// What is tuned and how; nil for priors that stay as they are.
  var tunings: [TuningSettings?] {
    let tuned = (gamma?.values ?? [0]).map { TuningSettings(entropyWeight: $0) }
    return switch tune {
    case .no: [nil]
    case .yes: tuned
    case .both: [nil] + tuned
    }
  }

  /// The features of the gate to try, each once, given those that the study has unless the user says otherwise.
  func gateTexts(standard: String) throws -> [String] {
    let asked = gates.isEmpty ? [standard] : gates
    let degrees = try gateDegree.map { try OptionList.integers($0, "--gate-degree", in: 1...20) }
    var texts: [String] = []
    for text in asked {
      let variants = try degrees.map { try $0.map { try raised(text, to: $0) } } ?? [text]
      for variant in variants where !texts.contains(variant) { texts.append(variant) }
    }
    return texts
  }

  private func raised(_ text: String, to degree: Int) throws -> String {
    guard let raised = try TrialGrid.Gate.terms(text, ofDegree: degree) else {
      throw Failure("--gate-degree finds no bare column and no poly(column,…) in the gate \"\(text)\".", .usage)
    }
    return raised
  }
}
