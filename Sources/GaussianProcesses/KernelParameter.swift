/// A positive hyperparameter of a covariance function: its value, its bounds, and whether a fit may move it.
public struct KernelParameter: Sendable, Codable, Equatable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// Where none are given, 1e-5 … 1e5, as in scikit-learn.
  public static let standardBounds = 1e-5...1e5

  /// The value; a fit works with its logarithm.
  public var value: Double
  /// The smallest value that a fit may choose.
  public var lower: Double
  /// The largest value that a fit may choose.
  public var upper: Double
  /// Whether a fit leaves the value as it is.
  public var isFixed: Bool

  /// A free hyperparameter.
  public init(_ value: Double, in bounds: ClosedRange<Double> = standardBounds) {
    self.value = value
    lower = bounds.lowerBound
    upper = bounds.upperBound
    isFixed = false
  }

  /// A free hyperparameter within the standard bounds.
  public init(floatLiteral value: Double) { self.init(value) }

  /// A free hyperparameter within the standard bounds.
  public init(integerLiteral value: Int) { self.init(Double(value)) }

  /// A hyperparameter that a fit leaves as it is.
  public static func fixed(_ value: Double) -> KernelParameter {
    var parameter = KernelParameter(value)
    parameter.isFixed = true
    return parameter
  }

  /// What is wrong with it, as the end of a sentence; nil where nothing is.
  var complaint: String? {
    guard value.isFinite, value > 0 else { return "is \(value); it must be a positive number" }
    guard !isFixed else { return nil }
    guard lower > 0, upper.isFinite, lower < upper else {
      return "has bounds \(lower) to \(upper); they must be positive, finite and in ascending order"
    }
    return value >= lower && value <= upper ? nil : "is \(value), outside its bounds \(lower) to \(upper)"
  }
}
