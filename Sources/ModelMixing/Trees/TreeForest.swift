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

  /// The weights of one draw at `count` points, K numbers a point.
  /// - Parameter bins: Those of input column v at v · `count` + point.
  func weights(draw: Int, bins: Span<Int32>, count: Int, into weights: inout MutableSpan<Double>) {
    let nodes = nodes.span
    let values = values.span
    for index in 0..<count * models { weights[index] = 0 }
    for tree in draw * trees..<(draw + 1) * trees {
      let root = nodeStarts[tree]
      let first = valueStarts[tree]
      for point in 0..<count {
        var place = root
        var node = nodes[place]
        while node.variable >= 0 {
          place += bins[Int(node.variable) * count + point] <= node.payload ? 1 : Int(node.right)
          node = nodes[place]
        }
        let start = first + Int(node.payload) * models
        for model in 0..<models { weights[point * models + model] += values[start + model] }
      }
    }
  }
}
