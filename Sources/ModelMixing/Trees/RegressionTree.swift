/// Where an internal node sends a row: left where input `variable` lies below its cut point number `cut`.
public struct SplitRule: Sendable, Codable, Equatable, Hashable {
  /// The input column, counted from 0.
  public var variable: Int
  /// The cut point of that column, counted from 0.
  public var cut: Int

  /// A rule.
  public init(variable: Int, cut: Int) {
    self.variable = variable
    self.cut = cut
  }
}

/// A node of a regression tree.
public struct TreeNode: Sendable, Codable, Equatable {
  /// The index of the parent; −1 at the root.
  public var parent: Int
  /// The index of the left child, whose neighbour is the right one; −1 at a leaf.
  public var children: Int
  /// The edges between the root and this node.
  public var depth: Int
  /// The rule of an internal node; meaningless at a leaf.
  public var rule: SplitRule

  /// Whether the node has no children.
  @inline(__always) public var isLeaf: Bool { children < 0 }
}

/// A binary regression tree with a vector of K numbers at each leaf: one summand of the mixing weights.
///
/// Nodes stand in one array, the root first, siblings side by side. Removing a pair of leaves moves the array's last pair into
/// the hole, so that the array never has holes.
public struct RegressionTree: Sendable, Codable, Equatable {
  /// The nodes.
  public private(set) var nodes: [TreeNode]
  /// The leaf vectors, K numbers a node in the order of `nodes`; 0 at internal nodes.
  public internal(set) var values: [Double]

  /// A tree that is a single leaf.
  public init(leaf: [Double]) {
    nodes = [TreeNode(parent: -1, children: -1, depth: 0, rule: SplitRule(variable: 0, cut: 0))]
    values = leaf
  }

  /// The number of leaves.
  public var leaves: Int { (nodes.count + 1) / 2 }

  /// The leaf that a row ends in, from its bins: those of column v stand at v · `stride` + `row`.
  @inline(__always)
  func leaf(of row: Int, bins: Span<Int32>, stride: Int) -> Int {
    var node = 0
    while !nodes[node].isLeaf {
      let rule = nodes[node].rule
      node = nodes[node].children + (Int(bins[rule.variable * stride + row]) <= rule.cut ? 0 : 1)
    }
    return node
  }

  /// Whether `node` is internal with two leaves as children, so that it can be pruned.
  @inline(__always)
  func isPrunable(_ node: Int) -> Bool {
    let left = nodes[node].children
    return left >= 0 && nodes[left].isLeaf && nodes[left + 1].isLeaf
  }

  /// How many nodes can be pruned.
  var prunableNodes: Int { nodes.indices.reduce(0) { $0 + (isPrunable($1) ? 1 : 0) } }

  /// Appends the leaves below `node`, from left to right.
  func appendLeaves(under node: Int, to list: inout [Int]) {
    let left = nodes[node].children
    guard left >= 0 else { return list.append(node) }
    appendLeaves(under: left, to: &list)
    appendLeaves(under: left + 1, to: &list)
  }

  /// Gives a leaf two children, the array's last two nodes, with leaf vectors of zeros.
  mutating func split(_ leaf: Int, by rule: SplitRule) {
    let models = values.count / nodes.count
    let child = TreeNode(
      parent: leaf, children: -1, depth: nodes[leaf].depth + 1, rule: SplitRule(variable: 0, cut: 0))
    nodes[leaf].children = nodes.count
    nodes[leaf].rule = rule
    nodes.append(child)
    nodes.append(child)
    for model in 0..<models { values[leaf * models + model] = 0 }
    for _ in 0..<2 * models { values.append(0) }
  }

  /// Makes a node with two leaves a leaf.
  /// - Returns: the index that the removed pair had, which the array's last pair has now.
  mutating func collapse(_ node: Int) -> Int {
    let models = values.count / nodes.count
    let hole = nodes[node].children
    let last = nodes.count - 2
    nodes[node].children = -1
    nodes[node].rule = SplitRule(variable: 0, cut: 0)
    if hole != last {
      for side in 0..<2 {
        let moved = nodes[last + side]
        nodes[hole + side] = moved
        if !moved.isLeaf {
          nodes[moved.children].parent = hole + side
          nodes[moved.children + 1].parent = hole + side
        }
      }
      nodes[nodes[last].parent].children = hole
      for index in 0..<2 * models { values[hole * models + index] = values[last * models + index] }
    }
    nodes.removeLast(2)
    values.removeLast(2 * models)
    return hole
  }

  /// Gives an internal node another rule.
  mutating func replaceRule(of node: Int, by rule: SplitRule) { nodes[node].rule = rule }

  /// What is wrong with a tree that was read from a file; nil for a tree of `models` numbers a leaf over such cut points.
  func complaint(models: Int, cutCounts: [Int]) -> String? {
    guard let root = nodes.first, root.parent == -1, root.depth == 0, nodes.count % 2 == 1 else {
      return "a tree has no root"
    }
    guard values.count == nodes.count * models else { return "a tree has leaf vectors of another length" }
    guard values.allSatisfy(\.isFinite) else { return "a leaf is not finite" }
    var visited = 0
    var pending = [0]
    while let index = pending.popLast() {
      visited += 1
      let node = nodes[index]
      if node.isLeaf { continue }
      let left = node.children
      guard left % 2 == 1, left < nodes.count - 1, visited <= nodes.count else {
        return "a node's children are elsewhere"
      }
      for child in [left, left + 1] where nodes[child].parent != index || nodes[child].depth != node.depth + 1 {
        return "a node's parent is elsewhere"
      }
      guard cutCounts.indices.contains(node.rule.variable), (0..<cutCounts[node.rule.variable]).contains(node.rule.cut)
      else { return "a cut point is outside the grid" }
      pending += [left, left + 1]
    }
    return visited == nodes.count ? nil : "a node has no parent"
  }
}
