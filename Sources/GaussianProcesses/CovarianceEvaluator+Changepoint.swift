#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension CovarianceEvaluator {
  /// z, s(z) and s(−z) = 1 − s(z) of every row. Beyond |z| = 1e6, where both are 0 or 1, z is cut off, so that products with it
  /// stay finite.
  func fill(_ passage: CovarianceProgram.Passage, _ column: [Double]) {
    let (location, width) = (values[passage.firstParameter], values[passage.firstParameter + 1])
    let (arguments, above, below) = (
      scaledColumn(passage.firstScaled), scaledColumn(passage.firstScaled + 1), scaledColumn(passage.firstScaled + 2)
    )
    for row in 0..<rows {
      let z = min(max((column[row] - location) / width, -1e6), 1e6)
      (arguments + row).initialize(to: z)
      (above + row).initialize(to: 1 / (1 + exp(-z)))
      (below + row).initialize(to: 1 / (1 + exp(z)))
    }
  }

  /// k = (1 − s)(1 − s′) k₁ + s s′ k₂.
  func join(
    _ passage: CovarianceProgram.Passage, _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>,
    from start: Int, count: Int, into result: UnsafeMutablePointer<Double>
  ) {
    let (above, below) = (
      scaledColumn(passage.firstScaled + 1) + start, scaledColumn(passage.firstScaled + 2) + start
    )
    let (pointAbove, pointBelow) = (pointEntry(passage.firstScaled + 1), pointEntry(passage.firstScaled + 2))
    for row in 0..<count {
      result[row] = below[row] * pointBelow * first[row] + above[row] * pointAbove * second[row]
    }
  }

  /// With ds/dz = s (1 − s): ∂k/∂z = s (1 − s) (s′ k₂ − (1 − s′) k₁), likewise for z′; ∂z/∂x₀ = −1/w and ∂z/∂ln w = −z.
  func addGradient(
    _ passage: CovarianceProgram.Passage, _ index: Int, _ left: Int, _ right: Int, from start: Int, count: Int,
    to gradient: inout [Double]
  ) {
    let (adjoint, first, second) = (nodeAdjoints(index), nodeValues(left), nodeValues(right))
    let (toFirst, toSecond) = (nodeAdjoints(left), nodeAdjoints(right))
    let scaled = passage.firstScaled
    let (arguments, above, below) = (
      scaledColumn(scaled) + start, scaledColumn(scaled + 1) + start, scaledColumn(scaled + 2) + start
    )
    let (argument, pointAbove, pointBelow) = (pointEntry(scaled), pointEntry(scaled + 1), pointEntry(scaled + 2))
    var (shift, stretch) = (0.0, 0.0)
    for row in 0..<count {
      let own = above[row] * below[row] * (pointAbove * second[row] - pointBelow * first[row])
      let other = pointAbove * pointBelow * (above[row] * second[row] - below[row] * first[row])
      shift += adjoint[row] * (own + other)
      stretch += adjoint[row] * (arguments[row] * own + argument * other)
      toFirst[row] = adjoint[row] * below[row] * pointBelow
      toSecond[row] = adjoint[row] * above[row] * pointAbove
    }
    gradient[passage.firstParameter] -= shift / values[passage.firstParameter + 1]
    gradient[passage.firstParameter + 1] -= stretch
  }
}
