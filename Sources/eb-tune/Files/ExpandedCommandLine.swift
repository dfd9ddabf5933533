import Foundation
import TuningIO

/// A command line in which `--study` and `--config` are written out: what files say comes first, what was typed comes after
/// it and wins. Everything later, from the parser to `config.json`, sees arguments only.
struct ExpandedCommandLine: Sendable {
  /// Without the program's name.
  let words: [String]
  /// What a user should know about the files, a sentence each.
  let notes: [String]
  private let arguments: ArgumentList

  /// - Parameters:
  ///   - typed: What was typed, without the program's name.
  ///   - directory: What relative paths are relative to.
  /// - Throws: `StudyFileError`, `FinishedRunError`, `Failure`.
  init(_ typed: [String], in directory: String) throws {
    guard typed.contains(where: Self.namesFile) else {
      self.init(words: typed)
      return
    }
    let commands = try CommandCatalogue()
    let subcommand = commands.subcommand(of: typed)
    let catalogue = commands[subcommand]
    let own = ArgumentList(parsing: typed.dropFirst(subcommand == nil ? 0 : 1), catalogue)
    guard StudyOptions.names.contains(where: { catalogue[$0] != nil && own.contains($0) }), !own.contains("help") else {
      self.init(words: typed)
      return
    }
    var list = ArgumentList()
    var notes: [String] = []
    var leftOut: [String] = []
    var recorded: RecordedArguments?
    if let path = try Self.single("config", in: own) {
      let found = try RecordedArguments(path: path, commands[nil], in: directory)
      list = found.list
      notes += found.notes
      recorded = found
      leftOut += list.removeAll { catalogue[$0] == nil }
    }
    if let path = try Self.single("study", in: own) {
      let study = try StudyFile(path: path).arguments(for: catalogue, among: commands.ofStudies)
      list = list.overridden(by: study.list, catalogue, displacing: Self.displaced)
      leftOut += study.leftOut
    }
    if subcommand == SelectCommand.configuration.commandName {
      leftOut += Self.adaptToSelection(&list, own)
    }
    if !leftOut.isEmpty {
      let names = leftOut.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      notes.append("\(subcommand ?? "tune") leaves out what is not for it: \(names.joined(separator: ", ")).")
    }
    list = list.overridden(by: own, catalogue, displacing: Self.displaced)
    list.remove(StudyOptions.names)
    notes += try recorded?.changes(of: list) ?? []
    self.init(words: (subcommand.map { [$0] } ?? []) + list.words, notes: notes, list)
  }

  private init(words: [String], notes: [String] = [], _ arguments: ArgumentList = ArgumentList()) {
    self.words = words
    self.notes = notes
    self.arguments = arguments
  }

  /// Whether progress and notes are wanted as text.
  var isTalkative: Bool {
    !arguments.contains("quiet") && ["none", "json"].allSatisfy { arguments.values(of: "progress").last != $0 }
  }

  /// The place in a file of the option that a message of the parser is about; nil for one that was typed.
  func place(ofOptionIn message: String) -> FilePlace? {
    let names = message.split { !($0.isLetter || $0.isNumber || $0 == "-") }.filter { $0.hasPrefix("--") }
    guard let name = names.first.map({ String($0.dropFirst(2)) }) else { return nil }
    let items = arguments.items.filter { $0.name == name }
    let said = items.last { item in item.value.map { message.contains($0) } ?? false }
    return (said ?? items.last)?.place
  }

  private static func namesFile(_ word: String) -> Bool {
    StudyOptions.names.contains { word == "--\($0)" || word.hasPrefix("--\($0)=") }
  }

  private static func single(_ name: String, in list: ArgumentList) throws(Failure) -> String? {
    let values = list.values(of: name)
    guard values.count <= 1 else { throw Failure("Give one --\(name), not \(values.count).", .usage) }
    return values.first
  }

  /// Removes what means nothing to a selection, or something else than to `tune`; the names of what goes.
  private static func adaptToSelection(_ list: inout ArgumentList, _ own: ArgumentList) -> [String] {
    var removed = list.removeAll { ["folds", "draws"].contains($0) }
    func tunes(_ list: ArgumentList) -> Bool? {
      list.values(of: "tune").last.flatMap(SelectOptions.Tuning.init).map { $0 != .no }
    }
    if list.contains("tune"), tunes(list) == nil { removed += list.removeAll { $0 == "tune" } }
    if !(tunes(own) ?? tunes(list) ?? false) { removed += list.removeAll { $0 == "gamma" } }
    return removed
  }

  /// The options of a file that cannot stand beside one that comes after it.
  static func displaced(by name: String, before: String?, after: String?) -> Set<String> {
    let splits: Set<String> = ["test-data", "test-fraction", "split-seed", "test-after"]
    switch name {
    case "problem": return before == after ? [] : splits.union(["data", "target", "expert", "gate", "raw-scale"])
    case "data": return ["problem"]
    case "test-data", "test-after": return splits.subtracting([name])
    case "test-fraction": return ["test-data", "test-after"]
    case "schedule": return before == after ? [] : ["step", "clip", "plain-gradient", "draws"]
    case "gate": return ["gates"]
    case "gates": return ["gate"]
    case "quiet": return ["progress"]
    case "progress": return ["quiet"]
    default: return []
    }
  }
}
