import Foundation

/// The built program, run as a process the way that a user runs it.
struct Program {
  /// What a finished process left behind.
  struct Outcome {
    let status: Int32
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

  /// A process ready to start, its standard streams going to files of the scratch directory.
  func process(_ arguments: [String]) throws -> (process: Process, output: URL, error: URL) {
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = arguments
    process.currentDirectoryURL = directory
    let output = directory.appendingPathComponent("stdout-\(UUID().uuidString)")
    let error = directory.appendingPathComponent("stderr-\(UUID().uuidString)")
    for file in [output, error] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    process.standardInput = FileHandle.nullDevice
    return (process, output, error)
  }

  /// Runs to the end.
  func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// Runs to the end.
  func run(_ arguments: [String]) throws -> Outcome {
    let (process, output, error) = try process(arguments)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      error: try String(contentsOf: error, encoding: .utf8))
  }

  /// A file of the scratch directory with that text.
  func write(_ text: String, to name: String) throws -> String {
    let file = directory.appendingPathComponent(name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  /// The text of a file below the scratch directory.
  func read(_ path: String) throws -> String {
    try String(contentsOf: directory.appendingPathComponent(path), encoding: .utf8)
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: directory.appendingPathComponent(path).path)
  }

  func remove() { try? FileManager.default.removeItem(at: directory) }
}
