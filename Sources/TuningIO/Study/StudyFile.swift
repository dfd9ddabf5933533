/// A study in a YAML or JSON file: data, features, model, split and priors under names of their own, everything else under the
/// names of the options that it stands for.
public struct StudyFile: Sendable, Equatable {
  /// What a study is to one command.
  public struct Arguments: Sendable, Equatable {
    /// The options that the command takes, in the order of the file.
    public var list = ArgumentList()
    /// The keys of options that other commands take, in the order of the file.
    public var leftOut: [String] = []
  }

  private let root: YAMLNode
  /// The file as the user names it.
  public let path: String

  /// Reads the file at `path`.
  /// - Throws: `StudyFileError`.
  public init(path: String) throws(StudyFileError) {
    self.path = path
    root = try YAMLNode.read(path)
  }

  /// The study that a text holds; errors and relative paths are those of a file at `path`.
  /// - Throws: `StudyFileError`.
  public init(text: String, path: String) throws(StudyFileError) {
    self.path = path
    root = try YAMLNode.parse(text, file: path)
  }

  /// The study as arguments.
  /// - Parameters:
  ///   - command: The options of the command that runs.
  ///   - all: The options of every command that takes a study; a key that is none of them is refused.
  /// - Throws: `StudyFileError`.
  public func arguments(
    for command: OptionCatalogue, among all: OptionCatalogue
  ) throws(StudyFileError) -> Arguments {
    var reader = StudyReader(command: command, all: all)
    try reader.read(root)
    let directory = RelativePath.directory(of: path)
    reader.result.list.mapValues(of: Self.pathOptions) { RelativePath.resolved($0, in: directory) }
    return reader.result
  }

  /// Options that name files.
  public static let pathOptions: Set<String> = ["data", "test-data"]
}

/// Walks through a study, key by key.
struct StudyReader {
  /// The keys of a study that are no options.
  enum Section: String, CaseIterable {
    case features
    case split
    case priors
  }

  /// Options that take text in which commas separate terms or numbers; a list stands for them too.
  private static let joinable: Set<String> = ["expert", "gate", "gamma", "models", "degrees", "harmonics"]

  let command: OptionCatalogue
  let all: OptionCatalogue
  var result = StudyFile.Arguments()

  mutating func read(_ root: YAMLNode) throws(StudyFileError) {
    for entry in try entries(root, "keys such as data, target and features") {
      switch Section(rawValue: entry.key) {
      case .features: try readFeatures(entry)
      case .split: try readSplit(entry)
      case .priors: try readPriors(entry)
      case nil: try readOption(entry)
      }
    }
  }

  private mutating func readFeatures(_ section: YAMLNode.Entry) throws(StudyFileError) {
    for entry in try entries(section.value, "the keys expert and gate") {
      guard ["expert", "gate"].contains(entry.key) else { throw unknown(entry, among: ["expert", "gate"]) }
      add(entry.key, try terms(entry.value), entry, key: "features.\(entry.key)")
    }
  }

  private mutating func readSplit(_ section: YAMLNode.Entry) throws(StudyFileError) {
    let allowed = ["fraction", "seed", "file", "column", "after"]
    var found: [String: (entry: YAMLNode.Entry, text: String)] = [:]
    for entry in try entries(section.value, "one of fraction, file, or column with after") {
      guard allowed.contains(entry.key) else { throw unknown(entry, among: allowed) }
      found[entry.key] = (entry, try text(entry.value, "one value"))
    }
    let kinds = ["fraction", "file", "column"].filter { found[$0] != nil }
    guard kinds.count <= 1 else {
      throw .wrongKind(
        section.place, found: "both \(kinds.joined(separator: " and "))", wanted: "one way to hold rows out")
    }
    for (name, other) in [("seed", "fraction"), ("after", "column"), ("column", "after")] {
      guard let (entry, _) = found[name], found[other] == nil else { continue }
      throw .wrongKind(entry.place, found: "\(name) without \(other)", wanted: "both")
    }
    if let (entry, text) = found["fraction"] { add("test-fraction", text, entry, key: "split.fraction") }
    if let (entry, text) = found["seed"] { add("split-seed", text, entry, key: "split.seed") }
    if let (entry, text) = found["file"] { add("test-data", text, entry, key: "split.file") }
    if let (entry, column) = found["column"], let (_, after) = found["after"] {
      add("test-after", "\(column)=\(after)", entry, key: "split.column")
    }
  }

