import LogDensities

/// A prior p(θ | λ) of a whole position at one value of λ, normalised in θ for every λ.
///
/// What a user's own prior has to know. Positions are unconstrained coordinates; densities are those of θ, without
/// the Jacobian.
public protocol Prior: Sendable {
  /// The length of a position.
  var dimension: Int { get }
  /// The number of hyperparameters.
  var hyperparameterCount: Int { get }

  /// ln p(θ | λ).
  func logDensity(at position: Span<Double>) -> Double
  /// Adds ∂ ln p(θ | λ) / ∂position to `gradient` (length `dimension`) and returns ln p(θ | λ).
  func addGradient(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double
  /// ∂ ln p(θ | λ) / ∂λ on the tuning scale, replacing what `score` (length `hyperparameterCount`) holds.
  func hyperparameterScore(at position: Span<Double>, into score: inout MutableSpan<Double>)
  /// The expected information E[−∂² ln p / ∂c²] of every coordinate c of λ (length `lambda.coordinates.count`): the variance
  /// under the prior of the summed scores of the coordinate's members. `lambda` says which entries move together; the
  /// values are the prior's own.
  func information(for lambda: Hyperparameters) -> [Double]
}

/// Which family the prior of every coordinate of a position has, and where in λ its hyperparameters stand.
///
/// Coordinates may share entries of λ; then scores and information add up.
public struct PriorLayout: Sendable, Equatable {
  /// The families, one a coordinate.
  public let families: [PriorFamily]
  /// The entries of λ of each coordinate, in the family's order.
  public let entries: [[Int]]
  /// The names of the coordinates, for errors.
  public let names: [String]
  /// The values that each coordinate's parameter can have. Bounds are never tuned, so these hold for every λ.
  public let supports: [Support]

  /// A layout; every coordinate needs as many entries as its family has hyperparameters.
  /// - Parameter supports: One a coordinate; nil where no family has bounds of its own.
  public init(families: [PriorFamily], entries: [[Int]], names: [String], supports: [Support]? = nil) {
    precondition(families.count == entries.count && names.count == entries.count, "one family a coordinate")
    for (family, entry) in zip(families, entries) {
      precondition(family.hyperparameters.count == entry.count, "one entry of λ for each hyperparameter of a family")
    }
    self.families = families
    self.entries = entries
    self.names = names
    let own = supports ?? families.compactMap(\.support)
    precondition(own.count == families.count, "one support a coordinate, given where a family has bounds of its own")
    self.supports = own
  }

  /// θ of a position.
  public func constrained(_ position: Span<Double>) -> [Double] {
    supports.indices.map { supports[$0].value(at: position[$0]) }
  }

  /// Whether λ, on the tuning scale, has a prior: every location is finite, every scale, shape, rate and number of degrees of
  /// freedom finite and positive, and bounds are those of the layout.
  public func isInRange(_ lambda: [Double]) -> Bool {
    for index in families.indices {
      for (kind, entry) in zip(families[index].hyperparameters, entries[index]) {
        let value = kind.isLogarithm ? Priors.exponential(lambda[entry]) : lambda[entry]
        guard value.isFinite && (!kind.isLogarithm || value.isNormal && (1 / value).isFinite) else { return false }
      }
      guard families[index].support != nil || hasPrior(index, at: lambda) else { return false }
    }
    return true
  }

  private func hasPrior(_ index: Int, at lambda: [Double]) -> Bool {
    (try? prior(index, at: lambda).validate(name: names[index], support: supports[index])) != nil
  }

  /// The prior of coordinate `index` where λ has the given values on the tuning scale.
  public func prior(_ index: Int, at lambda: [Double]) -> ScalarPrior {
    var values = HyperparameterVector.zero
    for (lane, entry) in entries[index].enumerated() { values[lane] = lambda[entry] }
    return ScalarPrior(families[index], tuningValues: values)
  }
}
