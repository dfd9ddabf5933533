import Yams

/// What is wrong with a study file: one sentence with file, line and column, what was found and what belongs there.
public enum StudyFileError: ReportableError, Sendable, Equatable {
  /// The file cannot be read.
  case unreadable(TableError)
  /// More than a study can be.
  case tooLarge(file: String)
  /// Nothing in it.
  case empty(file: String)
  /// Neither YAML nor JSON.
  case notYAML(FilePlace, problem: String, found: String?)
  /// An anchor, an alias or a tag.
  case reference(FilePlace, found: String)
  /// Lists within lists within lists.
  case tooDeep(FilePlace)
  /// A key that is there already.
  case duplicateKey(FilePlace, key: String)
  /// A key that nobody knows; the nearest first.
  case unknownKey(FilePlace, key: String, nearest: [String], allowed: String)
  /// A list where one value belongs, or the like.
  case wrongKind(FilePlace, found: String, wanted: String)

  /// 66 or 74 for a file that cannot be read, else 65.
  public var exitCode: ExitCode {
    if case .unreadable(let error) = self { return error.exitCode }
    return .data
  }

  /// One sentence for people.
  public var description: String {
    switch self {
    case .unreadable(.isDirectory(let file)): "\(file): this is a directory; a study file in YAML or JSON is needed."
    case .unreadable(let error): error.description
    case .tooLarge(let file): "\(file): the file has more than \(YAMLNode.limits.bytes >> 20) MiB; a study is a page."
    case .empty(let file): "\(file): the file is empty; keys such as data, target and features are needed."
    case .notYAML(let place, let problem, let found):
      "\(place): this is neither YAML nor JSON: \(problem)\(found.map { ", at \($0)" } ?? "")."
    case .reference(let place, let found):
      "\(place): found \"\(found)\"; a study has no anchors, aliases or tags, and text that begins with such a character"
        + " needs quotation marks."
    case .tooDeep(let place):
      "\(place): found more than \(YAMLNode.limits.levels) levels of lists and keys; a study has three."
    case .duplicateKey(let place, let key): "\(place): \"\(key)\" is given twice."
    case .unknownKey(let place, let key, let nearest, let allowed):
      "\(place): there is no key \"\(key)\"; "
        + (nearest.isEmpty ? "allowed is \(allowed)." : "did you mean \(nearest.joined(separator: " or "))?")
    case .wrongKind(let place, let found, let wanted): "\(place): found \(found) where \(wanted) belongs."
    }
  }

  /// What the parser of YAML says.
  init(_ error: YamlError, _ shield: YAMLShield, file: String) {
    switch error {
    case .scanner(_, let problem, let mark, let yaml), .parser(_, let problem, let mark, let yaml),
      .composer(_, let problem, let mark, let yaml):
      let place = FilePlace(file: file, line: mark.line, column: mark.column)
      let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
      let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
      let rest = shield.restored(String(line.unicodeScalars.dropFirst(mark.column - 1).prefix(20)))
      self =
        problem.hasPrefix("Maximum nesting level")
        ? .tooDeep(place)
        : .notYAML(
          place, problem: problem,
          found: rest.isEmpty ? "the end of the line" : rest.hasPrefix("\t") ? "a tab" : "\"\(rest)\"")
    case .duplicatedKeysInMapping(let keys, let context):
      self = .duplicateKey(
        FilePlace(file: file, line: context.mark.line, column: context.mark.column),
        key: shield.restored(keys.first ?? ""))
    case .reader(let problem, _, _, _): self = .notYAML(FilePlace(file: file), problem: problem, found: nil)
    default: self = .notYAML(FilePlace(file: file), problem: "it cannot be read", found: nil)
    }
  }
}
