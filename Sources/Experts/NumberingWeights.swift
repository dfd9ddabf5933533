#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Weights of draws moved into an ordering, from the numberings of experts that the chains have visited.
///
/// A numbering v seen from the ordered support has the density L p_v, with p_v(θ) the prior of θ renumbered by v, and L
/// cancels. So the n_v draws of all visited v together are of the mixture Σ n_v p_v / Z_v, where Z_r solves
/// Z_r = Σ p_r / Σ_v n_v p_v / Z_v over the draws (multistate Bennett acceptance ratio, Shirts and Chodera 2008), and a
/// draw's weight is p(θ | λ) over that mixture. It holds whether chains move between numberings freely, where it is
/// p / Σ_v p_v, or stay in one, where it is p / p_v, and also in between.
struct NumberingWeights {
  /// ln of the weight of each draw, up to a constant; 0 for draws that are all in the ordering already.
  let logWeights: [Double]

  /// - Parameters:
  ///   - own: ln p(θ | λ) of each draw.
  ///   - numbering: The numbering of each draw, an index into `counts`.
  ///   - logPriors: ln p_v(θ) of each draw (outer) and visited numbering (inner).
  init(own: [Double], numbering: [Int], logPriors: [[Double]]) {
    let visited = (numbering.max() ?? 0) + 1
    var counts = [Double](repeating: 0, count: visited)
    for index in numbering { counts[index] += 1 }
    let shares = counts.map { log($0 / Double(numbering.count)) }
    var logZ = [Double](repeating: 0, count: visited)
    var mixture = Self.mixture(logPriors, shares, logZ)
    for _ in 0..<(visited > 1 ? 1000 : 0) {
      let next = (0..<visited).map { v in
        let terms = own.indices.map { logPriors[$0][v] - mixture[$0] }
        return Gating.logSumExp(terms.span)
      }
      let change = zip(next, logZ).map { abs($0 - next[0] - $1) }.max() ?? 0
      logZ = next.map { $0 - next[0] }
      mixture = Self.mixture(logPriors, shares, logZ)
      if !(change > 1e-9) { break }
    }
    logWeights = zip(own, mixture).map { own, mixture in
      let weight = own - mixture
      return weight.isNaN ? -.infinity : weight
    }
  }

  private static func mixture(_ logPriors: [[Double]], _ shares: [Double], _ logZ: [Double]) -> [Double] {
    logPriors.map { draw in
      let terms = shares.indices.map { shares[$0] - logZ[$0] + draw[$0] }
      return Gating.logSumExp(terms.span)
    }
  }
}

extension ExpertModel {
  /// More visited numberings than this are those of chains that move freely, whose weights need no sum over draws.
  private static let mostNumberings = 200

  /// Renumbers the experts of unordered draws into the ordering; see `NumberingWeights`.
  public func canonicalise(draws: inout [Double], given lambda: Hyperparameters) -> [Double] {
    let count = draws.count / dimension
    guard ordering != .none, architecture.experts > 1 else { return [Double](repeating: 0, count: count) }
    var permutations: [[Int]] = []
    for draw in 0..<count {
      let range = draw * dimension..<(draw + 1) * dimension
      var position = Array(draws[range])
      permutations.append(architecture.sorting(position.span, by: ordering))
      var span = position.mutableSpan
      architecture.permute(&span, by: permutations[draw])
      draws.replaceSubrange(range, with: position)
    }
    return logWeights(ofRenumbered: draws, by: permutations, given: lambda)
  }

  /// Renumbers the experts of draws to one labelling. The weights are 0 where all experts have the same priors and the
  /// gate's reference makes no difference. More than 12 experts keep their numbers.
  public func align(
    draws: inout [Double], to labelling: Labelling?, given lambda: Hyperparameters
  ) -> (labelling: Labelling?, logWeights: [Double]) {
    let count = draws.count / dimension
    guard architecture.experts > 1, let relabelled = try? relabelled(draws, to: labelling) else {
      return (labelling, [Double](repeating: 0, count: count))
    }
    draws = relabelled.positions
    return (
      relabelled.labelling, logWeights(ofRenumbered: draws, by: relabelled.permutations, given: lambda)
    )
  }

  /// What draws owe that came to where they are by permutations; see `NumberingWeights`.
  private func logWeights(
    ofRenumbered draws: [Double], by permutations: [[Int]], given lambda: Hyperparameters
  ) -> [Double] {
    var visited: [[Int]] = []
    var places: [[Int]: Int] = [:]
    for permutation in permutations where places[permutation] == nil {
      places[permutation] = visited.count
      visited.append(permutation)
    }
    let priors = (0..<dimension).map { layout.prior($0, at: lambda.values) }
    func logPrior(_ position: [Double]) -> Double {
      position.indices.reduce(0.0) { $0 + priors[$1].logDensity(at: position[$1]) }
    }
    let positions = permutations.indices.map { Array(draws[$0 * dimension..<($0 + 1) * dimension]) }
    let own = positions.map(logPrior)
    if visited.count > Self.mostNumberings && architecture.experts <= PermutationSum.largest {
      let sum = PermutationSum(architecture: architecture, priors: priors)
      return zip(positions, own).map { position, own in
        let weight = own - sum.logSum(at: position)
        return weight.isNaN ? -.infinity : min(0, weight)
      }
    }
    let identity = Array(0..<architecture.experts)
    let inverses = visited.map { Renumbering(architecture, $0).inverse(architecture) }
    let others = positions.indices.map { draw in
      inverses.map { inverse in
        guard inverse.permutation != identity else { return own[draw] }
        return logPrior(inverse.applied(to: positions[draw]))
      }
    }
    return NumberingWeights(
      own: own, numbering: permutations.map { places[$0] ?? 0 }, logPriors: others
    ).logWeights
  }
}
