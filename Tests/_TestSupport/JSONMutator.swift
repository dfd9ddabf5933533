import Foundation

/// JSON that stays JSON, with values that no program wrote: what lies behind a right checksum may still be insane.
public indirect enum JSONTree: Sendable, Equatable {
  /// A number as written, a string with its quotation marks, `true`, `false` or `null`.
  case leaf(String)
  /// An array.
  case list([JSONTree])
  /// An object; its keys in any order, and perhaps twice.
  case object([(key: String, value: JSONTree)])

  /// Whether both have the same text.
  public static func == (one: JSONTree, other: JSONTree) -> Bool { one.text == other.text }

  /// The value of a JSON text.
  /// - Throws: `DecodingError` where it is none.
  public init(_ text: String) throws { self = try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8)) }

  /// The text again.
  public var text: String {
    switch self {
    case .leaf(let text): text
    case .list(let list): "[" + list.map(\.text).joined(separator: ",") + "]"
    case .object(let entries):
      "{" + entries.map { "\(Self.quoted($0.key)):\($0.value.text)" }.joined(separator: ",") + "}"
    }
  }

  /// All nodes, this one too.
  public var count: Int {
    switch self {
    case .leaf: 1
    case .list(let list): list.reduce(1) { $0 + $1.count }
    case .object(let entries): entries.reduce(1) { $0 + $1.value.count }
    }
  }
}

extension JSONTree: Decodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Any JSON value.
  public init(from decoder: any Decoder) throws {
    if let object = try? decoder.container(keyedBy: Key.self) {
      self = .object(
        try object.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
          (key: $0.stringValue, value: try object.decode(JSONTree.self, forKey: $0))
        })
    } else if var list = try? decoder.unkeyedContainer() {
      var values: [JSONTree] = []
      while !list.isAtEnd { values.append(try list.decode(JSONTree.self)) }
      self = .list(values)
    } else {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .leaf("null")
      } else if let bool = try? value.decode(Bool.self) {
        self = .leaf("\(bool)")
      } else if let int = try? value.decode(Int.self) {
        self = .leaf("\(int)")
      } else if let double = try? value.decode(Double.self) {
        self = .leaf("\(double)")
      } else {
        self = .leaf(Self.quoted(try value.decode(String.self)))
      }
    }
  }

  fileprivate static func quoted(_ text: String) -> String {
    (try? String(decoding: JSONEncoder().encode(text), as: UTF8.self)) ?? "\"\""
  }
}

extension Mutator {
  /// What a value may be replaced by.
  private static let values = [
    "0", "-1", "1", "2", "3", "7", "0.5", "1e308", "-1e308", "1e-320", "1e18", "4294967296", "4294967295",
    "9223372036854775807",
    "-9223372036854775808", "9007199254740993", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"\"", "\"x\"", "null",
    "true", "false",
    "[]", "{}", "[0]", "[[0]]", "1e400", "1000", "65536",
  ]

  /// `tree` with a few of its values changed, lists cut or drawn out, and keys lost.
  public mutating func mutated(_ tree: JSONTree) -> JSONTree {
    var tree = tree
    for _ in 0..<choice([1, 1, 1, 1, 2, 4]) {
      // Half of the places evenly over all numbers, half evenly over the levels: single settings are few beside long lists.
      if next(below: 2) == 0 {
        mutate(&tree, at: next(below: tree.count))
      } else {
        descend(&tree)
      }
    }
    return tree
  }

  /// Changes the node number `place`, counted in the order of the text.
  private mutating func mutate(_ tree: inout JSONTree, at place: Int) {
    guard place > 0 else { return replace(&tree) }
    var rest = place - 1
    switch tree {
    case .leaf: return
    case .list(var list):
      for index in list.indices {
        let count = list[index].count
        if rest < count {
          mutate(&list[index], at: rest)
          break
        }
        rest -= count
      }
      tree = .list(list)
    case .object(var entries):
      for index in entries.indices {
        let count = entries[index].value.count
        if rest < count {
          mutate(&entries[index].value, at: rest)
          break
        }
        rest -= count
      }
      tree = .object(entries)
    }
  }

  private mutating func descend(_ tree: inout JSONTree) {
    switch tree {
    case .list(var list) where !list.isEmpty && next(below: 6) > 0:
      descend(&list[next(below: list.count)])
      tree = .list(list)
    case .object(var entries) where !entries.isEmpty && next(below: 8) > 0:
      descend(&entries[next(below: entries.count)].value)
      tree = .object(entries)
    default: replace(&tree)
    }
  }

  private mutating func replace(_ tree: inout JSONTree) {
    switch tree {
    case .list(var list) where !list.isEmpty && next(below: 8) > 0:
      let index = next(below: list.count)
      switch next(below: 6) {
      case 0: list.remove(at: index)
      case 1: list.insert(list[index], at: index)
      case 2: list = Array(list.prefix(index))
      case 3: list += list
      case 4: list.swapAt(index, next(below: list.count))
      default: list.append(.leaf(choice(Self.values)))
      }
      tree = .list(list)
    case .object(var entries) where !entries.isEmpty && next(below: 8) > 0:
      let index = next(below: entries.count)
      switch next(below: 4) {
      case 0: entries.remove(at: index)
      case 1: entries[index].value = entries[next(below: entries.count)].value
      case 2: entries.append((key: entries[index].key, value: .leaf(choice(Self.values))))
      default: entries[index] = (key: entries[next(below: entries.count)].key, value: entries[index].value)
      }
      tree = .object(entries)
    default: tree = .leaf(choice(Self.values))
    }
  }
}
