/// A symmetric matrix over the hyperparameters of a scalar prior, of which there are at most three.
public struct HyperparameterCurvature: Sendable, Equatable {
  /// (0,0), (0,1), (1,1), (0,2), (1,2), (2,2), and two unused lanes: the lower triangle row by row.
  var lanes: SIMD8<Double>

  /// The matrix of one or two hyperparameters, entries not given being 0.
  public init(_ first: Double, _ mixed: Double = 0, _ second: Double = 0) {
    lanes = [first, mixed, second, 0, 0, 0, 0, 0]
  }

  /// An entry, in either order of its indices, which count from 0 to 2.
  public subscript(row: Int, column: Int) -> Double {
    get { lanes[Self.lane(row, column)] }
    set { lanes[Self.lane(row, column)] = newValue }
  }

  private static func lane(_ row: Int, _ column: Int) -> Int {
    let (low, high) = (min(row, column), max(row, column))
    return high * (high + 1) / 2 + low
  }
}
