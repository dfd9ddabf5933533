import LogDensities

/// The whole prior of a model: for every parameter its family, what tuning moves of it, and where it comes from.
public struct PriorSummary: Sendable, Codable, Equatable {
  /// The prior of one parameter.
  public struct Entry: Sendable, Codable, Equatable {
    /// Such as `slope[2,temperature]`.
    public var parameter: String
    /// The block that it belongs to, such as `slopes`.
    public var block: String
    /// Such as `laplace`.
    public var family: String
    /// The hyperparameters in the family's order.
    public var hyperparameters: [Hyperparameter]
    /// Who chose it, such as `default` or `--prior slopes=normal(0,2)`.
    public var source: String
  }

  /// What becomes of a hyperparameter.
  public enum Role: String, Sendable, Codable {
    /// It stays where it is.
    case fixed
    /// It is tuned by itself.
    case tuned
    /// It moves together with others.
    case tied
  }

  /// One hyperparameter of a prior, on the scale of the family itself.
  public struct Hyperparameter: Sendable, Codable, Equatable {
    /// `location`, `scale`, `shape`, `rate`, `degreesOfFreedom`, `lower` or `upper`.
    public var name: String
    /// Its value at the start.
    public var initial: Double
    /// Its tuned value; nil before tuning.
    public var tuned: Double?
    /// What becomes of it.
    public var role: Role
    /// The coordinate that it follows; nil where it is fixed.
    public var coordinate: String?
    /// The density on it (MAP-II), which for tied ones is one and the same density of their common factor; nil where there
    /// is none.
    public var hyperprior: Density?
  }

  /// A density of a scale or rate.
  public struct Density: Sendable, Codable, Equatable {
    /// `half-cauchy`, with a scale, or `log-normal`, with a location and a scale of the logarithm.
    public var family: String
    /// Its values.
    public var values: [Double]

    /// - Parameter offset: How far the hyperparameter lies from its coordinate, on the tuning scale.
    init(_ hyperprior: Hyperprior, offset: Double) {
      switch hyperprior {
      case .halfCauchyScale(let scale): (family, values) = ("half-cauchy", [scale * exponential(offset)])
      case .normal(let location, let scale): (family, values) = ("log-normal", [location + offset, scale])
      }
    }
  }

  /// One entry a parameter, in the model's order.
  public var priors: [Entry]

  /// A summary of those priors.
  public init(_ priors: [Entry]) { self.priors = priors }

  /// The priors of `export` with the roles of `start`, the λ where tuning starts.
  /// - Parameters:
  ///   - isTuned: Whether tuned values are shown.
  ///   - source: Who chose the prior of a parameter, by its name.
  public init(_ export: PriorExport, from start: Hyperparameters, isTuned: Bool, source: (String) -> String) {
    let places = Dictionary(
      start.entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var sizes = [Int](repeating: 0, count: start.coordinates.count)
    for coordinate in start.membership { if let coordinate { sizes[coordinate] += 1 } }
    priors = export.priors.map { entry in
      let hyperparameters = entry.hyperparameters.map { value in
        let place = places["\(entry.parameter).\(value.name)"]
        let coordinate = place.flatMap { start.membership[$0] }
        let offset = place.map { start.offsets[$0] } ?? 0
        return Hyperparameter(
          name: value.name, initial: value.initial, tuned: isTuned ? value.tuned : nil,
          role: coordinate.map { sizes[$0] == 1 ? .tuned : .tied } ?? .fixed,
          coordinate: coordinate.map { start.coordinates[$0].name },
          hyperprior: coordinate.flatMap { start.coordinates[$0].hyperprior }.map { Density($0, offset: offset) })
      }
      return Entry(
        parameter: entry.parameter, block: entry.block, family: entry.family, hyperparameters: hyperparameters,
        source: source(entry.parameter))
    }
  }
}

extension PriorSummary.Entry: ParameterPrior {
  /// A coordinate of its own has the parameter's name, which says nothing new.
  func isLike(_ other: PriorSummary.Entry) -> Bool {
    func anonymous(_ entry: PriorSummary.Entry) -> [PriorSummary.Hyperparameter] {
      entry.hyperparameters.map { value in
        var value = value
        if value.role == .tuned { value.coordinate = nil }
        return value
      }
    }
    return family == other.family && source == other.source && anonymous(self) == anonymous(other)
  }
}
