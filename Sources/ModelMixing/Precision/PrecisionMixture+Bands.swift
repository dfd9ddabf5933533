import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension PrecisionMixture {
  /// The central band of a probability about the mixed mean.
  /// - Parameters:
  ///   - probability: Between 0 and 1; 0.6827 is one standard deviation to either side, 0.68 slightly less.
  ///   - observationErrors: Standard deviations of observations there (length n), for a band of new observations; nil for
  ///     a band of the mean alone.
  /// - Throws: `MixingError` for another probability or another length.
  public func band(
    probability: Double, observationErrors: [Double]? = nil
  ) throws(MixingError) -> CredibleBand {
    guard probability > 0, probability < 1 else {
      throw .invalid("A band's probability must lie between 0 and 1, not \(probability).")
    }
    return try band(
      deviations: standardNormalQuantile(0.5 + 0.5 * probability), observationErrors: observationErrors)
  }

  /// The band of `deviations` standard deviations to either side of the mixed mean; one is what Taweret calls 68 %.
  /// - Parameter observationErrors: As in `band(probability:observationErrors:)`.
  /// - Throws: `MixingError` for another length of errors or a negative one.
  public func band(
    deviations: Double, observationErrors: [Double]? = nil
  ) throws(MixingError) -> CredibleBand {
    let widths = try predictiveDeviations(observationErrors).map { deviations * $0 }
    return CredibleBand(lower: zip(means, widths).map(-), upper: zip(means, widths).map(+))
  }

  /// ln p(y) of each row under the mixture with observation noise, N(y; mean, sd² + error²): what a held-out row scores.
  /// - Throws: `MixingError` where the data have another number of rows, or where neither mixture nor data have any error.
  public func logDensities(of data: MixingData) throws(MixingError) -> [Double] {
    try MixingError.check(data.count, "The response", expected: count)
    let deviations = try predictiveDeviations(data.responseErrors)
    if let row = deviations.firstIndex(of: 0) {
      throw .invalid("Neither the mixture nor the observation has an error in row \(row + 1), so there is no density.")
    }
    return data.response.indices.map { row in
      logNormalDensity(data.response[row], mean: means[row], deviation: deviations[row])
    }
  }

  private func predictiveDeviations(_ errors: [Double]?) throws(MixingError) -> [Double] {
    guard let errors else { return standardDeviations }
    try MixingError.check(errors, "The observation error", count: count)
    if let row = errors.firstIndex(where: { $0 < 0 }) { throw .negative(what: "The observation error", row: row) }
    return zip(standardDeviations, errors).map { hypot($0, $1) }
  }
}

/// Where a quantity lies with some probability, input by input.
public struct CredibleBand: Sendable, Codable, Equatable {
  /// The lower ends (length n).
  public let lower: [Double]
  /// The upper ends (length n).
  public let upper: [Double]
}
