import LogDensities

/// How a tree is changed into its proposed successor.
enum TreeEdit: Equatable {
  /// A leaf gets two children.
  case split(leaf: Int, SplitRule)
  /// A node with two leaves becomes a leaf.
  case collapse(node: Int)
  /// An internal node gets another rule.
  case replace(node: Int, SplitRule)
}

/// A proposed change of one tree T into T′.
struct TreeProposal {
  var edit: TreeEdit
  /// ln [p(T′) q(T′→T)] − ln [p(T) q(T→T′)]: the acceptance ratio but for the likelihood.
  var logRatio: Double
}

/// The four ways to propose another tree (Chipman, George and McCulloch 1998, 2010; perturb: Pratola 2016).
public enum TreeMove: String, Sendable, Codable, CaseIterable {
  /// A leaf is split.
  case grow
  /// Two leaves are merged.
  case prune
  /// An internal node gets a new variable and cut.
  case change
  /// The cut of an internal node moves a little.
  case perturb

  /// A proposal; nil where there is nothing to propose, which counts as a rejection.
  func propose(
    for tree: RegressionTree, leafRows: [Int], in space: TreeSpace, _ settings: TreeMoveSettings,
    _ stream: inout RandomStream
  ) -> TreeProposal? {
    switch self {
    case .grow: GrowMove.propose(for: tree, leafRows: leafRows, in: space, settings, &stream)
    case .prune: PruneMove.propose(for: tree, leafRows: leafRows, in: space, settings, &stream)
    case .change: ChangeMove.propose(for: tree, in: space, &stream)
    case .perturb: PerturbMove.propose(for: tree, in: space, reach: settings.reach, &stream)
    }
  }
}

/// How often each move is tried, and how far a cut is perturbed.
public struct TreeMoveSettings: Sendable, Codable, Equatable {
  /// The probability of trying to grow.
  public var grow: Double
  /// The probability of trying to prune.
  public var prune: Double
  /// The probability of trying another rule.
  public var change: Double
  /// The probability of trying another cut nearby.
  public var perturb: Double
  /// How many cut points away a perturbed cut may lie at most.
  public var reach: Int
  /// How many moves are tried each time that a sweep visits a tree.
  public var steps: Int
  /// The probability that a sweep ends with a draw of all leaves at once. Otherwise, beyond 300 rows, and where noise is so small
  /// beside the prior that the draw would lose its digits, trees exchange levels.
  public var jointDraws: Double

  /// Settings; probabilities are taken relative to their sum.
  ///
  /// Joint draws in every sweep make most effective draws: of 40,000 sweeps of the two-dimensional Taylor problem (80 rows, 30
  /// trees) the slowest weight has 1220, 650 and 870 on three seeds, where half of the sweeps have 760, 470 and 590. Steps
  /// from 3 to 20 make about as many a second, more of them more a sweep.
  public init(
    grow: Double = 0.3, prune: Double = 0.3, change: Double = 0.2, perturb: Double = 0.2, reach: Int = 10,
    steps: Int = 10, jointDraws: Double = 1
  ) {
    self.jointDraws = jointDraws
    self.steps = steps
    self.grow = grow
    self.prune = prune
    self.change = change
    self.perturb = perturb
    self.reach = reach
  }

  /// The sum of the probabilities.
  var total: Double { grow + prune + change + perturb }

  func validate() throws(MixingError) {
    for weight in [grow, prune, change, perturb] where !(weight >= 0 && weight.isFinite) {
      throw .setting(name: "move probability", value: "\(weight)", allowed: "at least 0")
    }
    guard total > 0, total.isFinite else {
      throw .setting(name: "sum of move probabilities", value: "\(total)", allowed: "positive")
    }
    guard (grow > 0) == (prune > 0) else {
      throw .setting(name: "prune", value: "\(prune)", allowed: "positive exactly where grow is")
    }
    guard reach >= 1, reach < 1 << 30 else { throw .setting(name: "reach", value: "\(reach)", allowed: "at least 1") }
    guard jointDraws >= 0, jointDraws <= 1 else {
      throw .setting(name: "jointDraws", value: "\(jointDraws)", allowed: "from 0 to 1")
    }
    guard steps >= 1, steps < 1 << 30 else { throw .setting(name: "steps", value: "\(steps)", allowed: "at least 1") }
  }

  /// A move at random.
  func draw(_ stream: inout RandomStream) -> TreeMove {
    let point = stream.uniform() * total
    if point < grow { return .grow }
    if point < grow + prune { return .prune }
    return point < grow + prune + change || perturb == 0 ? .change : .perturb
  }
}
