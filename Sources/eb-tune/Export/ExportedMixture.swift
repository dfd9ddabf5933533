import Foundation
import TuningIO

/// A finished run of `mix` as exports see it, from its files alone.
struct ExportedMixture: Sendable {
  let path: String
  let configuration: MixConfiguration
  let report: MixReport
  /// nil for precision mixing, which has none.
  let priors: PriorExport?

  /// - Throws: `FinishedRunError`.
  init(_ directory: String) throws {
    path = RunDirectory.trimmed(directory)
    configuration = try FinishedRun.read(MixConfiguration.self, .configuration, in: path)
    report = try MixReport.read(in: path)
    priors = configuration.hasDraws ? try FinishedRun.read(PriorExport.self, .priors, in: path) : nil
  }

  private var method: String { MixMethodOptions.Method.words(configuration.method) }

  /// What every export says about itself, a sentence a line.
  var remarks: [String] {
    var lines = [
      "Written by eb-tune \(EBTune.configuration.version) from the run \(path): \(method) of"
        + " \(configuration.models.joined(separator: ", ")), gamma \(configuration.gamma), seed \(configuration.seed)."
    ]
    if report.iterations != nil {
      lines.append(
        "The hyperparameters are plugged in at their tuned values. This understates posterior uncertainty, because that of"
          + " the hyperparameters is left out.")
    }
    return lines.map { String($0.map { $0.isNewline ? " " : $0 }) }
  }

  /// The tuned priors.
  /// - Throws: `Failure` for a method without priors.
  func exportedPriors() throws -> ExportedPriors {
    guard let priors else { throw nothing("priors") }
    return ExportedPriors(path, model: configuration.method, remarks, priors)
  }

  private func nothing(_ what: String) -> Failure {
    Failure("\(path): \(method) has no \(what) to export; zarr has its predictions.", .usage)
  }

  /// The draws as CmdStan writes them, a file a chain.
  func writeCmdStan(to stage: @autoclosure () throws -> StagedDirectory) throws {
    guard configuration.hasDraws else { throw nothing("draws") }
    let stage = try stage()
    let draws = try ExportedDraws(directory: path)
    let variables = ExportedVariable.all(of: draws.names)
    let order = variables.flatMap(\.places)
    let writer = CmdStanCSV(
      model: "\(configuration.method)_mixing",
      variables: variables.map { .init(name: $0.identifier, shape: $0.labels.isEmpty ? [] : [$0.places.count]) },
      warmup: max(configuration.warmup, 500),
      maximumTreeDepth: configuration.other["max-depth"].flatMap { Int($0) } ?? 10,
      targetAcceptance: configuration.other["target-acceptance"].flatMap { Double($0) } ?? 0.9,
      seed: configuration.seed,
      remarks: [
        ("run", path), ("version", configuration.version), ("gamma", "\(configuration.gamma)"),
        ("sampler", configuration.sampler),
        ("mass_matrix_below", "the variances of the chain's draws, which stand for what the sampler had"),
        ("elapsed_time", "not recorded for single chains"), ("about", remarks.joined(separator: " ")),
      ] + variables.map { ($0.identifier, ($0.labels.isEmpty ? [$0.name] : $0.labels).joined(separator: " | ")) })
    for chain in 0..<draws.chains {
      let range = draws.range(of: chain)
      let values = range.map { index in order.map { draws.values[index][$0] } }
      try stage.write(
        writer.text(
          of: CmdStanCSV.Chain(
            id: chain + 1, statistics: Array(draws.statistics[range]), draws: values,
            inverseMetric: order.indices.map { place in Self.variance(values.map { $0[place] }) })),
        to: "chain-\(chain + 1).csv")
    }
    try stage.commit()
    try Console.standardOutput("Written: \(stage.path)\n")
  }

  private static func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return values.count > 1 ? sum / Double(values.count - 1) : 1
  }
}

/// Parameters that differ by what stands in brackets alone, as one array.
struct ExportedVariable: Sendable {
  /// What stands before the brackets, or the whole name.
  let name: String
  /// What stands in the brackets; empty for a parameter without.
  private(set) var labels: [String]
  /// Where they stand among all parameters.
  private(set) var places: [Int]
  /// The name as Stan allows it, different for each.
  private(set) var identifier: String

  /// All of them, in the order in which they begin.
  static func all(of parameters: [String]) -> [ExportedVariable] {
    var variables: [ExportedVariable] = []
    var taken: Set<String> = []
    for (place, parameter) in parameters.enumerated() {
      let bracket = parameter.hasSuffix("]") ? parameter.firstIndex(of: "[") : nil
      let name = String(bracket.map { parameter[..<$0] } ?? parameter[...])
      let label = bracket.map { String(parameter[parameter.index(after: $0)...].dropLast()) }
      if let label, let known = variables.firstIndex(where: { $0.name == name && !$0.labels.isEmpty }) {
        variables[known].labels.append(label)
        variables[known].places.append(place)
        continue
      }
      var identifier = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
      if identifier.first?.isLetter != true { identifier = "p_" + identifier }
      while taken.contains(identifier) { identifier += "_2" }
      taken.insert(identifier)
      variables.append(
        ExportedVariable(name: name, labels: label.map { [$0] } ?? [], places: [place], identifier: identifier))
    }
    return variables
  }
}
