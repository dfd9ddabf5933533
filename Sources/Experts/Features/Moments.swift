/// Mean and population standard deviation of a column's training rows.
public struct Moments: Sendable, Codable, Hashable {
  /// The mean.
  public let mean: Double
  /// The square root of the mean squared deviation (divided by the number of rows).
  public let standardDeviation: Double

  /// The moments of `values`, by two passes; both are 0 where there are no values.
  public init(of values: [Double]) {
    guard !values.isEmpty else {
      mean = 0
      standardDeviation = 0
      return
    }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardDeviation = (sum / count).squareRoot()
  }

  /// The moments of values that can be squared and summed: their largest is 0 or between 1e-100 and 1e100.
  /// - Throws: `DesignError.outOfRange` for others, `.noRows` for none.
  static func checked(_ values: [Double], name: String) throws(DesignError) -> Moments {
    guard !values.isEmpty else { throw .noRows }
    let magnitude = values.reduce(0) { max($0, abs($1)) }
    guard magnitude == 0 || (1e-100...1e100).contains(magnitude) else {
      throw .outOfRange(name: name, magnitude: magnitude)
    }
    return Moments(of: values)
  }

  /// Whether the column did not vary but for rounding. `magnitude` is the size of the terms it was computed from.
  func isConstant(magnitude: Double) -> Bool { !(standardDeviation > 1e-12 * magnitude) }
}

/// The affine map between a response in its own units and the one that a model sees: z = (y − location) / scale.
///
/// By default a response is standardised, because the default priors assume unit scale.
public struct ResponseScaling: Sendable, Codable, Hashable {
  /// What is subtracted first, in the response's units.
  public let location: Double
  /// What is divided by then, in the response's units; positive.
  public let scale: Double

  /// z = (y − location) / scale for a finite location and a positive finite scale.
  public init(location: Double, scale: Double) {
    precondition(location.isFinite && scale.isFinite && scale > 0, "a scaling needs a positive finite scale")
    self.location = location
    self.scale = scale
  }

  /// The response as it is.
  public static let identity = ResponseScaling(location: 0, scale: 1)

  /// To mean 0 and population standard deviation 1 over these training rows.
  /// - Throws: `DesignError` where the response does not vary or is too large or small to standardise.
  public static func standardizing(_ values: [Double], name: String) throws(DesignError) -> ResponseScaling {
    let moments = try Moments.checked(values, name: name)
    let magnitude = values.reduce(0) { max($0, abs($1)) }
    guard !moments.isConstant(magnitude: magnitude) else {
      throw .constantResponse(name: name, value: values.first ?? 0)
    }
    return ResponseScaling(location: moments.mean, scale: moments.standardDeviation)
  }

  /// From the response's units to the model's.
  public func apply(_ y: Double) -> Double { (y - location) / scale }

  /// From the model's units to the response's.
  public func undo(_ z: Double) -> Double { location + scale * z }

  /// From the response's units to the model's.
  public func apply(_ values: [Double]) -> [Double] { values.map(apply) }

  /// From the model's units to the response's.
  public func undo(_ values: [Double]) -> [Double] { values.map(undo) }
}
