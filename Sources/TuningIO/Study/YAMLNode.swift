import Yams

/// A value of a YAML or JSON file, with its place.
struct YAMLNode: Sendable, Equatable {
  /// What there is.
  enum Content: Sendable, Equatable {
    /// Nothing: an empty value, `null` or `~`.
    case nothing
    /// Text, a number or a truth value, as it was written.
    case text(String)
    case list([YAMLNode])
    case entries([Entry])
  }

  /// A key with its value.
  struct Entry: Sendable, Equatable {
    let key: String
    let place: FilePlace
    let value: YAMLNode
  }

  let content: Content
  let place: FilePlace
}

extension YAMLNode {
  /// The most bytes of a file, and the most levels of lists and keys within each other.
  static let limits = (bytes: 1 << 20, levels: 8)

  /// The contents of the file at `path`.
  /// - Throws: `StudyFileError`.
  static func read(_ path: String) throws(StudyFileError) -> YAMLNode {
    let bytes: [UInt8]
    do throws(TableError) {
      bytes = try FileBytes.contents(of: path, atMost: limits.bytes + 1)
    } catch { throw .unreadable(error) }
    guard bytes.count <= limits.bytes else { throw .tooLarge(file: path) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notYAML(FilePlace(file: path), problem: "it is not UTF-8", found: nil)
    }
    return try parse(text, file: path)
  }

  /// The contents of a text, whose errors name `file`.
  /// - Throws: `StudyFileError`.
  static func parse(_ text: String, file: String) throws(StudyFileError) -> YAMLNode {
    let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    let shield = try YAMLShield(text.replacing("\r\n", with: "\n"), file: file)
    let root: Node?
    do {
      root = try Parser(yaml: shield.text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw StudyFileError(error, shield, file: file)
    } catch { throw .notYAML(FilePlace(file: file), problem: "it cannot be read", found: nil) }
    guard let root else { throw .empty(file: file) }
    return try YAMLNode(root, shield, file: file, level: 0)
  }

  private init(_ node: Node, _ shield: YAMLShield, file: String, level: Int) throws(StudyFileError) {
    let place = FilePlace(file: file, line: node.mark?.line, column: node.mark?.column)
    self.place = place
    guard level <= Self.limits.levels else { throw .tooDeep(place) }
    switch node {
    case .scalar(let scalar):
      let text = shield.restored(scalar.string)
      let isNothing = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(text)
      content = isNothing ? .nothing : .text(text)
    case .sequence(let sequence):
      var list: [YAMLNode] = []
      for item in sequence { list.append(try YAMLNode(item, shield, file: file, level: level + 1)) }
      content = .list(list)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        let keyPlace = FilePlace(file: file, line: key.mark?.line, column: key.mark?.column)
        guard case .scalar(let scalar) = key else {
          throw .wrongKind(keyPlace, found: "a list or keys", wanted: "the name of a key")
        }
        let name = shield.restored(scalar.string)
        if entries.contains(where: { $0.key == name }) { throw .duplicateKey(keyPlace, key: name) }
        entries.append(
          Entry(key: name, place: keyPlace, value: try YAMLNode(value, shield, file: file, level: level + 1)))
      }
      content = .entries(entries)
    case .alias: throw .reference(place, found: "*")
    }
  }
}
