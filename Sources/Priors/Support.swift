import LogDensities

/// The values that a scalar parameter can have, and with them its unconstrained coordinate u.
public enum Support: Sendable, Hashable {
  /// ℝ, with u = θ.
  case real
  /// (0, ∞), with u = ln θ.
  case positive
  /// (lower, upper), with u = logit((θ − lower) / (upper − lower)).
  case interval(lower: Double, upper: Double)

  /// θ(u).
  public func value(at u: Double) -> Double {
    switch self {
    case .real: u
    case .positive: exponential(u)
    // From the nearer end, so that the distance to it keeps its digits.
    case .interval(let lower, let upper):
      u <= 0 ? lower + (upper - lower) * logistic(u) : upper - (upper - lower) * logistic(-u)
    }
  }

  /// u(θ), for a value that the parameter can have.
  public func coordinate(of theta: Double) -> Double {
    switch self {
    case .real: theta
    case .positive: logarithm(theta)
    case .interval(let lower, let upper): logarithm(theta - lower) - logarithm(upper - theta)
    }
  }

  /// Whether the parameter can have that value: a finite one, and no end of an interval.
  public func contains(_ theta: Double) -> Bool {
    switch self {
    case .real: theta.isFinite
    case .positive: theta > 0 && theta.isFinite
    case .interval(let lower, let upper): theta > lower && theta < upper
    }
  }

  /// Whether all values of `other` are among these.
  public func includes(_ other: Support) -> Bool {
    switch (self, other) {
    case (.real, _), (.positive, .positive): true
    case (.positive, .interval(let lower, _)): lower >= 0
    case (.interval(let lower, let upper), .interval(let low, let high)): lower <= low && high <= upper
    case (.positive, .real), (.interval, .real), (.interval, .positive): false
    }
  }

  /// dθ/du.
  public func slope(at u: Double) -> Double {
    switch self {
    case .real: 1
    case .positive: exponential(u)
    case .interval(let lower, let upper): (upper - lower) * logistic(u) * logistic(-u)
    }
  }

  /// ln |dθ/du|: what the density of u adds to the density of θ.
  public func logJacobian(at u: Double) -> Double {
    switch self {
    case .real: 0
    case .positive: u
    case .interval(let lower, let upper):
      logarithm(upper - lower) - abs(u) - 2 * logarithmOnePlus(exponential(-abs(u)))
    }
  }

  /// d ln |dθ/du| / du.
  public func logJacobianDerivative(at u: Double) -> Double {
    switch self {
    case .real: 0
    case .positive: 1
    case .interval: logistic(-u) - logistic(u)
    }
  }
}

extension Support: CustomStringConvertible {
  /// Such as `(0, ∞)`.
  public var description: String {
    switch self {
    case .real: "all real numbers"
    case .positive: "(0, ∞)"
    case .interval(let lower, let upper): "(\(lower), \(upper))"
    }
  }
}

extension Support: Codable {
  private struct Ends: Codable {
    let lower: Double
    let upper: Double
  }

  /// `"real"`, `"positive"`, or an object with `lower` and `upper`.
  public init(from decoder: any Decoder) throws {
    if let ends = try? Ends(from: decoder) {
      self = .interval(lower: ends.lower, upper: ends.upper)
      return
    }
    let container = try decoder.singleValueContainer()
    switch try container.decode(String.self) {
    case "real": self = .real
    case "positive": self = .positive
    case let name: throw DecodingError.dataCorruptedError(in: container, debugDescription: "There is no support \(name).")
    }
  }

  /// As it is read.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .interval(let lower, let upper): try Ends(lower: lower, upper: upper).encode(to: encoder)
    case .real, .positive:
      var container = encoder.singleValueContainer()
      try container.encode(self == .real ? "real" : "positive")
    }
  }
}
