import LogDensities

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A position with its momentum, and the log density and gradient at the position, which are so never computed twice.
///
/// The vectors are those of a slab, which must outlive the point.
struct PhasePoint {
  /// The vectors of a slab that a point takes.
  static let vectors = 4

  let dimension: Int
  /// ln π(q); −∞ where the density has no value.
  var logDensity = -Double.infinity
  /// q
  let position: Vector
  /// p, whitened: standard normal under the canonical distribution.
  let momentum: Vector
  /// ∇ ln π(q)
  let gradient: Vector
  /// Sᵀ ∇ ln π(q), what a kick adds to the momentum.
  let force: Vector

  /// The point on the vectors of `slab` from `first`.
  init(_ slab: borrowing VectorSlab, first: Int, dimension: Int) {
    self.dimension = dimension
    position = slab[first]
    momentum = slab[first + 1]
    gradient = slab[first + 2]
    force = slab[first + 3]
  }

  /// −ln π(q) + ½ |p|², with NaN read as +∞.
  var energy: Double {
    let energy = 0.5 * momentum.dot(momentum) - logDensity
    return energy.isNaN ? .infinity : energy
  }

  mutating func copy(_ other: PhasePoint) {
    logDensity = other.logDensity
    position.copy(other.position)
    momentum.copy(other.momentum)
    gradient.copy(other.gradient)
    force.copy(other.force)
  }

  /// p ~ N(0, I), by Marsaglia's polar method with both of each pair in use.
  func drawMomentum(_ stream: inout RandomStream) {
    for index in stride(from: 0, to: dimension, by: 2) {
      var (x, y, square) = (0.0, 0.0, 0.0)
      repeat {
        x = 2 * stream.uniform() - 1
        y = 2 * stream.uniform() - 1
        square = x * x + y * y
      } while square >= 1 || square == 0
      let factor = (-2 * log(square) / square).squareRoot()
      momentum.elements[index] = x * factor
      if index + 1 < dimension { momentum.elements[index + 1] = y * factor }
    }
  }

  /// Puts the log density and the gradient at the position in place.
  mutating func evaluate(_ density: any LogDensity) throws(LogDensityError) {
    let position = UnsafeBufferPointer(start: self.position.elements, count: dimension)
    let gradient = UnsafeMutableBufferPointer(start: self.gradient.elements, count: dimension)
    var span = gradient.mutableSpan
    let value = try density.evaluate(at: position.span, gradient: &span)
    // A density at +∞ would be accepted for ever; like NaN it is outside the support.
    logDensity = value.isNaN || value == .infinity ? -.infinity : value
  }
}
