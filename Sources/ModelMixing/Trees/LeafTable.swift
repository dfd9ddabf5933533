/// Sufficient statistics of a tree's leaves for the model r = f·v + noise with a leaf vector v, at the index of the leaf's node:
/// the number of rows, Σ f fᵀ/s² (packed lower triangle) and Σ f r/s², where r is the tree's residual about the prior mean.
struct LeafTable: Sendable {
  let models: Int
  /// Rows, a number a node.
  private(set) var rows: [Int] = []
  /// Σ f fᵀ/s², K (K + 1)/2 numbers a node.
  private(set) var gram: [Double] = []
  /// Σ f r/s², K numbers a node.
  private(set) var moment: [Double] = []

  init(models: Int) { self.models = models }

  /// The length of a packed triangle.
  @inline(__always) var triangle: Int { models * (models + 1) / 2 }

  /// Makes room for `count` nodes, or forgets those beyond.
  mutating func resize(_ count: Int) {
    while rows.count < count {
      rows.append(0)
      for _ in 0..<triangle { gram.append(0) }
      for _ in 0..<models { moment.append(0) }
    }
    if rows.count > count {
      let surplus = rows.count - count
      rows.removeLast(surplus)
      gram.removeLast(surplus * triangle)
      moment.removeLast(surplus * models)
    }
  }

  /// Sets the statistics of a node to those of no row.
  mutating func clear(_ node: Int) {
    rows[node] = 0
    for index in node * triangle..<(node + 1) * triangle { gram[index] = 0 }
    for index in node * models..<(node + 1) * models { moment[index] = 0 }
  }

  /// Sets all Σ f r/s² to 0, for a new residual.
  mutating func clearMoments() {
    for index in moment.indices { moment[index] = 0 }
  }

  /// Counts a row with residual r into a node.
  @inline(__always)
  mutating func add(_ node: Int, row: Int, of problem: TreeProblem, residual: Double) {
    rows[node] += 1
    let size = triangle
    for index in 0..<size { gram[node * size + index] += problem.products[row * size + index] }
    addMoment(node, row: row, of: problem, residual: residual)
  }

  /// Counts a row's residual only.
  @inline(__always)
  mutating func addMoment(_ node: Int, row: Int, of problem: TreeProblem, residual: Double) {
    for model in 0..<models { moment[node * models + model] += problem.weighted[row * models + model] * residual }
  }

  /// Counts rows into the nodes `nodes` of each, all in one pass.
  mutating func add(_ list: [Int32], to nodes: [Int32], of problem: TreeProblem, residual: [Double]) {
    Self.accumulate(list, nodes, problem, residual, &rows, &gram, &moment)
  }

  private static func accumulate(
    _ list: [Int32], _ nodes: [Int32], _ problem: TreeProblem, _ residual: [Double], _ rows: inout [Int],
    _ gram: inout [Double], _ moment: inout [Double]
  ) {
    let (size, width) = (problem.products.count / problem.rows, problem.models)
    var counts = rows.mutableSpan
    var sums = gram.mutableSpan
    var moments = moment.mutableSpan
    let (products, weighted, residuals, places) = (
      problem.products.span, problem.weighted.span, residual.span, nodes.span
    )
    for entry in list {
      let row = Int(entry)
      let node = Int(places[row])
      counts[node] += 1
      for index in 0..<size { sums[node * size + index] += products[row * size + index] }
      for model in 0..<width { moments[node * width + model] += weighted[row * width + model] * residuals[row] }
    }
  }

  /// Counts new residuals of all rows, each into the node `nodes` of it.
  mutating func setMoments(_ nodes: [Int32], of problem: TreeProblem, residual: [Double]) {
    clearMoments()
    let width = models
    var moments = moment.mutableSpan
    let (weighted, residuals, places) = (problem.weighted.span, residual.span, nodes.span)
    for row in 0..<places.count {
      let start = Int(places[row]) * width
      for model in 0..<width { moments[start + model] += weighted[row * width + model] * residuals[row] }
    }
  }

  /// Takes over one node's statistics from another table.
  mutating func copy(_ source: LeafTable, from: Int, to: Int) {
    rows[to] = source.rows[from]
    for index in 0..<triangle { gram[to * triangle + index] = source.gram[from * triangle + index] }
    for index in 0..<models { moment[to * models + index] = source.moment[from * models + index] }
  }

  /// Moves one node's statistics to another index.
  mutating func move(from: Int, to: Int) {
    rows[to] = rows[from]
    for index in 0..<triangle { gram[to * triangle + index] = gram[from * triangle + index] }
    for index in 0..<models { moment[to * models + index] = moment[from * models + index] }
  }
}
