#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities
import Priors

/// The way from an experts model's parameters, which see a standardised target and standardised features, to the units of
/// the data: θ_data = offset + factor · θ_model, one parameter at a time.
///
/// An expert's mean in the target's units is a_data + Σ_f b_data,f u_f, where u_f is the feature without its scaling: centred
/// at the training mean where it is standardised. So an intercept is the expert's mean where every standardised feature is at
/// its training mean and every other feature is 0, as the intercept of centred predictors in brms; a slope is per unit of the
/// feature; σ is in the target's units; and gates are log odds per unit of the feature.
public struct ParameterUnits: Sendable, Codable, Equatable {
  /// The way of one parameter.
  public struct Parameter: Sendable, Codable, Equatable {
    /// Such as `slope[1,temperature]`.
    public let name: String
    /// Added last, in the parameter's unit.
    public let offset: Double
    /// Multiplied first; positive.
    public let factor: Double
    /// What the parameter is counted in, such as `demand per temperature` or `log odds per hour_sin1`.
    public let unit: String

    /// An affine map; a factor that would overflow, as of the hundredth power of a large column, is taken into the range of
    /// doubles.
    public init(name: String, offset: Double = 0, factor: Double, unit: String) {
      self.name = name
      self.offset = offset
      self.factor = min(.greatestFiniteMagnitude, max(.leastNormalMagnitude, factor))
      self.unit = unit
    }

    /// Whether the model's scale is the data's.
    public var isIdentity: Bool { offset == 0 && factor == 1 }

    /// A value of the parameter, from the model's scale to the data's units.
    public func undo(_ value: Double) -> Double { offset + factor * value }
  }

  /// One entry a parameter, in the order of a position; σ itself stands where a position has ln σ.
  public let parameters: [Parameter]

  /// - Parameters:
  ///   - scaling: From the target's units to the model's.
  ///   - target: The name of the target.
  ///   - expert: The experts' features (n, without a bias).
  ///   - gate: The gate's features (g, the bias first).
  public init(
    _ architecture: ExpertArchitecture, scaling: ResponseScaling, target: String, expert: Design, gate: Design
  ) {
    let (slopes, gates) = (expert.featureScales, gate.featureScales)
    precondition(
      slopes.count == architecture.expertFeatures && gates.count == architecture.gateFeatures,
      "one scale a feature of the architecture")
    let names = architecture.parameterNames(expertFeatures: expert.featureNames, gateFeatures: gate.featureNames)
    parameters = zip(names, architecture.blocks).enumerated().map { place, parameter in
      let (name, block) = parameter
      let index = place - architecture.range(of: block).lowerBound
      switch block {
      case .intercepts: return Parameter(name: name, offset: scaling.location, factor: scaling.scale, unit: target)
      case .slopes:
        let feature = index % architecture.expertFeatures
        return Parameter(
          name: name, factor: scaling.scale / slopes[feature], unit: "\(target) per \(expert.featureNames[feature])")
      case .gate, .behaviour:
        let feature = index % architecture.gateFeatures
        let isBias = gate.hasBias && feature == 0
        return Parameter(
          name: name, factor: 1 / gates[feature],
          unit: isBias ? "log odds" : "log odds per \(gate.featureNames[feature])")
      case .noise: return Parameter(name: name, factor: scaling.scale, unit: target)
      }
    }
  }

  /// Whether nothing was scaled.
  public var isIdentity: Bool { parameters.allSatisfy(\.isIdentity) }
}

extension ScalarPrior {
  /// The prior of offset + factor · θ, in the same family. A family on (0, ∞) takes no offset, and none is applied.
  public func inUnits(of parameter: ParameterUnits.Parameter) -> ScalarPrior {
    let logFactor = log(parameter.factor)
    var values = tuningValues
    for (lane, kind) in family.hyperparameters.enumerated() {
      switch (family, kind) {
      case (.logNormal, .location): values[lane] += logFactor
      case (.logNormal, .logScale): break
      case (_, .location), (_, .lowerBound), (_, .upperBound): values[lane] = parameter.undo(values[lane])
      case (_, .logScale): values[lane] += logFactor
      case (_, .logRate): values[lane] -= logFactor
      case (_, .logShape), (_, .logDegreesOfFreedom): break
      }
    }
    return ScalarPrior(family, tuningValues: values)
  }
}

extension ResponseScaling {
  /// The log density of `rows` responses in their own units, less that on the model's scale: −rows · ln scale.
  public func logDensityShift(rows: Int) -> Double { -Double(rows) * log(scale) }

  /// Whether the response is taken as it is.
  public var isIdentity: Bool { self == .identity }
}
