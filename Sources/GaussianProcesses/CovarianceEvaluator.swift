#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Covariances between blocks of rows and one point, with the memory that this takes; gradients backwards through the same
/// blocks.
///
/// Distances are formed anew from columns that fit the first-level cache, which is faster than reading n²/2 stored ones.
struct CovarianceEvaluator: ~Copyable {
  /// The most rows of a block: the scratch of a few nodes stays in the first-level cache.
  static let width = 256

  let program: CovarianceProgram
  /// The hyperparameters' values, in the order of `CovarianceFunction.parameters`.
  let values: [Double]
  let rows: Int
  /// For each node `width` values, distances, slopes and adjoints.
  let scratch: UnsafeMutablePointer<Double>
  /// The leaves' columns over their length scales.
  private let scaled: UnsafeMutablePointer<Double>
  /// One row of `scaled`.
  private let point: UnsafeMutablePointer<Double>

  init(_ program: CovarianceProgram, values: [Double], columns: [[Double]], rows: Int) {
    self.program = program
    self.values = values
    self.rows = rows
    scratch = .allocate(capacity: 4 * Self.width * program.nodes.count)
    scratch.initialize(repeating: 0, count: 4 * Self.width * program.nodes.count)
    scaled = .allocate(capacity: program.scaledColumns * rows)
    point = .allocate(capacity: program.scaledColumns)
    point.initialize(repeating: 0, count: program.scaledColumns)
    for case .stationary(let leaf) in program.nodes {
      for (place, column) in leaf.columns.enumerated() {
        let target = scaled + (leaf.firstScaled + place) * rows
        let scale = leaf.isPeriodic ? 1 : values[leaf.firstParameter + (leaf.lengthScales > 1 ? place : 0)]
        for row in 0..<rows { (target + row).initialize(to: columns[column][row] / scale) }
      }
    }
    for case .changepoint(let passage, _, _) in program.nodes { fill(passage, columns[passage.column]) }
  }

  deinit {
    scratch.deallocate()
    scaled.deallocate()
    point.deallocate()
  }

  func nodeValues(_ node: Int) -> UnsafeMutablePointer<Double> { scratch + 4 * node * Self.width }
  /// r² of a stationary leaf, d of a periodic one.
  func nodeDistances(_ node: Int) -> UnsafeMutablePointer<Double> { scratch + (4 * node + 1) * Self.width }
  /// −2 ∂k/∂r² of a stationary leaf.
  func nodeSlopes(_ node: Int) -> UnsafeMutablePointer<Double> { scratch + (4 * node + 2) * Self.width }
  func nodeAdjoints(_ node: Int) -> UnsafeMutablePointer<Double> { scratch + (4 * node + 3) * Self.width }
  func scaledColumn(_ column: Int) -> UnsafeMutablePointer<Double> { scaled + column * rows }
  func pointEntry(_ column: Int) -> Double { point[column] }

  /// Covariances are with that row from now on.
  func setPoint(row: Int) {
    for column in 0..<program.scaledColumns { point[column] = scaled[column * rows + row] }
  }

  /// Covariances are with that row of other inputs, at the same hyperparameters, from now on.
  func setPoint(_ other: borrowing CovarianceEvaluator, row: Int) {
    for column in 0..<program.scaledColumns { point[column] = other.scaled[column * other.rows + row] }
  }

  /// The covariances of `count` rows from `start` on with the point.
  /// - Parameter same: Which row of the block is the point itself, white noise included; nil where none is.
  func covariances(from start: Int, count: Int, same: Int?) -> UnsafeMutablePointer<Double> {
    for (index, node) in program.nodes.enumerated() {
      let result = nodeValues(index)
      switch node {
      case .constant(let parameter):
        let value = values[parameter]
        for row in 0..<count { result[row] = value }
      case .white(let parameter):
        for row in 0..<count { result[row] = 0 }
        if let same { result[same] = values[parameter] }
      case .stationary(let leaf): evaluate(leaf, index, from: start, count: count)
      case .sum(let left, let right):
        let (a, b) = (nodeValues(left), nodeValues(right))
        for row in 0..<count { result[row] = a[row] + b[row] }
      case .product(let left, let right):
        let (a, b) = (nodeValues(left), nodeValues(right))
        for row in 0..<count { result[row] = a[row] * b[row] }
      case .changepoint(let passage, let left, let right):
        join(passage, nodeValues(left), nodeValues(right), from: start, count: count, into: result)
      }
    }
    return nodeValues(program.nodes.count - 1)
  }

  private func evaluate(_ leaf: CovarianceProgram.Leaf, _ index: Int, from start: Int, count: Int) {
    let (result, squares, slopes) = (nodeValues(index), nodeDistances(index), nodeSlopes(index))
    for row in 0..<count { squares[row] = 0 }
    for place in 0..<leaf.columns.count {
      let column = scaledColumn(leaf.firstScaled + place) + start
      let center = point[leaf.firstScaled + place]
      for row in 0..<count {
        let difference = column[row] - center
        squares[row] += difference * difference
      }
    }
    let own = leaf.firstParameter + leaf.lengthScales
    switch leaf.shape {
    case .rbf:
      for row in 0..<count {
        result[row] = exp(-0.5 * squares[row])
        slopes[row] = result[row]
      }
    case .matern12:
      for row in 0..<count {
        let distance = squares[row].squareRoot()
        result[row] = exp(-distance)
        slopes[row] = distance > 0 ? result[row] / distance : 0
      }
    case .matern32:
      for row in 0..<count {
        let distance = (3 * squares[row]).squareRoot()
        let decay = exp(-distance)
        result[row] = (1 + distance) * decay
        slopes[row] = 3 * decay
      }
    case .matern52:
      for row in 0..<count {
        let distance = (5 * squares[row]).squareRoot()
        let decay = exp(-distance)
        result[row] = (1 + distance + distance * distance / 3) * decay
        slopes[row] = 5 / 3 * (1 + distance) * decay
      }
    case .rationalQuadratic:
      let alpha = values[own]
      for row in 0..<count {
        let excess = squares[row] / (2 * alpha)
        result[row] = exp(-alpha * log1p(excess))
        slopes[row] = result[row] / (1 + excess)
      }
    case .periodic:
      let (scale, period) = (values[leaf.firstParameter], values[own])
      for row in 0..<count {
        squares[row] = squares[row].squareRoot()
        let wave = sin(Double.pi * squares[row] / period) / scale
        result[row] = exp(-2 * wave * wave)
      }
    }
  }
}
