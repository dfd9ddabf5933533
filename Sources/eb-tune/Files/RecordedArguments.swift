import Foundation
import TuningIO

/// The arguments that a run's `config.json` stands for: its command line, with every key that was edited since in its place.
///
/// Which keys were edited shows by comparing them with what the command line leads to. An edit is obeyed or refused, never
/// ignored; keys that follow from an edited one, such as the iterations of another schedule, follow it.
struct RecordedArguments: Sendable {
  private(set) var list: ArgumentList
  /// The edits and what else is worth knowing, a sentence each.
  private(set) var notes: [String] = []
  private let file: String
  private let configuration: RunConfiguration
  /// What the run of a config says about itself and its terminal, not about results.
  private static let notRepeated = StudyOptions.names.union([
    "out", "overwrite", "dry-run", "json", "quiet", "progress", "help", "version",
  ])

  /// - Parameters:
  ///   - path: `config.json` or the directory of a run or of a path over γ.
  ///   - catalogue: The options of `tune`.
  ///   - directory: What relative paths will be relative to.
  /// - Throws: `FinishedRunError`; `Failure` for a command line or an edit that no option leads to.
  init(path: String, _ catalogue: OptionCatalogue, in directory: String) throws {
    let (file, isWholePath) = Self.file(at: path)
    try RunKind.refuseMixture(for: "--config", configurationAt: file)
    let configuration = try FinishedRun.read(RunConfiguration.self, from: file)
    var words = configuration.commandLine.dropFirst()
    if words.first == TuneCommand.configuration.commandName { words.removeFirst() }
    var list = ArgumentList(parsing: words, catalogue)
    list.remove(Self.notRepeated)
    for index in list.items.indices { list.items[index].place = FilePlace(file: file) }
    var keys = ConfigurationKey.all(of: configuration)
    if isWholePath { keys.removeAll { $0.option == "gamma" } }
    let original = try Self.texts(list, file, configuration)
    let edits = keys.filter { !$0.says(original[$0.name] ?? nil) }
    self.file = file
    self.configuration = configuration
    self.list = list
    for edit in edits { try apply(edit, catalogue) }
    if !edits.isEmpty {
      let reached = try Self.texts(self.list, file, configuration)
      for edit in edits where edit.text != nil && !edit.says(reached[edit.name] ?? nil) {
        throw Failure(
          "\(file): \"\(edit.name)\" is \(edit.text ?? "missing") there, which no option leads to"
            + " (\(reached[edit.name].flatMap { $0 } ?? "nothing") does); edit \"commandLine\" or give options instead.",
          .data)
      }
    }
    notes = edits.compactMap { note(on: $0, before: original[$0.name] ?? nil) }
    self.list.mapValues(of: StudyFile.pathOptions) { Self.path($0, of: configuration, in: directory) }
  }

  /// Data files that are not those of the run any more, if the command line that came of it still names them.
  func changes(of final: ArgumentList) throws -> [String] {
    let data = configuration.data
    return try [("data", data.sha256), ("test-data", data.testSha256)].compactMap { option, recorded in
      guard let recorded, let path = list.values(of: option).last, final.values(of: option).last == path,
        FileManager.default.fileExists(atPath: path), try SHA256.hexadecimal(ofFile: path) != recorded
      else { return nil }
      return "\(path): the file has changed since the run of \(file); results will differ."
    }
  }

  private mutating func apply(_ edit: ConfigurationKey, _ catalogue: OptionCatalogue) throws(Failure) {
    var edited = ArgumentList()
    let place = FilePlace(file: file)
    if let text = edit.optionText {
      if catalogue[edit.option]?.isFlag == true {
        if text == "true" { edited.append(edit.option, nil, at: place) }
      } else if catalogue[edit.option]?.isRepeating == true {
        for value in ConfigurationKey.split(text) { edited.append(edit.option, value, at: place) }
      } else if catalogue[edit.option] != nil {
        edited.append(edit.option, text, at: place)
      } else {
        throw Failure("\(file): there is no option for the key \"\(edit.name)\"; leave it out.", .data)
      }
    }
    list.remove([edit.option])
    list = list.overridden(by: edited, catalogue, displacing: ExpandedCommandLine.displaced)
  }

  private func note(on edit: ConfigurationKey, before: String?) -> String? {
    guard edit.text != nil || list.contains(edit.option) || before != nil else { return nil }
    let text = edit.text.map { $0.isEmpty ? "empty" : $0 } ?? "missing"
    return "\(file): \"\(edit.name)\" was edited; it is \(text), was \(before ?? "nothing")."
  }

  /// The file, and whether it stands for a whole path over γ.
  private static func file(at path: String) -> (file: String, isWholePath: Bool) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
      return (path, false)
    }
    let home = RunDirectory.trimmed(path)
    let first = RecordedCommand.firstOfPath(in: home)
    return ("\(first ?? home)/\(RunDirectory.File.configuration.rawValue)", first != nil)
  }

  /// The keys of the configuration that a list of arguments leads to.
  private static func texts(
    _ list: ArgumentList, _ file: String, _ like: RunConfiguration
  ) throws -> [String: String?] {
    let parsed: TuneCommand?
    do {
      parsed = try EBTune.tuneCommand(list.words)
    } catch {
      throw Failure("\(file): \(EBTune.sentence(of: error, about: list.words))", .data)
    }
    guard let command = parsed else {
      throw Failure("\(file): its command line is not that of a tuning run of this version.", .data)
    }
    let expected: RunConfiguration
    do {
      expected = try RunConfiguration(expectedOf: command, like: like)
    } catch {
      throw Failure("\(file): \(Failure(error)?.sentence ?? "\(error)")", .data)
    }
    let keys = ConfigurationKey.all(of: expected, gamma: command.tuning.gamma.values)
    return Dictionary(keys.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
  }

  /// A relative path as it is from `directory`. A run may have been moved with its data.
  private static func path(_ path: String, of configuration: RunConfiguration, in directory: String) -> String {
    guard let home = configuration.workingDirectory, home != directory else { return path }
    let there = RelativePath.resolved(path, in: home)
    let files = FileManager.default
    return !files.fileExists(atPath: there) && files.fileExists(atPath: path) ? path : there
  }
}
