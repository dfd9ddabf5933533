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
    guard Set(members.map { layout.families[$0].support }).count <= 1 else {
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

  /// The information of the product prior, with the ordered parameters' share under the ordering. Where ordered
  /// parameters share an entry of λ, covariances between them are left out.
  public var information: [Double] {
    var result = base.information
    for (member, entry) in entries.enumerated() {
      let alone = base.priors[members[member]].information
      for (lane, index) in entry.enumerated() {
        result[index] += normaliser.information[member][lane] - alone[lane]
      }
    }
    return result
  }
}
