import Foundation
import TuningIO

/// What all results of one directory have in common: results of other settings do not belong beside them.
protocol ResumableSettings: Sendable, Codable {
  /// What differs, in the user's words, such as `--gamma is 1 there and 0 here`; nil where nothing does.
  func difference(from other: Self) -> String?
}

extension [String: String]: ResumableSettings {
  /// The first option, by name, that differs.
  func difference(from other: Self) -> String? {
    Set(keys).union(other.keys).sorted().first { self[$0] != other[$0] }.map {
      "\($0) is \(other[$0] ?? "not given") there and \(self[$0] ?? "not given") here"
    }
  }
}

/// A directory of work in many pieces that can be stopped and gone on with: a JSON file with the settings, and a journal
/// with a line for every piece that is finished.
struct ResumableJournal<Settings: ResumableSettings, Line: Sendable & Codable>: Sendable {
  /// What the work, its pieces and its files are called.
  struct Names: Sendable {
    /// Such as `benchmark`.
    let work: String
    /// Such as `run`.
    let piece: String
    /// The settings' file, such as `benchmark.json`.
    let settings: String
    /// The journal, such as `runs.jsonl`.
    let lines: String
    /// What is written at the end, such as `report.txt`.
    let results: [String]
  }

  private let directory: RunDirectory
  private let journal: Journal
  /// The pieces that were there already, in the order in which they ended.
  let finished: [Line]

  /// Opens a new directory or one with work of the same settings; where `overwriting`, what is there is removed first.
  /// - Parameter keeping: Which of the pieces there are finished; the others are to be done again, and their lines removed.
  /// - Throws: `Failure` for work of other settings and for lines that are none; `OutputError`.
  init(
    at path: String, _ names: Names, _ settings: Settings, overwriting: Bool = false,
    keeping: (Line) -> Bool = { _ in true }
  ) throws {
    directory = try RunDirectory(
      preparing: path, overwriting: overwriting, alsoFor: [names.settings, names.lines] + names.results)
    let (settingsPath, linesPath) = (directory.file(names.settings), directory.file(names.lines))
    if overwriting {
      for path in [settingsPath, linesPath] where FileManager.default.fileExists(atPath: path) { unlink(path) }
    }
    try Self.agree(on: settings, at: settingsPath, names, in: directory.path)
    finished = try Self.lines(at: linesPath, names).filter(keeping)
    // A line that a killed run left unfinished would grow into the next one: whole lines only.
    try AtomicFile.write(finished.map { try JSONText.line($0) + "\n" }.joined(), to: linesPath)
    journal = try Journal(path: linesPath, appending: true)
  }

  /// Where it is.
  var path: String { directory.path }

  /// The path of one of its files.
  func path(of name: String) -> String { directory.file(name) }

  /// Adds a finished piece.
  func append(_ line: Line) throws { try journal.append(JSONText.line(line)) }

  /// Brings all pieces to the disk.
  func synchronise() throws { try journal.synchronise() }

  private static func agree(on settings: Settings, at path: String, _ names: Names, in directory: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return try AtomicFile.writeJSON(settings, to: path) }
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    guard let other = try? JSONText.decode(Settings.self, from: text) else {
      throw Failure(
        "\(path): these are not the settings of work such as this (\(names.work)); name another directory.",
        .cannotCreate)
    }
    if let difference = settings.difference(from: other) {
      throw Failure(
        "\(directory): the \(names.work) there has other settings (\(difference)); name another directory.",
        .cannotCreate)
    }
  }

  private static func lines(at path: String, _ names: Names) throws -> [Line] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try Journal.lines(at: path).enumerated().map { number, line in
      guard let piece = try? JSONText.decode(Line.self, from: line) else {
        throw Failure(
          "\(path), line \(number + 1): this is no \(names.piece) of such work (\(names.work)); name another directory.",
          .data)
      }
      return piece
    }
  }
}

extension RunDirectory {
  /// The path of a file of that name in the directory.
  fileprivate func file(_ name: String) -> String { "\(path)/\(name)" }
}
