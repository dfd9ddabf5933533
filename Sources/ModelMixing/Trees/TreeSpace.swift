#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// All trees over a grid of cut points, with their prior.
struct TreeSpace: Sendable {
  /// Another rule of one internal node, to look at a tree as if it had that.
  struct Substitution {
    var node: Int
    var rule: SplitRule
  }

  let prior: TreePrior
  /// The number of cut points of each input column.
  let cutCounts: [Int]
  /// Both probabilities at depths that are common.
  private let logSplits: [Double]
  private let logStops: [Double]

  init(prior: TreePrior, cutCounts: [Int]) {
    self.prior = prior
    self.cutCounts = cutCounts
    logSplits = (0..<32).map { Self.logSplit(prior, depth: $0) }
    logStops = (0..<32).map { Self.logStop(prior, depth: $0) }
  }

  /// ln P(a node at that depth is split | it can be).
  func logSplit(depth: Int) -> Double {
    depth < logSplits.count ? logSplits[depth] : Self.logSplit(prior, depth: depth)
  }
  /// ln P(a node at that depth is not split | it can be).
  func logStop(depth: Int) -> Double { depth < logStops.count ? logStops[depth] : Self.logStop(prior, depth: depth) }

  private static func logSplit(_ prior: TreePrior, depth: Int) -> Double {
    log(prior.base) - prior.power * log(Double(1 + depth))
  }
  private static func logStop(_ prior: TreePrior, depth: Int) -> Double {
    log1p(-prior.base * pow(Double(1 + depth), -prior.power))
  }

  /// The cut points of `variable` that the ancestors of `node` leave to it.
  func range(of variable: Int, at node: Int, in tree: RegressionTree, _ other: Substitution? = nil) -> Range<Int> {
    var low = 0
    var high = cutCounts[variable]
    var child = node
    var parent = tree.nodes[node].parent
    while parent >= 0 {
      var rule = tree.nodes[parent].rule
      if let other, other.node == parent { rule = other.rule }
      if rule.variable == variable {
        if child == tree.nodes[parent].children { high = min(high, rule.cut) } else { low = max(low, rule.cut + 1) }
      }
      child = parent
      parent = tree.nodes[parent].parent
    }
    return low..<max(low, high)
  }

  /// How many variables have a cut point left at `node`.
  func availableVariables(at node: Int, in tree: RegressionTree, _ other: Substitution? = nil) -> Int {
    var count = 0
    for variable in cutCounts.indices where !range(of: variable, at: node, in: tree, other).isEmpty { count += 1 }
    return count
  }

  /// The `index`-th variable with a cut point left at `node`; `index` must be below their number.
  func availableVariable(_ index: Int, at node: Int, in tree: RegressionTree) -> Int {
    var left = index
    for variable in cutCounts.indices where !range(of: variable, at: node, in: tree).isEmpty {
      if left == 0 { return variable }
      left -= 1
    }
    preconditionFailure("the index of an available variable is below their number")
  }

  /// Whether a leaf can be split as far as can be told without looking at cut points one by one.
  func isGrowable(_ node: Int, in tree: RegressionTree, leafRows: [Int]) -> Bool {
    guard tree.nodes[node].isLeaf, leafRows[node] >= 2 * prior.minimumLeafRows else { return false }
    for variable in cutCounts.indices where !range(of: variable, at: node, in: tree).isEmpty { return true }
    return false
  }

  /// How many leaves are growable; `leafRows` has the number of rows of every leaf at its node's index.
  func growableLeaves(in tree: RegressionTree, leafRows: [Int]) -> Int {
    tree.nodes.indices.reduce(0) { $0 + (isGrowable($1, in: tree, leafRows: leafRows) ? 1 : 0) }
  }

  /// ln p of the subtree under `node` given that node's ancestors, without the rows a leaf must have; −∞ where a cut is not
  /// among those that ancestors leave.
  func logPrior(under node: Int, in tree: RegressionTree, _ other: Substitution? = nil) -> Double {
    let entry = tree.nodes[node]
    let available = availableVariables(at: node, in: tree, other)
    if entry.isLeaf { return available == 0 ? 0 : logStop(depth: entry.depth) }
    var rule = entry.rule
    if let other, other.node == node { rule = other.rule }
    let range = range(of: rule.variable, at: node, in: tree, other)
    guard range.contains(rule.cut) else { return -.infinity }
    return logSplit(depth: entry.depth) - log(Double(available)) - log(Double(range.count))
      + logPrior(under: entry.children, in: tree, other) + logPrior(under: entry.children + 1, in: tree, other)
  }

  /// ln P(split at `node`) − ln P(no split there) + ln P(its two children stay leaves): what a split multiplies the prior by,
  /// but for the probability of its rule. `node` may be a leaf or have two leaves.
  func logSplitOdds(at node: Int, by rule: SplitRule, in tree: RegressionTree) -> Double {
    let depth = tree.nodes[node].depth
    var othersAvailable = false
    for variable in cutCounts.indices where variable != rule.variable {
      if !range(of: variable, at: node, in: tree).isEmpty { othersAvailable = true }
    }
    let own = range(of: rule.variable, at: node, in: tree)
    let stop = logStop(depth: depth + 1)
    let left = othersAvailable || rule.cut > own.lowerBound ? stop : 0
    let right = othersAvailable || rule.cut + 1 < own.upperBound ? stop : 0
    return logSplit(depth: depth) - logStop(depth: depth) + left + right
  }
}
