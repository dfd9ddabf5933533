import ArgumentParser
import Experiments
import Experts
import Foundation
import Sampling
import TuningIO

extension ExperimentSettings.TuningStart: ExpressibleByArgument {}
extension Motorcycle.Gates: ExpressibleByArgument {}
extension SimulatedInput: ExpressibleByArgument {}

/// An experiment of the paper with what the paper leaves open.
struct ExperimentOptions: ParsableArguments {
  @Argument(help: "The experiment: switch, transition, motorcycle, wind or pdb.")
  var name: String

  @Option(
    help: ArgumentHelp(
      "The public file of wind (T1.csv of \"Wind Turbine Scada Dataset\", B. Erisen, Kaggle) or pdb (PDB_Load_History.csv of \"PDB Electric Power Load History\", A. Yeafi, Kaggle).",
      valueName: "file.csv"))
  var data: String?

  @Option(
    parsing: .unconditional,
    help: "Random splits or simulations, with the seeds --seed, --seed + 1 and so on; one proves little.")
  var `repeat` = 1

  @Option(name: .customLong("tau"), parsing: .unconditional, help: "τ of Algorithm 1, between 0 and 1.")
  var threshold = 0.5

  @Option(
    parsing: .unconditional, help: "Training rows of switch, transition and wind, and as many test rows (default: 500)."
  )
  var rows: Int?

  @Option(help: "The law of x in switch and transition: uniform on (-1, 1), or normal (see the guide).")
  var law: SimulatedInput?

  @Option(
    parsing: .unconditional,
    help:
      "τ of p(x) = logistic(τx) in switch and transition (default: 9.35, or 7.24 with --law normal; see the guide).")
  var slope: Double?

  @Option(parsing: .unconditional, help: "k of the Beta distribution in transition (default: 58, see the guide).")
  var concentration: Double?

  @Option(
    help: ArgumentHelp(
      "Degrees of the gate's polynomial among which switch and transition choose (default: 1,2,3).", valueName: "list"))
  var degrees: String?

  @Option(
    help: ArgumentHelp(
      "Numbers of experts among which switch and transition choose (default: 2,3), or that of pdb (default: 3).",
      valueName: "list"))
  var experts: String?

  @Option(help: "How the biases of motorcycle's Table 9 are read: printed or annotated (see the guide).")
  var gates: Motorcycle.Gates?

  @Option(
    help:
      "Where tuned rows of motorcycle and wind start: table (the paper's priors), defaults, or none for no such rows (default: table in motorcycle, none in wind, where tuning takes minutes)."
  )
  var tuned: ExperimentSettings.TuningStart?

  @Option(
    help: ArgumentHelp(
      "Harmonics of hour, weekday and month in pdb (default: 4,2,2).", valueName: "list"))
  var harmonics: String?

  @Option(
    parsing: .unconditional,
    help: "The weight of the entropy penalty where priors are tuned (default: 0.1 in pdb, else 0)."
  )
  var gamma: Double?

  @Option(help: ArgumentHelp("The covariance function of the Gaussian process.", valueName: "kernel"))
  var kernel = "constant * rbf(ard) + white"

  @Option(parsing: .unconditional, help: "Hidden units of the network.")
  var units = 5

  @Flag(help: "Leave the network and the Gaussian process out.")
  var noBaselines = false

  func validate() throws {
    guard PaperExperiment(rawValue: name) != nil else {
      let hint = NearestNames.hint(for: name, among: PaperExperiment.allCases.map(\.rawValue))
      throw ValidationError("There is no experiment \"\(name)\"; \(hint)")
    }
    try OptionRange.check("--repeat", `repeat`, in: 1...10_000)
    if let rows { try OptionRange.check("--rows", rows, in: 20...100_000) }
    try OptionRange.check("--units", units, in: 1...256)
    guard threshold >= 0 && threshold < 1 else {
      throw ValidationError("--tau is \(threshold); allowed is at least 0 and below 1.")
    }
    for (option, value) in [("--slope", slope), ("--concentration", concentration)] {
      guard value.map({ $0 > 0 && $0.isFinite }) ?? true else {
        throw ValidationError("\(option) is \(value ?? 0); allowed is a number above 0.")
      }
    }
    if let gamma, !(gamma >= 0 && gamma.isFinite) {
      throw ValidationError("--gamma is \(gamma); allowed is 0 or more.")
    }
    do { _ = try settings() } catch let failure as Failure { throw ValidationError(failure.sentence) }
  }

  /// The experiment, at defaults where nothing is said.
  func settings() throws -> ExperimentSettings {
    guard let experiment = PaperExperiment(rawValue: name) else {
      throw ValidationError("There is no experiment \"\(name)\".")
    }
    try refuse(experiment)
    var settings = ExperimentSettings(experiment)
    settings.threshold = threshold
    settings.rows = rows ?? settings.rows
    settings.law = law ?? settings.law
    settings.slope = slope ?? ExperimentSettings.slope(of: settings.law)
    settings.concentration = concentration ?? settings.concentration
    if let degrees { settings.gateDegrees = try OptionList.integers(degrees, "--degrees", in: 1...6).sorted() }
    if let experts {
      settings.experts = try OptionList.integers(experts, "--experts", in: 2...8).sorted()
      if experiment == .pdb, settings.experts.count > 1 {
        throw ValidationError("--experts is \(experts); pdb takes one number.")
      }
    }
    settings.gates = gates ?? settings.gates
    settings.tuningStart = tuned ?? settings.tuningStart
    if let harmonics { settings.harmonics = try harmonicCounts(harmonics) }
    settings.entropyWeight = gamma ?? settings.entropyWeight
    settings.kernel = kernel
    settings.hiddenUnits = units
    settings.fitsBaselines = !noBaselines
    return settings
  }

  /// Options that an experiment has no use for would otherwise be obeyed by nothing.
  private func refuse(_ experiment: PaperExperiment) throws {
    let given: [(String, Bool, [PaperExperiment])] = [
      ("--data", data != nil, [.wind, .pdb]), ("--rows", rows != nil, [.switch, .transition, .wind]),
      ("--law", law != nil, [.switch, .transition]), ("--slope", slope != nil, [.switch, .transition]),
      ("--concentration", concentration != nil, [.transition]),
      ("--degrees", degrees != nil, [.switch, .transition]),
      ("--experts", experts != nil, [.switch, .transition, .pdb]), ("--gates", gates != nil, [.motorcycle]),
      ("--tuned", tuned != nil, [.motorcycle, .wind]), ("--harmonics", harmonics != nil, [.pdb]),
      ("--gamma", gamma != nil, [.motorcycle, .wind, .pdb]),
    ]
    for (option, isGiven, experiments) in given where isGiven && !experiments.contains(experiment) {
      throw ValidationError(
        "\(option) is for \(experiments.map(\.rawValue).joined(separator: ", ")), not for \(experiment.rawValue).")
    }
  }

  private func harmonicCounts(_ text: String) throws -> PowerLoad.Harmonics {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Int($0.trimmingCharacters(in: .whitespaces)) }
    guard parts.count == 3, let hour = parts[0], let weekday = parts[1], let month = parts[2], (0...11).contains(hour),
      (0...3).contains(weekday), (0...5).contains(month)
    else {
      throw ValidationError(
        "--harmonics is \(text); allowed are three numbers: hour from 0 to 11, weekday from 0 to 3, month from 0 to 5.")
    }
    return PowerLoad.Harmonics(hour: hour, weekday: weekday, month: month)
  }
}
