import LogDensities

/// A maximum over the coordinates of λ by steps along one coordinate after the other, which grow where they go up and halve where
/// they do not. Slow, without derivatives, and deterministic: for references.
public struct CoordinateSearch: Sendable {
  /// The first step of every coordinate.
  public var step = 0.5
  /// The search ends where no step this long goes up.
  public var shortest = 1e-7

  /// The default search.
  public init() {}

  /// The highest λ that is found, within the bounds of its coordinates, and its height. A height of −∞ or NaN is never higher.
  public func maximum(
    from start: Hyperparameters, of height: (Hyperparameters) -> Double
  ) -> (lambda: Hyperparameters, height: Double) {
    var (best, top) = (start, height(start))
    var steps = start.coordinates.map { _ in step }
    while let longest = steps.max(), longest > shortest {
      for index in steps.indices {
        let found = [1.0, -1.0].contains { direction in
          var free = best.free
          free[index] += direction * steps[index]
          let trial = best.moved(to: free)
          let value = height(trial)
          guard value > top else { return false }
          (best, top) = (trial, value)
          return true
        }
        steps[index] *= found ? 1.5 : 0.5
      }
    }
    return (best, top)
  }
}
