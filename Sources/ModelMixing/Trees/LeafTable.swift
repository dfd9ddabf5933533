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

  /// Counts a row with prediction f, precision 1/s² and residual r into a node.
  @inline(__always)
  mutating func add(_ node: Int, row: Int, of problem: TreeProblem, residual: Double) {
    rows[node] += 1
    var index = node * triangle
    let start = row * models
    for i in 0..<models {
      let weighted = problem.precisions[row] * problem.predictions[start + i]
      for j in 0...i {
        gram[index] += weighted * problem.predictions[start + j]
        index += 1
      }
    }
    addMoment(node, row: row, of: problem, residual: residual)
  }

  /// Counts a row's residual only.
  @inline(__always)
  mutating func addMoment(_ node: Int, row: Int, of problem: TreeProblem, residual: Double) {
    let weighted = problem.precisions[row] * residual
    for model in 0..<models { moment[node * models + model] += weighted * problem.predictions[row * models + model] }
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
