import LogDensities

/// ln Z(λ) of an ordering (see `OrderingNormaliser`) as a function of the coordinates of λ.
public struct OrderingVariation: Sendable {
  private let layout: PriorLayout
  private let members: [Int]

  /// The ordering of the coordinates `members` of positions, of one support, in ascending order.
  public init(_ layout: PriorLayout, ordered members: [Int]) {
    self.layout = layout
    self.members = members
  }

  /// Whether ln Z changes as the coordinates of `lambda` move. It does not where none moves an ordered parameter, and where
  /// all ordered parameters have one prior and keep it: then Z = 1/M!.
  public func depends(on lambda: Hyperparameters) -> Bool {
    guard let first = members.first else { return false }
    let entries = members.map { layout.entries[$0] }
    guard entries.joined().contains(where: { lambda.membership[$0] != nil }) else { return false }
    let shared = layout.entries[first]
    for (member, entry) in zip(members, entries) {
      guard layout.families[member] == layout.families[first] else { return true }
      for (own, other) in zip(entry, shared) {
        guard lambda.membership[own] == lambda.membership[other], lambda.values[own] == lambda.values[other],
          lambda.offsets[own] == lambda.offsets[other]
        else { return true }
      }
    }
    return false
  }

  /// ln Z at λ.
  public func normaliser(at lambda: Hyperparameters) -> OrderingNormaliser { normaliser(at: lambda.values) }

  /// ∂ ln Z / ∂c for every coordinate of λ.
  public func gradient(of normaliser: OrderingNormaliser, for lambda: Hyperparameters) -> [Double] {
    var result = [Double](repeating: 0, count: lambda.coordinates.count)
    for (member, gradient) in zip(members, normaliser.gradient) {
      for (lane, entry) in layout.entries[member].enumerated() {
        if let coordinate = lambda.membership[entry] { result[coordinate] += gradient[lane] }
      }
    }
    return result
  }

  /// ∂² ln Z / ∂c ∂c′ by rows: central differences of the analytic gradient, two normalisers for each coordinate that moves
  /// an ordered parameter.
  public func hessian(at lambda: Hyperparameters) -> [Double] {
    let q = lambda.coordinates.count
    var result = [Double](repeating: 0, count: q * q)
    for (row, step) in steps(at: lambda) {
      let sides = [step, -step].map { difference in
        var values = lambda.values
        for entry in values.indices where lambda.membership[entry] == row { values[entry] += difference }
        return gradient(of: normaliser(at: values), for: lambda)
      }
      for column in 0..<q {
        let half = (sides[0][column] - sides[1][column]) / (4 * step)
        result[row * q + column] += half
        result[column * q + row] += half
      }
    }
    return result
  }

  private func normaliser(at values: [Double]) -> OrderingNormaliser {
    OrderingNormaliser(members.map { layout.prior($0, at: values) })
  }

  /// How far to move each coordinate that moves an ordered parameter: a location by a part of the smallest scale.
  private func steps(at lambda: Hyperparameters) -> [(coordinate: Int, step: Double)] {
    var result: [Int: Double] = [:]
    for member in members {
      let prior = layout.prior(member, at: lambda.values)
      for (lane, entry) in layout.entries[member].enumerated() {
        guard let coordinate = lambda.membership[entry] else { continue }
        let unit = prior.family.hyperparameters[lane] == .location ? prior.extent.scale : 1
        result[coordinate] = min(result[coordinate] ?? .infinity, 1e-3 * unit)
      }
    }
    return result.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
