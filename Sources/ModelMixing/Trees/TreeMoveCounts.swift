/// How many proposals of each move there were, and how many were accepted.
public struct TreeMoveCounts: Sendable, Codable, Equatable {
  /// Tries where there was something to propose, a number a move in the order of `TreeMove.allCases`.
  public private(set) var proposed = [Int](repeating: 0, count: TreeMove.allCases.count)
  /// Tries where there was nothing to propose, or nothing that the prior allows.
  public private(set) var impossible = [Int](repeating: 0, count: TreeMove.allCases.count)
  /// Accepted proposals.
  public private(set) var accepted = [Int](repeating: 0, count: TreeMove.allCases.count)

  /// The share of a move's tries that was accepted; 0 where there was no try.
  public func acceptance(of move: TreeMove) -> Double {
    let tries = proposed[move.index] + impossible[move.index]
    return tries == 0 ? 0 : Double(accepted[move.index]) / Double(tries)
  }

  /// The share of the tries since `earlier` that were accepted; 0 where there was none.
  func acceptance(since earlier: TreeMoveCounts) -> Double {
    func sum(_ counts: [Int]) -> Int { counts.reduce(0, +) }
    let tries = sum(proposed) + sum(impossible) - sum(earlier.proposed) - sum(earlier.impossible)
    return tries == 0 ? 0 : Double(sum(accepted) - sum(earlier.accepted)) / Double(tries)
  }

  mutating func count(_ move: TreeMove, proposed isProposed: Bool, accepted isAccepted: Bool) {
    if isProposed { proposed[move.index] += 1 } else { impossible[move.index] += 1 }
    if isAccepted { accepted[move.index] += 1 }
  }
}

extension TreeMove {
  /// The place in `allCases`.
  var index: Int {
    switch self {
    case .grow: 0
    case .prune: 1
    case .change: 2
    case .perturb: 3
    }
  }
}
