import Foundation

/// The Python that `EB_TUNE_PYTHON` names, with the packages of `Tests/Python/requirements.txt`.
enum PythonTools {
  static let advice: String =
    "set EB_TUNE_PYTHON to the interpreter that Tests/Python/make_environment.sh has made, to read exports with real tools"

  /// A program of `Tests/Python`.
  enum Script: String {
    case export = "check_export.py"
    case notebook = "check_notebook.py"
    case mixture = "check_mixture.py"
  }

  /// Whether the packages for a format are there.
  static func reads(_ format: String) -> Bool { (try? run(["available", format]))?.status == 0 }

  /// Runs a program to its end.
  static func run(
    _ arguments: [String], _ script: Script = .export, in folder: URL? = nil
  ) throws -> (status: Int32, output: String) {
    guard let interpreter = ProcessInfo.processInfo.environment["EB_TUNE_PYTHON"] else { return (127, advice) }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Python/\(script.rawValue)")
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("python-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = ["-W", "ignore", script.path] + arguments
    process.currentDirectoryURL = folder
    let handle = try FileHandle(forWritingTo: file)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
  }
}
