import EmpiricalBayes
import Foundation
import TuningIO

/// One run in a list: what it is and how far it came.
struct RunListing: Sendable, Codable {
  enum State: String, Sendable, Codable {
    case finished
    /// Something ended it, and it can be gone on with.
    case stopped
    /// It is under way.
    case running
    /// Its files are not what a run writes.
    case damaged
  }

  let path: String
  var state = State.damaged
  /// Why it is damaged; nil where it is not.
  var reason: String?
  var model: String?
  var experts: Int?
  var data: String?
  var target: String?
  var gamma: Double?
  /// Iterations that are noted.
  var iterations = 0
  var surrogate: Estimate?
  var logEvidenceGain: Estimate?
  /// A density of the target in its own units.
  var leaveOneOut: Estimate?
  /// Findings that are reasons for doubt; nil before there is a report.
  var warnings: Int?

  init(path: String) {
    self.path = path
    do {
      try read()
    } catch {
      state = .damaged
      reason = Failure(error)?.sentence ?? "\(error)"
    }
  }

  private mutating func read() throws {
    let kind = try RunKind(of: path)
    switch kind {
    case .tune: describe(try FinishedRun.read(RunConfiguration.self, .configuration, in: path))
    case .mix: describe(try FinishedRun.read(MixConfiguration.self, .configuration, in: path))
    }
    let isInUse = RunDirectory.isInUse(path)
    try readTrace()
    let report = "\(path)/\(RunDirectory.File.report.rawValue)"
    guard FileManager.default.fileExists(atPath: report) else {
      state = isInUse ? .running : .stopped
      return
    }
    switch kind {
    case .tune: conclude(try FinishedRun.read(RunReport.self, from: report))
    case .mix: conclude(try MixReport.read(in: path))
    }
    state = isInUse ? .running : .finished
  }

  private mutating func describe(_ configuration: RunConfiguration) {
    (model, experts, gamma) = (configuration.model, configuration.experts, configuration.gamma)
    (data, target) = (configuration.data.file ?? configuration.data.problem, configuration.target)
  }

  private mutating func describe(_ configuration: MixConfiguration) {
    (model, gamma) = ("mix \(configuration.method)", configuration.gamma)
    (data, target) = (configuration.data.files.first?.path ?? configuration.data.problem, configuration.other["target"])
  }

  private mutating func conclude(_ report: RunReport) {
    (surrogate, logEvidenceGain) = (report.surrogate, report.logEvidenceGain)
    leaveOneOut = report.consequences.leaveOneOut.map {
      Estimate(value: $0.elpdInTargetUnits ?? $0.elpd, standardError: $0.standardError ?? .nan)
    }
    warnings = ReportVerdict(report).findings.count { $0.status == .warning }
  }

  private mutating func conclude(_ report: MixReport) {
    logEvidenceGain = report.logEvidenceGain
    warnings = (report.tuning + report.posterior).count { $0.status == .warn }
  }

  /// The last iteration that was written in full; a run that is killed may leave half a line.
  private mutating func readTrace() throws {
    let file = "\(path)/\(RunDirectory.File.trace.rawValue)"
    guard FileManager.default.fileExists(atPath: file) else { return }
    let lines = try FinishedRun.text(of: file).split(separator: "\n")
    let isWhole = lines.last.map { (try? JSONText.decode(TraceLine.self, from: String($0))) != nil } ?? true
    iterations = lines.count - (isWhole ? 0 : 1)
    guard iterations > 0, let last = try? JSONText.decode(TraceLine.self, from: String(lines[iterations - 1])) else {
      if iterations > 0 {
        throw FinishedRunError.wrongFormat(file: file, reason: "line \(iterations) is not the JSON of an iteration")
      }
      return
    }
    surrogate = last.info.surrogate
  }

  /// How far it came, in words.
  var stateText: String {
    switch state {
    case .finished, .damaged: state.rawValue
    case .running: "running, \(place)"
    case .stopped: "stopped \(iterations > 0 ? "at " : "")\(place)"
    }
  }

  private var place: String { iterations > 0 ? "iteration \(iterations - 1)" : "before iteration 0" }
}

/// The runs as a table.
struct RunTable {
  private static let headers: [(title: String, alignment: TextTable.Alignment)] = [
    ("run", .left), ("state", .left), ("model", .left), ("data", .left), ("gamma", .right),
    ("evidence gain", .right), ("surrogate", .right), ("LOO", .right), ("warnings", .right),
  ]
  /// What goes first where columns are few.
  private static let expendable = ["surrogate", "data", "LOO", "model", "gamma", "warnings"]

  let listings: [RunListing]

  /// The table in `width` columns as far as that can be, and why runs are damaged.
  func text(width: Int) -> String {
    var left = Self.headers.map(\.title)
    var lines = table(left).lines(width: width)
    for title in Self.expendable where lines.contains(where: { TextWidth.columns(of: $0) > width }) {
      left.removeAll { $0 == title }
      lines = table(left).lines(width: width)
    }
    for listing in listings {
      if let reason = listing.reason { lines += TextWidth.folded("Damaged: \(reason)", to: width, indent: "  ") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func table(_ titles: [String]) -> TextTable {
    var table = TextTable(
      Self.headers.filter { titles.contains($0.title) }.map { (header: $0.title, alignment: $0.alignment) })
    for listing in listings {
      let cells = Self.cells(listing)
      table.append(zip(Self.headers, cells).filter { titles.contains($0.0.title) }.map(\.1))
    }
    return table
  }

  private static func cells(_ run: RunListing) -> [String] {
    func text(_ estimate: Estimate?) -> String {
      estimate.map { NumberText.withError($0.value, $0.standardError) } ?? "-"
    }
    return [
      run.path, run.stateText,
      run.model.map { model in run.experts.map { "\(model) \($0)" } ?? model } ?? "-", run.data ?? "-",
      run.gamma.map { NumberText.significant($0) } ?? "-", text(run.logEvidenceGain), text(run.surrogate),
      text(run.leaveOneOut), run.warnings.map { "\($0)" } ?? "-",
    ]
  }
}
