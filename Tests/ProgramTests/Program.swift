import Foundation
import Testing

/// The built program, run as a process the way that a user runs it.
struct Program {
  /// What a finished process left behind.
  struct Outcome {
    let status: Int32
    let reason: Process.TerminationReason
    let output: String
    let error: String
  }

  /// A scratch directory of this test's own, removed with it.
  let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("eb-tune-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  /// The binary lies beside the test bundle.
  static let binary: URL = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("eb-tune")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder = folder.deletingLastPathComponent()
    }
    return folder.appendingPathComponent("eb-tune")
  }()

  /// Starts the program, its standard streams going to files of the scratch directory.
  func start(_ arguments: [String], in folder: String = "") throws -> RunningProgram {
    try RunningProgram(Self.binary, arguments, in: directory.appendingPathComponent(folder), streams: directory)
  }

  /// Runs to the end.
  func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// Runs to the end.
  func run(_ arguments: [String], in folder: String = "") throws -> Outcome {
    try start(arguments, in: folder).finish()
  }

  /// A file of the scratch directory with that text.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let file = directory.appendingPathComponent(name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  /// A folder of the scratch directory.
  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      at: directory.appendingPathComponent(name), withIntermediateDirectories: true)
  }

  /// The text of a file below the scratch directory.
  func read(_ path: String) throws -> String {
    try String(contentsOf: directory.appendingPathComponent(path), encoding: .utf8)
  }

  /// The value of a JSON file below the scratch directory.
  func json<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: directory.appendingPathComponent(path)))
  }

  /// The names in a folder below the scratch directory, hidden ones too.
  func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.appendingPathComponent(folder).path).sorted()
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: directory.appendingPathComponent(path).path)
  }

  func remove() { try? FileManager.default.removeItem(at: directory) }
}

/// A program under way.
struct RunningProgram {
  /// A wait that came to nothing.
  struct TimeOut: Error {
    let error: String
  }

  private let process: Process
  private let output: URL
  private let error: URL

  init(_ binary: URL, _ arguments: [String], in folder: URL, streams: URL) throws {
    process = Process()
    process.executableURL = binary
    process.arguments = arguments
    process.currentDirectoryURL = folder
    output = streams.appendingPathComponent("stdout-\(UUID().uuidString)")
    error = streams.appendingPathComponent("stderr-\(UUID().uuidString)")
    for file in [output, error] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// What it has said on standard error so far.
  func errorSoFar() throws -> String { try String(contentsOf: error, encoding: .utf8) }

  /// Waits for something that the program does.
  func wait(within seconds: Double = 50, until condition: () throws -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while try !condition() {
      guard Date() < deadline, process.isRunning else {
        kill(process.processIdentifier, SIGKILL)
        throw TimeOut(error: try errorSoFar())
      }
      usleep(5_000)
    }
  }

  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for its end.
  func finish() throws -> Program.Outcome {
    process.waitUntilExit()
    return Program.Outcome(
      status: process.terminationStatus, reason: process.terminationReason,
      output: try String(contentsOf: output, encoding: .utf8), error: try errorSoFar())
  }
}

/// The horizon of tests: long enough to go through every stage, too short to find anything out.
let short = ["--iterations", "2", "--warmup", "30", "--final-draws", "20", "--folds", "0"]

/// A program that failed the way it should: one sentence on standard error, nothing on standard output.
func expectFailure(
  _ outcome: Program.Outcome, status: Int32, mentions words: [String], location: SourceLocation = #_sourceLocation
) {
  #expect(outcome.reason == .exit, sourceLocation: location)
  #expect(outcome.status == status, "\(outcome.error)", sourceLocation: location)
  #expect(outcome.output.isEmpty, sourceLocation: location)
  let lines = outcome.error.split(separator: "\n")
  #expect(lines.count == 1, "one line, found: \(outcome.error)", sourceLocation: location)
  #expect(outcome.error.hasPrefix("eb-tune: ") && outcome.error.hasSuffix("\n"), sourceLocation: location)
  for word in words {
    #expect(outcome.error.contains(word), "'\(word)' in: \(outcome.error)", sourceLocation: location)
  }
}
