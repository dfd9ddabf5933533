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

  /// `rows` (draw by draw) less their mean.
  func centred(_ rows: [Double]) -> [Double] {
    var mean = [Double](repeating: 0, count: dimension)
    for row in 0..<count { for index in 0..<dimension { mean[index] += rows[row * dimension + index] } }
    var result = rows
    for row in 0..<count {
      for index in 0..<dimension { result[row * dimension + index] -= mean[index] / Double(count) }
    }
    return result
  }
}
