import EmpiricalBayes
import Foundation
import TuningIO

/// Runs over several entropy weights, each from where the one before ended, and a table that compares them.
struct GammaPath: Sendable {
  /// One entropy weight.
  struct Point: Sendable, Codable {
    let gamma: Double
    /// ln L at the tuned λ − ln L at the initial λ.
    let logEvidenceGain: Estimate?
    /// The entropy of expert use, 1 where all are in equal use.
    let entropy: Double?
    /// e to the Shannon entropy of mean use: how many experts in equal use it amounts to.
    let expertsInUse: Double?
    let heldOut: HeldOutComparison?
    let worstRHat: Double?
    let gradientEvaluations: Int
    /// The coordinates of λ by name; scales as scales.
    let tuned: [RunReport.Coordinate]
  }

  private let command: TuneCommand
  private let runs: [TuningRun]

  init(_ command: TuneCommand, _ runs: [TuningRun]) {
    self.command = command
    self.runs = runs
  }

  func perform() async throws {
    let narrator = Narrator(isQuiet: command.output.quiet, iterations: command.tuning.knownIterations)
    var points: [Point] = []
    var start: TuningSession.WarmStart?
    var gain: Estimate? = Estimate(value: 0, standardError: 0)
    // All of them first: hours of tuning shall not end at a directory that is taken.
    let directories = try runs.map { run in
      try command.output.out.map { path throws(OutputError) in
        try RunDirectory(preparing: path + "/gamma-\(Self.name(run.gamma))", overwriting: command.output.overwrite)
      }
    }
    for (run, directory) in zip(runs, directories) {
      narrator.announce(run, command.tuning)
      let outcome: TuningOutcome
      do {
        outcome = try await TuningSession(command, run, directory, narrator).perform(from: start)
      } catch {
        if directory == nil, !points.isEmpty { try show(points) }
        throw error
      }
      gain = gain.flatMap { before in outcome.result.logEvidenceGain.map { before.adding($0) } }
      var point: Point?
      try outcome.write(to: directory) { point = Self.point(outcome, gain, $0) }
      points += point.map { [$0] } ?? []
      if let out = command.output.out { try AtomicFile.writeJSON(points, to: out + "/path.json") }
      start = TuningSession.WarmStart(lambda: outcome.result.tuned, chains: outcome.chains)
    }
    narrator.endLine()
    try show(points)
  }

  private func show(_ points: [Point]) throws {
    try Console.standardOutput(command.output.json ? try JSONText.document(points) : Self.text(points, runs))
  }

  private static func name(_ gamma: Double) -> String {
    gamma == gamma.rounded() && gamma < 1e15 ? "\(Int(gamma))" : "\(gamma)"
  }

  private static func point(_ outcome: TuningOutcome, _ gain: Estimate?, _ report: RunReport) -> Point {
    let experts = Double(outcome.run.model.architecture.experts)
    let entropy = outcome.result.best.info.entropy.map { exp($0.value) }
    return Point(
      gamma: outcome.run.gamma, logEvidenceGain: gain, entropy: entropy, expertsInUse: entropy.map { pow(experts, $0) },
      heldOut: report.heldOut, worstRHat: report.posterior.first { $0.name == "R-hat" }?.value,
      gradientEvaluations: report.gradientEvaluations, tuned: report.coordinates)
  }

  /// The tables, one column a hyperparameter.
  private static func text(_ points: [Point], _ runs: [TuningRun]) -> String {
    let width = Console.outputWidth
    var columns: [(name: String, cells: [String])] = [
      ("ln evidence gain", points.map { $0.logEvidenceGain.map(text) ?? "-" }),
      ("experts in use", points.map { $0.expertsInUse.map { NumberText.fixed($0, digits: 2) } ?? "-" }),
      ("held-out LPPD", points.map { $0.heldOut.map { text($0.tuned) } ?? "-" }),
    ]
    for (index, coordinate) in (points.first?.tuned ?? []).enumerated() {
      columns.append((coordinate.name, points.map { NumberText.significant($0.tuned[index].tuned) }))
    }
    var lines = runs.first.map { TextWidth.folded("\($0.study.name): the path over gamma", to: width) } ?? []
    lines += tables(points.map { NumberText.significant($0.gamma) }, columns, width: width)
    lines.append("")
    lines += TextWidth.folded(
      "Each run starts where the one before it ended. The gain is that of the log evidence over the initial priors; experts"
        + " in use are counted as e to the entropy of their mean shares; held-out densities are of rows that no run has seen.",
      to: min(width, 118))
    if let heldOut = points.first?.heldOut {
      lines += TextWidth.folded("Untuned priors have the held-out LPPD \(text(heldOut.initial)).", to: width)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Columns beside γ, in as many tables as the width asks for.
  private static func tables(_ gammas: [String], _ columns: [(name: String, cells: [String])], width: Int) -> [String] {
    func table(_ columns: ArraySlice<(name: String, cells: [String])>) -> TextTable {
      var table = TextTable([("gamma", .right)] + columns.map { ($0.name, .right) })
      for (row, gamma) in gammas.enumerated() { table.append([gamma] + columns.map { $0.cells[row] }) }
      return table
    }
    var lines: [String] = []
    var rest = columns[...]
    while !rest.isEmpty {
      var taken = 1
      while taken < rest.count, table(rest.prefix(taken + 1)).lines().allSatisfy({ $0.count <= width }) {
        taken += 1
      }
      lines += [""] + table(rest.prefix(taken)).lines(width: width)
      rest = rest.dropFirst(taken)
    }
    return lines
  }

  private static func text(_ estimate: Estimate) -> String {
    NumberText.withError(estimate.value, estimate.standardError)
  }
}
