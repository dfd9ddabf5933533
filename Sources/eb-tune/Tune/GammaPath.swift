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
  /// One a run; nil where nothing is written.
  private let directories: [RunDirectory]?
  /// The directory of the path as the user names it now; nil where nothing is written.
  private let home: String?
  private let invocation: Invocation
  private let stop: StopRequest

  init(
    _ command: TuneCommand, _ runs: [TuningRun], _ directories: [RunDirectory]?, home: String?,
    _ invocation: Invocation, _ stop: StopRequest
  ) {
    self.command = command
    self.runs = runs
    self.directories = directories
    self.home = home
    self.invocation = invocation
    self.stop = stop
  }

  /// The directory of a run of the path in `path`.
  static func directory(of run: TuningRun, in path: String) -> String { "\(path)/gamma-\(name(run.gamma))" }

  /// Makes the runs, or what is left of them.
  func perform() async throws {
    let narrator = Narrator(command.output.narration.style, iterations: command.tuning.knownIterations)
    defer { narrator.end(isFinished: false) }
    var points: [Point] = []
    var start: TuningSession.WarmStart?
    for (index, run) in runs.enumerated() {
      let end: RunEnd
      do {
        let directory = directories?[index]
        if let earlier = try finished(run, in: directory) {
          end = earlier
        } else {
          end = try await perform(run, directory, start, narrator)
        }
      } catch {
        if directories == nil, !points.isEmpty { try show(points) }
        throw error
      }
      points.append(Self.point(run, end))
      if let home { try AtomicFile.writeJSON(points, to: home + "/path.json") }
      start = TuningSession.WarmStart(lambda: end.result.tuned, chains: end.chains)
    }
    try show(points)
  }

  /// What a run of the path hands on.
  private struct RunEnd {
    let result: TuningResult
    let report: RunReport
    let chains: TuningRun.Sampler.Chains?
  }

  private func perform(
    _ run: TuningRun, _ directory: RunDirectory?, _ start: TuningSession.WarmStart?, _ narrator: Narrator
  ) async throws -> RunEnd {
    let record = try directory.map { directory in
      let home = home ?? directory.path
      let recordedPath = Self.directory(of: run, in: command.output.out ?? home)
      if directory.holds(.configuration) {
        return try run.record(resuming: directory, of: command, recordedPath: recordedPath, home: home)
      }
      let configuration = RunConfiguration(run, command, invocation)
      return try TuningRun.Record(beginning: configuration, in: directory, recordedPath: recordedPath, home: home)
    }
    narrator.announce(run, command.tuning)
    let outcome = try await TuningSession(command, run, record, narrator, stop).perform(from: start)
    narrator.end()
    var report: RunReport?
    try outcome.write(to: record) { report = $0 }
    guard let report else { throw Failure("A run of the path ended without a report.", .software) }
    return RunEnd(result: outcome.result, report: report, chains: outcome.chains)
  }

  /// What a run that had ended before hands on; nil where it had not.
  private func finished(_ run: TuningRun, in directory: RunDirectory?) throws -> RunEnd? {
    guard let directory, directory.holds(.report) else { return nil }
    guard let state = try run.progress(command, in: directory)?.state,
      let result = run.loop.result(of: state)
    else {
      throw Failure(
        "\(directory.path(of: .checkpoint)): there is no such file; the next run of the path begins with it.", .noInput)
    }
    return RunEnd(
      result: result, report: try FinishedRun.read(RunReport.self, .report, in: directory.path), chains: state.chains)
  }

  private func show(_ points: [Point]) throws {
    try Console.standardOutput(command.output.json ? try JSONText.document(points) : Self.text(points, runs))
  }

  /// The weight as a part of a name.
  static func name(_ gamma: Double) -> String {
    gamma == gamma.rounded() && gamma < 1e15 ? "\(Int(gamma))" : "\(gamma)"
  }

  private static func point(_ run: TuningRun, _ end: RunEnd) -> Point {
    let report = end.report
    let experts = Double(run.model.architecture.experts)
    let entropy = end.result.best.info.entropy.map { exp($0.value) }
    return Point(
      gamma: run.gamma, logEvidenceGain: report.logEvidenceGain, entropy: entropy,
      expertsInUse: entropy.map { pow(experts, $0) },
      heldOut: report.heldOut, worstRHat: report.posterior.first { $0.name == "R-hat" }?.value,
      gradientEvaluations: report.gradientEvaluations, tuned: report.coordinates)
  }

  /// The tables, one column a hyperparameter.
  private static func text(_ points: [Point], _ runs: [TuningRun]) -> String {
    let width = Console.outputWidth
    var columns: [(name: String, cells: [String])] = [
      ("ln evidence gain", points.map { $0.logEvidenceGain.map(text) ?? "-" }),
      ("experts in use", points.map { $0.expertsInUse.map { NumberText.fixed($0, digits: 2) } ?? "-" }),
      ("held-out LPPD", points.map { $0.heldOut.map { text($0.shown.tuned) } ?? "-" }),
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
      lines += TextWidth.folded(
        "Untuned priors have the held-out LPPD \(text(heldOut.shown.initial)); LPPD is a density \(heldOut.scale).",
        to: width)
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
