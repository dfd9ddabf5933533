#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A hyperparameter of a covariance function: its value, its bounds, and whether a fit may move it. All but locations are
/// positive.
public struct KernelParameter: Sendable, Codable, Equatable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The scale on which a fit or a sampler moves a hyperparameter.
  public enum Scale: String, Sendable, Codable {
    /// Its logarithm, for positive numbers such as variances and lengths.
    case logarithmic
    /// Itself, for locations.
    case linear
  }

  /// Where none are given, 1e-5 … 1e5, as in scikit-learn.
  public static let standardBounds = 1e-5...1e5
  /// Where none are given for a location.
  public static let standardLocationBounds = -1e5...1e5

  /// The value; a fit works with its logarithm, or with a location itself.
  public var value: Double
  /// The smallest value that a fit may choose.
  public var lower: Double
  /// The largest value that a fit may choose.
  public var upper: Double
  /// Whether a fit leaves the value as it is.
  public var isFixed: Bool
  /// The scale on which it moves.
  public var scale: Scale

  /// A free positive hyperparameter.
  public init(_ value: Double, in bounds: ClosedRange<Double> = standardBounds) {
    self.init(value, in: bounds, scale: .logarithmic)
  }

  private init(_ value: Double, in bounds: ClosedRange<Double>, scale: Scale) {
    self.value = value
    lower = bounds.lowerBound
    upper = bounds.upperBound
    isFixed = false
    self.scale = scale
  }

  /// A free positive hyperparameter within the standard bounds.
  public init(floatLiteral value: Double) { self.init(value) }

  /// A free positive hyperparameter within the standard bounds.
  public init(integerLiteral value: Int) { self.init(Double(value)) }

  /// A parameter from a file; one without a scale is positive.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    value = try container.decode(Double.self, forKey: .value)
    lower = try container.decode(Double.self, forKey: .lower)
    upper = try container.decode(Double.self, forKey: .upper)
    isFixed = try container.decode(Bool.self, forKey: .isFixed)
    scale = try container.decodeIfPresent(Scale.self, forKey: .scale) ?? .logarithmic
  }

  /// A positive hyperparameter that a fit leaves as it is.
  public static func fixed(_ value: Double) -> KernelParameter { KernelParameter(value).held }

  /// A free location, which may be any number.
  public static func location(
    _ value: Double, in bounds: ClosedRange<Double> = standardLocationBounds
  ) -> KernelParameter {
    KernelParameter(value, in: bounds, scale: .linear)
  }

  /// The same, left as it is by a fit.
  public var held: KernelParameter {
    var parameter = self
    parameter.isFixed = true
    return parameter
  }

  /// The value on the scale on which it moves.
  public var position: Double { position(of: value) }

  func position(of value: Double) -> Double { scale == .linear ? value : log(value) }
  func value(at position: Double) -> Double { scale == .linear ? position : exp(position) }

  /// What is wrong with it, as the end of a sentence; nil where nothing is.
  var complaint: String? {
    let isLocation = scale == .linear
    guard value.isFinite, isLocation || value > 0 else {
      return "is \(value); it must be a \(isLocation ? "finite" : "positive") number"
    }
    guard !isFixed else { return nil }
    guard lower.isFinite, upper.isFinite, isLocation || lower > 0, lower < upper else {
      return
        "has bounds \(lower) to \(upper); they must be \(isLocation ? "" : "positive, ")finite and in ascending order"
    }
    return value >= lower && value <= upper ? nil : "is \(value), outside its bounds \(lower) to \(upper)"
  }
}
