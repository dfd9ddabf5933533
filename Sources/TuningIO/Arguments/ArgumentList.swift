/// The words of a command line as options with their values: a value that can be searched, changed and merged.
public struct ArgumentList: Sendable, Equatable {
  /// An option, or a word that belongs to none.
  public enum Argument: Sendable, Equatable {
    /// A long option without its dashes; a flag has no value.
    case option(String, value: String?)
    /// An operand, or something that the catalogue does not know; the parser of the command line judges it.
    case word(String)
  }

  /// An argument and where it was found.
  public struct Item: Sendable, Equatable {
    /// The argument.
    public var argument: Argument
    /// The place in the file that says it; nil for one that was typed.
    public var place: FilePlace?

    /// The option's name; nil for a word.
    public var name: String? {
      guard case .option(let name, _) = argument else { return nil }
      return name
    }

    /// The option's value.
    public var value: String? {
      guard case .option(_, let value) = argument else { return nil }
      return value
    }
  }

  /// In their order.
  public var items: [Item]

  /// A list of nothing.
  public init() { items = [] }

  /// The list that `words` are to a command with the options of `catalogue`.
  public init(parsing words: some Sequence<String>, _ catalogue: OptionCatalogue) {
    items = []
    var rest = Array(words)[...]
    while let word = rest.popFirst() {
      if word == "--" {
        items += ([word] + rest).map { Item(argument: .word($0)) }
        return
      }
      items.append(Item(argument: Self.argument(word, &rest, catalogue)))
    }
  }

  private static func argument(
    _ word: String, _ rest: inout ArraySlice<String>, _ catalogue: OptionCatalogue
  ) -> Argument {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let option = option(parts.first ?? "", catalogue) else { return .word(word) }
    if option.isFlag { return parts.count == 1 ? .option(option.name, value: nil) : .word(word) }
    if parts.count == 2 { return .option(option.name, value: parts[1]) }
    guard let next = rest.first, option.takesDashes || !next.hasPrefix("-") || next == "-" else { return .word(word) }
    rest.removeFirst()
    return .option(option.name, value: next)
  }

  private static func option(_ word: String, _ catalogue: OptionCatalogue) -> OptionCatalogue.Option? {
    if word.hasPrefix("--") { return catalogue[String(word.dropFirst(2))] }
    guard word.count == 2, word.hasPrefix("-"), let short = word.last else { return nil }
    return catalogue.option(short: short)
  }

  /// The words of the list, each option by its long name.
  public var words: [String] {
    items.flatMap { item -> [String] in
      switch item.argument {
      case .word(let word): [word]
      case .option(let name, nil): ["--\(name)"]
      case .option(let name, let value?): value.hasPrefix("-") ? ["--\(name)=\(value)"] : ["--\(name)", value]
      }
    }
  }

  /// The values that an option has, in their order.
  public func values(of name: String) -> [String] { items.filter { $0.name == name }.compactMap(\.value) }

  /// Whether the option or flag is there.
  public func contains(_ name: String) -> Bool { items.contains { $0.name == name } }

  /// Adds an option or, without a value, a flag.
  public mutating func append(_ name: String, _ value: String?, at place: FilePlace? = nil) {
    items.append(Item(argument: .option(name, value: value), place: place))
  }

  /// Removes the options whose names are so; the names, each once, in their order.
  public mutating func removeAll(where isUnwanted: (String) -> Bool) -> [String] {
    var removed: [String] = []
    items.removeAll { item in
      guard let name = item.name, isUnwanted(name) else { return false }
      if !removed.contains(name) { removed.append(name) }
      return true
    }
    return removed
  }

  /// Removes all options of those names.
  public mutating func remove(_ names: Set<String>) {
    items.removeAll { $0.name.map(names.contains) ?? false }
  }

  /// Changes the values of some options.
  public mutating func mapValues(of names: Set<String>, _ transform: (String) throws -> String) rethrows {
    for index in items.indices {
      guard case .option(let name, let value?) = items[index].argument, names.contains(name) else { continue }
      items[index].argument = .option(name, value: try transform(value))
    }
  }

  /// This list with `other` after it, which wins: an option that takes one value is replaced, one that repeats is added to,
  /// and what cannot stand beside an option of `other` goes.
  /// - Parameter displacing: For an option of `other`, with its value here and there, the options of this list that cannot
  ///   stand beside it.
  public func overridden(
    by other: ArgumentList, _ catalogue: OptionCatalogue,
    displacing: (_ name: String, _ before: String?, _ after: String?) -> Set<String> = { _, _, _ in [] }
  ) -> ArgumentList {
    var result = self
    for item in other.items {
      guard let name = item.name else { continue }
      var gone = displacing(name, values(of: name).last, item.value)
      if catalogue[name]?.isRepeating != true { gone.insert(name) }
      result.remove(gone)
    }
    result.items += other.items
    return result
  }
}
