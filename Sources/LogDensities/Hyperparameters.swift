/// All prior hyperparameters λ of a model, and which of them move together.
///
/// Each entry has a value on the scale that tuning works on: locations as they are, scales, shapes and rates as
/// logarithms. Bounds of intervals are as they are, and always fixed. Any other entry is fixed, tuned by itself, or tied to others: the members of a *coordinate* share one number that
/// tuning moves, and keep the differences that they had when they were tied. On log scales a tie so preserves ratios.
public struct Hyperparameters: Sendable, Codable, Equatable {
  /// What an entry is to its prior.
  public enum Kind: String, Sendable, Codable {
    /// A location, in the parameter's units.
    case location
    /// The logarithm of a scale.
    case logScale
    /// The logarithm of a shape.
    case logShape
    /// The logarithm of a rate.
    case logRate
    /// The logarithm of degrees of freedom.
    case logDegreesOfFreedom
    /// The lower end of a parameter's interval, in the parameter's units. Tuning never moves it.
    case lowerBound
    /// The upper end of a parameter's interval, in the parameter's units. Tuning never moves it.
    case upperBound

    /// Whether the value is the logarithm of the quantity that people know.
    public var isLogarithm: Bool {
      switch self {
      case .location, .lowerBound, .upperBound: false
      case .logScale, .logShape, .logRate, .logDegreesOfFreedom: true
      }
    }

    /// Whether it is an end of a parameter's interval: part of what the parameter is, which no data tell.
    public var isBound: Bool { self == .lowerBound || self == .upperBound }
  }

  /// One scalar hyperparameter.
  public struct Entry: Sendable, Codable, Equatable {
    /// Unique, such as `slope[2,temperature].scale`.
    public let name: String
    /// What the entry is to its prior.
    public let kind: Kind
    /// The block of parameters that it belongs to, such as `slopes`.
    public let block: String
    /// The parameter's name: `slope[2,wind.speed].scale` belongs to `slope[2,wind.speed]`.
    public var parameter: String { name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name }

    /// An entry of that name.
    public init(name: String, kind: Kind, block: String) {
      self.name = name
      self.kind = kind
      self.block = block
    }
  }

  /// One direction that tuning can move in.
  public struct Coordinate: Sendable, Codable, Equatable {
    /// The name that people see, such as `slopes: scale`.
    public let name: String
    /// The value of its first member, on the tuning scale.
    public internal(set) var value: Double
    /// Where tuning may move it to, inclusive.
    public var bounds: ClosedRange<Double>
    /// A density on the coordinate; the objective gains its logarithm (MAP-II).
    public var hyperprior: Hyperprior?
  }

  /// The entries in the model's order.
  public let entries: [Entry]
  /// The value of every entry, on the tuning scale (length `count`).
  public private(set) var values: [Double]
  /// The coordinates that tuning moves.
  public private(set) var coordinates: [Coordinate] = []
  /// For each entry the coordinate that it follows, nil where it is fixed (length `count`).
  public private(set) var membership: [Int?]
  /// Each entry's difference from its coordinate, 0 where it is fixed (length `count`). Moving coordinates leaves it as it is.
  public private(set) var offsets: [Double]

  /// Entries at their values, all of them fixed. The two arrays must have one length.
  public init(entries: [Entry], values: [Double]) {
    precondition(entries.count == values.count, "every hyperparameter needs one value")
    self.entries = entries
    self.values = values
    membership = Array(repeating: nil, count: entries.count)
    offsets = Array(repeating: 0, count: entries.count)
  }

  /// The number of entries.
  public var count: Int { entries.count }

  /// The values of the coordinates: the vector that an optimiser moves.
  public var free: [Double] { coordinates.map(\.value) }

  /// Makes one coordinate of the entries at `members`, which must be fixed until now; a single member is "tuned", several
  /// are "tied". The default bounds are wide; see `Coordinate.bounds`.
  public mutating func tune(
    _ members: [Int], name: String, bounds: ClosedRange<Double> = -20...20, hyperprior: Hyperprior? = nil
  ) {
    guard let first = members.first else { return }
    precondition(members.allSatisfy { membership[$0] == nil }, "an entry follows one coordinate only")
    precondition(!members.contains { entries[$0].kind.isBound }, "tuning moves no bound of an interval")
    for member in members {
      membership[member] = coordinates.count
      offsets[member] = values[member] - values[first]
    }
    coordinates.append(Coordinate(name: name, value: values[first], bounds: bounds, hyperprior: hyperprior))
  }

  /// The same hyperparameters with the coordinates at `free` (length `coordinates.count`), clamped to their bounds.
  public func moved(to free: [Double]) -> Hyperparameters {
    unclamped(
      to: zip(free, coordinates).map { value, coordinate in
        min(max(value, coordinate.bounds.lowerBound), coordinate.bounds.upperBound)
      })
  }

  /// The same without regard to bounds: for derivatives by differences.
  func unclamped(to free: [Double]) -> Hyperparameters {
    precondition(free.count == coordinates.count, "every coordinate needs one value")
    var copy = self
    for (index, value) in free.enumerated() { copy.coordinates[index].value = value }
    for (entry, coordinate) in membership.enumerated() {
      if let coordinate { copy.values[entry] = copy.coordinates[coordinate].value + offsets[entry] }
    }
    return copy
  }

  /// Whether moving the coordinates of `other` leads here: the entries follow the same coordinates at the same differences,
  /// and those that follow none are equal.
  public func isReachable(from other: Hyperparameters) -> Bool {
    guard membership == other.membership, offsets == other.offsets else { return false }
    for entry in 0..<count where membership[entry] == nil && values[entry] != other.values[entry] { return false }
    return true
  }

  /// The chain rule: a derivative in every entry (length `count`) as a derivative in every coordinate.
  public func pulledBack(_ derivative: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: coordinates.count)
    for (entry, coordinate) in membership.enumerated() {
      if let coordinate { result[coordinate] += derivative[entry] }
    }
    return result
  }

  /// ln p(λ) of the hyperpriors, up to a constant; 0 where there are none.
  public var logHyperprior: Double {
    coordinates.reduce(0) { $0 + ($1.hyperprior?.logDensity(at: $1.value) ?? 0) }
  }

  /// ∂ ln p(λ) / ∂λ for every coordinate.
  public var hyperpriorGradient: [Double] { coordinates.map { $0.hyperprior?.derivative(at: $0.value) ?? 0 } }

  /// Leaves out the densities on all coordinates.
  public mutating func dropHyperpriors() {
    for index in coordinates.indices { coordinates[index].hyperprior = nil }
  }

  /// Coordinates that lie on one of their bounds, where a value is a statement about the bound and not the data.
  public var atBound: [Coordinate] {
    coordinates.filter { $0.value <= $0.bounds.lowerBound || $0.value >= $0.bounds.upperBound }
  }
}
