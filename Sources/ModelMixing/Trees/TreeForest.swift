/// The trees of all draws of a chain, packed: nodes of 12 bytes, each tree in preorder, a left child next to its parent.
struct TreeForest: Sendable {
  private struct Node: Sendable {
    /// The column of an internal node's rule; −1 at a leaf.
    var variable: Int32
    /// The cut of an internal node; at a leaf the place of its vector in `values`, counted in vectors from the tree's first.
    var payload: Int32
    /// From an internal node to its right child.
    var right: Int32
  }

  let models: Int
  let trees: Int
  private var nodes: [Node] = []
  private var values: [Double] = []
  /// Where each tree's nodes and leaf vectors begin.
  private var nodeStarts: [Int] = []
  private var valueStarts: [Int] = []
  /// σ of every draw.
  private(set) var sigmas: [Double] = []

  init(models: Int, trees: Int) {
    self.models = models
    self.trees = trees
  }

  /// The number of draws.
  var draws: Int { sigmas.count }

  /// Stores a draw.
  mutating func append(_ ensemble: TreeEnsemble) {
    for tree in ensemble.trees {
      nodeStarts.append(nodes.count)
      valueStarts.append(values.count)
      append(tree, node: 0, firstValue: values.count)
    }
    sigmas.append(ensemble.sigma)
  }

  private mutating func append(_ tree: RegressionTree, node: Int, firstValue: Int) {
    let entry = tree.nodes[node]
    if entry.isLeaf {
      nodes.append(Node(variable: -1, payload: Int32((values.count - firstValue) / models), right: 0))
      for model in 0..<models { values.append(tree.values[node * models + model]) }
      return
    }
    let place = nodes.count
    nodes.append(Node(variable: Int32(entry.rule.variable), payload: Int32(entry.rule.cut), right: 0))
    append(tree, node: entry.children, firstValue: firstValue)
    nodes[place].right = Int32(nodes.count - place)
    append(tree, node: entry.children + 1, firstValue: firstValue)
  }

  /// The weights of one draw at up to 64 points, K numbers a point.
  /// - Parameter splits: Which of the points each split sends left.
  func weights(draw: Int, splits: SplitMasks, count: Int, into weights: inout MutableSpan<Double>) {
    for index in 0..<count * models { weights[index] = 0 }
    let all: UInt64 = count == 64 ? .max : (1 << UInt64(count)) - 1
    for tree in draw * trees..<(draw + 1) * trees {
      add(nodeStarts[tree], valueStarts[tree], to: all, nodes.span, values.span, splits, &weights)
    }
  }

  /// Adds the leaf vectors of a subtree to its points, which stand as bits.
  private func add(
    _ place: Int, _ first: Int, to points: UInt64, _ nodes: Span<Node>, _ values: Span<Double>, _ splits: SplitMasks,
    _ weights: inout MutableSpan<Double>
  ) {
    var (place, points) = (place, points)
    while nodes[place].variable >= 0 {
      let node = nodes[place]
      let left = splits.left(SplitRule(variable: Int(node.variable), cut: Int(node.payload)), word: 0)
      let (below, above) = (points & left, points & ~left)
      if above == 0 {
        place += 1
      } else {
        if below != 0 { add(place + 1, first, to: below, nodes, values, splits, &weights) }
        place += Int(node.right)
        points = above
      }
    }
    let start = first + Int(nodes[place].payload) * models
    while points != 0 {
      let point = points.trailingZeroBitCount * models
      points &= points - 1
      for model in 0..<models { weights[point + model] += values[start + model] }
    }
  }
}
