import LogDensities

/// `priors.json`: for every prior its family and hyperparameters, at the start and tuned, on the scale of the family itself
/// (scales, not their logarithms).
public struct PriorExport: Sendable, Codable, Equatable {
  /// The prior of one parameter.
  public struct Entry: Sendable, Codable, Equatable {
    /// Such as `slope[2,temperature]`.
    public var parameter: String
    /// Such as `laplace`; for a family on ln σ, the name of the family of σ.
    public var family: String
    /// The block that it belongs to, such as `slopes`.
    public var block: String
    /// The hyperparameters in the model's order.
    public var hyperparameters: [Hyperparameter]
    /// From the parameter on the model's scale to the data's units; nil in files of earlier versions.
    public var units: Units?
  }

  /// The parameter in the data's units is offset + factor · the parameter on the model's scale.
  public struct Units: Sendable, Codable, Equatable {
    /// In the parameter's unit.
    public var offset: Double
    /// Positive.
    public var factor: Double
    /// What the parameter is counted in, such as `demand per temperature`.
    public var unit: String

    /// An affine map.
    public init(offset: Double, factor: Double, unit: String) {
      self.offset = offset
      self.factor = factor
      self.unit = unit
    }

    /// Whether the model's scale is the data's.
    public var isIdentity: Bool { offset == 0 && factor == 1 }

    /// A value of the parameter, from the model's scale to the data's units.
    public func undo(_ value: Double) -> Double { offset + factor * value }
  }

  /// What data were scaled by before the model saw them: (value − location) / scale.
  public struct Scaling: Sendable, Codable, Equatable {
    /// One standardisation.
    public struct Moments: Sendable, Codable, Equatable {
      /// What is subtracted first.
      public var location: Double
      /// What is divided by then.
      public var scale: Double

      /// A standardisation.
      public init(location: Double, scale: Double) {
        self.location = location
        self.scale = scale
      }
    }

    /// Of the target.
    public var target: Moments
    /// Means and population standard deviations of the training rows, by the text of the column or formula that features
    /// standardise or centre.
    public var columns: [String: Moments]

    /// The scaling of a run.
    public init(target: Moments, columns: [String: Moments]) {
      self.target = target
      self.columns = columns
    }
  }

  /// One hyperparameter of a prior.
  public struct Hyperparameter: Sendable, Codable, Equatable {
    /// `location`, `scale`, `shape`, `rate` or `degreesOfFreedom`.
    public var name: String
    /// Its value at the start.
    public var initial: Double
    /// Its tuned value; the same as `initial` where it is fixed.
    public var tuned: Double
    /// The coordinate that it followed; nil where it is fixed.
    public var coordinate: String?
    /// Whether tuning ended at a bound of the coordinate, where the value says more about the bound than about the data.
    public var isAtBound: Bool
    /// The standard error of the coordinate on the tuning scale (for a scale, of its logarithm); nil where it is not known.
    public var standardError: Double?
    /// `initial` for the parameter in the data's units; nil where it is not known.
    public var initialInDataUnits: Double?
    /// `tuned` for the parameter in the data's units; nil where it is not known.
    public var tunedInDataUnits: Double?
  }

  /// The model, such as `cocoafuse`.
  public var model: String
  /// The weight γ of the entropy penalty.
  public var gamma: Double
  /// The iteration that the tuned values come from.
  public var bestIteration: Int
  /// One entry a prior, in the model's order.
  public var priors: [Entry]
  /// What undoes the model's scale; nil in files of earlier versions.
  public var scaling: Scaling?

  /// Collects the hyperparameters by parameter: an entry of λ is called `parameter.hyperparameter`.
  ///
  /// - Parameters:
  ///   - family: the family of a parameter's prior, by the parameter's name.
  ///   - standardErrors: one a coordinate, on the tuning scale; empty where none are known.
  public init(
    model: String, gamma: Double, bestIteration: Int, initial: Hyperparameters, tuned: Hyperparameters,
    standardErrors: [Double?] = [], family: (String) -> String
  ) {
    precondition(initial.entries == tuned.entries, "the same hyperparameters before and after")
    self.model = model
    self.gamma = gamma
    self.bestIteration = bestIteration
    priors = []
    var positions: [String: Int] = [:]
    for (index, entry) in tuned.entries.enumerated() {
      let parameter = entry.parameter
      let coordinate = tuned.membership[index]
      let hyperparameter = Hyperparameter(
        name: Self.name(of: entry.kind), initial: Self.natural(initial.values[index], entry.kind),
        tuned: Self.natural(tuned.values[index], entry.kind), coordinate: coordinate.map { tuned.coordinates[$0].name },
        isAtBound: coordinate.map { tuned.atBound.contains(tuned.coordinates[$0]) } ?? false,
        standardError: coordinate.flatMap { standardErrors.indices.contains($0) ? standardErrors[$0] : nil })
      if let position = positions[parameter] {
        priors[position].hyperparameters.append(hyperparameter)
      } else {
        positions[parameter] = priors.count
        priors.append(
          Entry(parameter: parameter, family: family(parameter), block: entry.block, hyperparameters: [hyperparameter]))
      }
    }
  }

  /// Whether the data's units are known and some parameter has another scale in the model.
  public var undoesScaling: Bool { priors.contains { $0.units.map { !$0.isIdentity } ?? false } }

  private static func name(of kind: Hyperparameters.Kind) -> String {
    switch kind {
    case .location: "location"
    case .logScale: "scale"
    case .logShape: "shape"
    case .logRate: "rate"
    case .logDegreesOfFreedom: "degreesOfFreedom"
    case .lowerBound: "lower"
    case .upperBound: "upper"
    }
  }

  private static func natural(_ value: Double, _ kind: Hyperparameters.Kind) -> Double {
    kind.isLogarithm ? exponential(value) : value
  }
}
