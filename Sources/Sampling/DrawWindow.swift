/// Positions and gradients of consecutive draws of one chain, from which a metric is learnt.
struct DrawWindow: Sendable {
  let dimension: Int
  /// Draw by draw.
  private(set) var positions: [Double] = []
  /// Draw by draw.
  private(set) var gradients: [Double] = []

  init(dimension: Int, capacity: Int = 0) {
    self.dimension = dimension
    positions.reserveCapacity(dimension * capacity)
    gradients.reserveCapacity(dimension * capacity)
  }

  var count: Int { positions.count / max(1, dimension) }

  /// Adds the current state of the chain.
  mutating func add(_ chain: borrowing NUTS) {
    let trajectory = UnsafeBufferPointer(start: chain.trajectory.position.elements, count: dimension)
    positions.append(contentsOf: trajectory)
    gradients.append(contentsOf: UnsafeBufferPointer(start: chain.trajectory.gradient.elements, count: dimension))
  }

  /// Adds a draw.
  mutating func add(position: [Double], gradient: [Double]) {
    positions.append(contentsOf: position)
    gradients.append(contentsOf: gradient)
  }

  mutating func removeAll() {
    positions.removeAll(keepingCapacity: true)
    gradients.removeAll(keepingCapacity: true)
  }

  /// Positions less their mean, draw by draw.
  var centredPositions: [Double] { centred(positions).rows }

  /// Gradients less their mean, draw by draw, and a row more that lets the mean count a little: the true mean is 0, and
  /// gradients that do not vary, as on one side of a Laplace prior, tell of no flat direction.
  var centredGradients: [Double] {
    let (rows, mean) = centred(gradients)
    let weight = (Self.meanShare * Double(count)).squareRoot()
    return rows + mean.map { weight * $0 }
  }

  private static let meanShare = 0.05

  private func centred(_ rows: [Double]) -> (rows: [Double], mean: [Double]) {
    var mean = [Double](repeating: 0, count: dimension)
    for row in 0..<count { for index in 0..<dimension { mean[index] += rows[row * dimension + index] } }
    for index in 0..<dimension { mean[index] /= Double(max(1, count)) }
    var result = rows
    for row in 0..<count { for index in 0..<dimension { result[row * dimension + index] -= mean[index] } }
    return (result, mean)
  }
}
