/// The pieces that rank-normalised diagnostics share (Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021,
/// "Rank-normalization, folding, and localization", sections 4.1 and 4.2).
enum RankNormalisation {
  /// Each chain cut into its first and last half; the middle draw of an odd number is dropped.
  static func split(_ chains: [[Double]]) -> [[Double]] {
    chains.map { Array($0.prefix($0.count / 2)) } + chains.map { Array($0.suffix($0.count / 2)) }
  }

  /// Every draw replaced by the normal quantile of its fractional rank over all chains, (r − 3/8) / (S + 1/4) (Blom 1958).
  /// Ties share their mean rank.
  static func normalScores(_ chains: [[Double]]) -> [[Double]] {
    let draws = chains.flatMap { $0 }
    let order = draws.indices.sorted { draws[$0] < draws[$1] }
    var scores = [Double](repeating: 0, count: draws.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count && draws[order[end]] == draws[order[first]] { end += 1 }
      let rank = Double(first + 1 + end) / 2
      let score = standardNormalQuantile((rank - 0.375) / (Double(draws.count) + 0.25))
      for position in first..<end { scores[order[position]] = score }
      first = end
    }
    return reshaped(scores, like: chains)
  }

  /// Every draw's distance from the median over all chains: what turns a diagnostic of location into one of spread.
  static func folded(_ chains: [[Double]]) -> [[Double]] {
    let sorted = chains.flatMap { $0 }.sorted()
    let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    return chains.map { chain in chain.map { abs($0 - median) } }
  }

  private static func reshaped(_ values: [Double], like chains: [[Double]]) -> [[Double]] {
    var start = 0
    return chains.map { chain in
      defer { start += chain.count }
      return Array(values[start..<start + chain.count])
    }
  }
}

/// What chains × draws look like before any diagnostic is computed.
enum ChainShape {
  /// Fewer than four draws a chain: nothing can be judged.
  case tooShort
  /// A draw that is infinite or not a number.
  case notFinite
  /// All draws over all chains are equal.
  case constant
  /// Anything else.
  case varying

  /// The shape of chains, which must have one length.
  init(_ chains: [[Double]]) {
    let length = chains.first?.count ?? 0
    precondition(chains.allSatisfy { $0.count == length }, "chains must have one length")
    if !chains.allSatisfy({ $0.allSatisfy(\.isFinite) }) {
      self = .notFinite
    } else if length < 4 {
      self = .tooShort
    } else {
      let first = chains[0][0]
      self = chains.allSatisfy { $0.allSatisfy { $0 == first } } ? .constant : .varying
    }
  }
}
