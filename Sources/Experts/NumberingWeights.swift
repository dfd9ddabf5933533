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
    var visited: [[Int]] = []
    var numbering: [Int] = []
    var folded: [Double] = []
    for draw in 0..<count {
      let range = draw * dimension..<(draw + 1) * dimension
      var position = Array(draws[range])
      let permutation = architecture.sorting(position.span, by: ordering)
      var span = position.mutableSpan
      folded.append(canonicalise(&span, given: lambda))
      draws.replaceSubrange(range, with: position)
      numbering.append(visited.firstIndex(of: permutation) ?? visited.count)
      if numbering[draw] == visited.count { visited.append(permutation) }
    }
    guard visited.count <= Self.mostNumberings else { return folded }
    let priors = (0..<dimension).map { layout.prior($0, at: lambda.values) }
    func logPrior(_ position: [Double]) -> Double {
      position.indices.reduce(0.0) { $0 + priors[$1].logDensity(at: position[$1]) }
    }
    let inverses = visited.map { permutation in
      permutation.indices.map { place in permutation.firstIndex(of: place) ?? place }
    }
    var own: [Double] = []
    var others: [[Double]] = []
    for draw in 0..<count {
      let position = Array(draws[draw * dimension..<(draw + 1) * dimension])
      own.append(logPrior(position))
      others.append(
        inverses.map { inverse in
          guard inverse != Array(0..<architecture.experts) else { return own[draw] }
          var other = position
          var span = other.mutableSpan
          architecture.permute(&span, by: inverse)
          return logPrior(other)
        })
    }
    return NumberingWeights(own: own, numbering: numbering, logPriors: others).logWeights
  }
}
