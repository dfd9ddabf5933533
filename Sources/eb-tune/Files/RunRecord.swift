import EmpiricalBayes
import Foundation
import TuningIO

/// The directory of a run as it fills: trace and times grow by a line an iteration, the checkpoint is replaced.
struct RunRecord<Chains: Sendable & Codable, Memory: Sendable & Codable & Equatable>: Sendable {
  typealias Progress = RunProgress<Chains, Memory>

  let directory: RunDirectory
  /// The directory as the command of the run named it: the same in every file, wherever the run is resumed from.
  let recordedPath: String
  /// The directory to resume: the run's own, or that of the path over γ that it is a part of.
  let home: String
  /// Where to go on; nil at the very beginning.
  let progress: Progress?
  /// Seconds spent on `progress`.
  private let seconds: Double
  private let header: Checkpoint.Header
  private let trace: Journal
  private let timing: Journal

  /// Begins a new run.
  init(
    beginning configuration: some Encodable, in directory: RunDirectory, recordedPath: String, home: String
  ) throws {
    try AtomicFile.writeJSON(configuration, to: directory.path(of: .configuration))
    try self.init(directory, after: nil, recordedPath: recordedPath, home: home)
  }

  /// Goes on with a run whose files lie in `directory`.
  /// - Parameter isOwn: Whether the run can have made that progress.
  /// - Throws: `CheckpointError`, `TableError`, `OutputError`.
  init(
    resuming directory: RunDirectory, recordedPath: String, home: String, where isOwn: (Progress) -> Bool
  ) throws {
    try self.init(
      directory, after: Self.progress(in: directory, where: isOwn), recordedPath: recordedPath, home: home)
  }

  /// Lines of the trace that `progress` does not know of go: the iterations are repeated, with the same bytes.
  private init(_ directory: RunDirectory, after progress: Progress?, recordedPath: String, home: String) throws {
    self.directory = directory
    self.recordedPath = recordedPath
    self.home = home
    self.progress = progress
    header = try Self.header(in: directory)
    let iterations = progress?.state.iteration ?? 0
    let tracePath = directory.path(of: .trace)
    try Journal.cut(tracePath, to: iterations) { lines, last in
      let end = last.map { (try? JSONText.decode(TraceLine.self, from: $0).info.iteration) ?? -2 } ?? -1
      guard lines == iterations, end == iterations - 1 else {
        throw CheckpointError.shortTrace(file: tracePath, iterations: iterations)
      }
    }
    let times = try Journal.cut(directory.path(of: .timing), to: iterations)
    seconds = times.last.flatMap { try? JSONText.decode(TimingLine.self, from: $0).seconds } ?? 0
    trace = try Journal(path: tracePath, appending: true)
    timing = try Journal(path: directory.path(of: .timing), appending: true)
  }

  /// The progress that the checkpoint in `directory` holds; nil where there is none yet.
  /// - Throws: `CheckpointError`, `.otherRun` for one that is not `isOwn`; `TableError`.
  static func progress(in directory: RunDirectory, where isOwn: (Progress) -> Bool) throws -> Progress? {
    let path = directory.path(of: .checkpoint)
    let progress = try Checkpoint.read(Progress.self, of: header(in: directory), from: path)
    guard progress.map(isOwn) ?? true else { throw CheckpointError.otherRun(file: path) }
    return progress
  }

  private static func header(in directory: RunDirectory) throws -> Checkpoint.Header {
    try Checkpoint.Header(
      version: EBTune.configuration.version, configurationAt: directory.path(of: .configuration))
  }

  /// Notes an iteration, which ended `elapsed` seconds after the run was begun or resumed.
  func append(_ info: TuningInfo, coordinates: [String], elapsed: Double) throws {
    try trace.append(json: TraceLine(info: info, coordinates: coordinates))
    try timing.append(json: TimingLine(iteration: info.iteration, seconds: seconds + elapsed))
  }

  /// The iterations that are noted already.
  func iterations() throws -> [TuningInfo] {
    let path = directory.path(of: .trace)
    return try Journal.lines(at: path).enumerated().map { index, line in
      guard let line = try? JSONText.decode(TraceLine.self, from: line) else {
        throw FinishedRunError.wrongFormat(file: path, reason: "line \(index + 1) is not the JSON of an iteration")
      }
      return line.info
    }
  }

  /// Brings the trace to the disk, and then the checkpoint that relies on it.
  func save(_ progress: Progress) throws {
    try trace.synchronise()
    try Checkpoint.write(progress, header, to: directory.path(of: .checkpoint))
  }
}