  private mutating func readPriors(_ section: YAMLNode.Entry) throws(StudyFileError) {
    for entry in try entries(section.value, "names such as slopes, each with a prior") {
      if case .text(let prior) = entry.value.content {
        add("prior", "\(entry.key)=\(prior)", entry, key: "priors")
        continue
      }
      let wanted = "a prior such as normal(0,1), or the keys prior, tuning and hyperprior"
      for detail in try entries(entry.value, wanted) {
        switch detail.key {
        case "prior":
          add("prior", "\(entry.key)=\(try text(detail.value, "a prior such as normal(0,1)"))", detail, key: "priors")
        case "hyperprior":
          let density = try text(detail.value, "a density such as half-cauchy(1), or none")
          add("hyperprior", "\(entry.key)=\(density)", detail, key: "priors")
        case "tuning": try readTuning(detail, of: entry.key)
        default: throw unknown(detail, among: ["prior", "tuning", "hyperprior"])
        }
      }
    }
  }

  private mutating func readTuning(_ entry: YAMLNode.Entry, of name: String) throws(StudyFileError) {
    let options = ["tuned": nil, "fixed": "fix", "tied": "tie", "free": "free"]
    let wanted = "tuned, fixed, tied or free"
    let word = try text(entry.value, wanted)
    guard let option = options[word] else {
      throw .wrongKind(entry.value.place, found: "\"\(word)\"", wanted: wanted)
    }
    if let option { add(option, name, entry, key: "priors") }
  }

  private mutating func readOption(_ entry: YAMLNode.Entry) throws(StudyFileError) {
    let options = all.names
    guard let known = all[entry.key] else {
      throw unknown(entry, among: options + Section.allCases.map(\.rawValue))
    }
    let option = command[entry.key] ?? known
    if option.isFlag {
      let wanted = "true or false"
      let word = try text(entry.value, wanted)
      switch word.lowercased() {
      case "true", "yes", "on": add(option.name, nil, entry, key: entry.key)
      case "false", "no", "off": break
      default: throw .wrongKind(entry.value.place, found: "\"\(word)\"", wanted: wanted)
      }
    } else if Self.joinable.contains(option.name) {
      add(option.name, try terms(entry.value), entry, key: entry.key)
    } else if option.isRepeating, case .list(let items) = entry.value.content {
      for item in items { add(option.name, try text(item, "one value"), entry, key: entry.key, at: item.place) }
    } else {
      add(option.name, try text(entry.value, "one value"), entry, key: entry.key)
    }
  }

  /// A text, or a list of texts with commas between them.
  private func terms(_ node: YAMLNode) throws(StudyFileError) -> String {
    guard case .list(let items) = node.content else { return try text(node, "one value or a list of values") }
    var texts: [String] = []
    for item in items { texts.append(try text(item, "one value")) }
    return texts.joined(separator: ",")
  }

  private func text(_ node: YAMLNode, _ wanted: String) throws(StudyFileError) -> String {
    guard case .text(let text) = node.content else { throw wrongKind(node, wanted) }
    return text
  }

  private func entries(_ node: YAMLNode, _ wanted: String) throws(StudyFileError) -> [YAMLNode.Entry] {
    guard case .entries(let entries) = node.content else { throw wrongKind(node, wanted) }
    return entries
  }

  private func wrongKind(_ node: YAMLNode, _ wanted: String) -> StudyFileError {
    let found =
      switch node.content {
      case .nothing: "nothing"
      case .text(let text): "\"\(text.prefix(40))\""
      case .list: "a list"
      case .entries: "keys with values"
      }
    return .wrongKind(node.place, found: found, wanted: wanted)
  }

  private func unknown(_ entry: YAMLNode.Entry, among names: [String]) -> StudyFileError {
    .unknownKey(
      entry.place, key: entry.key, nearest: NearestNames.suggestions(for: entry.key, among: names),
      allowed: names.joined(separator: ", "))
  }

  /// Adds an option where the command takes it.
  private mutating func add(
    _ name: String, _ value: String?, _ entry: YAMLNode.Entry, key: String, at place: FilePlace? = nil
  ) {
    if command[name] != nil {
      result.list.append(name, value, at: place ?? entry.value.place)
    } else if !result.leftOut.contains(key) {
      result.leftOut.append(key)
    }
  }
}
