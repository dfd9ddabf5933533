/// The long options of a command: what it takes to read its command line as a list, and to write one.
public struct OptionCatalogue: Sendable, Equatable {
  /// One option.
  public struct Option: Sendable, Equatable {
    /// The long name without its dashes.
    public let name: String
    /// The short name without its dash, or nil.
    public let short: Character?
    /// Whether it takes no value.
    public let isFlag: Bool
    /// Whether it may be given more than once, each time meaning something.
    public let isRepeating: Bool
    /// Whether the word after it is its value even where that begins with a dash.
    public let takesDashes: Bool

    /// An option.
    public init(
      _ name: String, short: Character? = nil, isFlag: Bool = false, isRepeating: Bool = false,
      takesDashes: Bool = false
    ) {
      self.name = name
      self.short = short
      self.isFlag = isFlag
      self.isRepeating = isRepeating
      self.takesDashes = takesDashes
    }
  }

  /// In the order of the help.
  public let options: [Option]
  private let places: [String: Int]

  /// The options in the order of the help; of several with one name the first counts.
  public init(_ options: [Option]) {
    var places: [String: Int] = [:]
    var kept: [Option] = []
    for option in options where places[option.name] == nil {
      places[option.name] = kept.count
      kept.append(option)
    }
    self.options = kept
    self.places = places
  }

  /// The long names, without dashes.
  public var names: [String] { options.map(\.name) }

  /// The option of that long name.
  public subscript(name: String) -> Option? { places[name].map { options[$0] } }

  /// The option of that short name.
  public func option(short: Character) -> Option? { options.first { $0.short == short } }

  /// The catalogue without some of its options.
  public func without(_ names: Set<String>) -> OptionCatalogue {
    OptionCatalogue(options.filter { !names.contains($0.name) })
  }

  /// The options of both; those of this catalogue first.
  public func union(_ other: OptionCatalogue) -> OptionCatalogue { OptionCatalogue(options + other.options) }
}
