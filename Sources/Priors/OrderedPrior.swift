import LogDensities

/// A product prior restricted to θ_1 ≤ … ≤ θ_M for some of its coordinates: Π p(θ_i | λ_i) 1[ordered] / Z(λ).
///
/// The restriction's normaliser depends on λ wherever the ordered parameters do not share one prior, so the score has
/// −∇ ln Z; without it tuning is biased.
public struct OrderedPrior: Prior {
  /// The prior without its restriction.
  public let base: ProductPrior
  /// The coordinates that are ordered, in their order.
  public let members: [Int]
  /// ln Z(λ) and its derivatives.
  public let normaliser: OrderingNormaliser
  private let entries: [[Int]]

  /// The prior of `layout` at λ (values on the tuning scale) with the coordinates `members` in ascending order.
  /// - Throws: `ModelError` where a hyperparameter is out of its range or the ordered parameters differ in support.
  public init(_ layout: PriorLayout, ordered members: [Int], at lambda: [Double]) throws(ModelError) {
    guard Set(members.map { layout.supports[$0] }).count <= 1 else {
      throw .invalid("Ordered parameters need priors with one support.")
    }
    base = try ProductPrior(layout, at: lambda)
    self.members = members
    entries = members.map { layout.entries[$0] }
    let priors = base.priors
    normaliser = OrderingNormaliser(members.map { priors[$0] })
    guard normaliser.logProbability.isFinite else {
      throw .invalid("The priors make the requested ordering impossible: its probability is 0 in double precision.")
    }
  }

  /// The length of a position.
  public var dimension: Int { base.dimension }
  /// The number of hyperparameters.
  public var hyperparameterCount: Int { base.hyperparameterCount }

  /// Whether a position satisfies the ordering.
  public func isOrdered(_ position: Span<Double>) -> Bool {
    for (left, right) in zip(members, members.dropFirst()) where position[left] > position[right] { return false }
    return true
  }

  /// ln p(θ | λ); −∞ where θ is not in order.
  public func logDensity(at position: Span<Double>) -> Double {
    isOrdered(position) ? base.logDensity(at: position) - normaliser.logProbability : -.infinity
  }

  /// Adds the gradient and returns ln p(θ | λ); −∞ where θ is not in order.
  public func addGradient(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double {
    let value = base.addGradient(at: position, to: &gradient)
    return isOrdered(position) ? value - normaliser.logProbability : -.infinity
  }

  /// The score of the product prior minus ∇ ln Z.
  public func hyperparameterScore(at position: Span<Double>, into score: inout MutableSpan<Double>) {
    base.hyperparameterScore(at: position, into: &score)
    for (member, entry) in entries.enumerated() {
      for (lane, index) in entry.enumerated() { score[index] -= normaliser.gradient[member][lane] }
    }
  }

  /// Coordinates without ordered members have the product prior's information; ordered members add that of their sum under
  /// the ordering.
  public func information(for lambda: Hyperparameters) -> [Double] {
    var alone = base.information
    for index in entries.joined() { alone[index] = 0 }
    var result = lambda.pulledBack(alone)
    for coordinate in result.indices {
      let directions = entries.map { entry in
        var direction = HyperparameterVector.zero
        for (lane, index) in entry.enumerated() where lambda.membership[index] == coordinate { direction[lane] = 1 }
        return direction
      }
      if directions.contains(where: { $0 != .zero }) { result[coordinate] += normaliser.information(along: directions) }
    }
    return result
  }
}
