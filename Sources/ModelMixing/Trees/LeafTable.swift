/// Sets of rows with their sufficient statistics for the model r = f·v + noise with a leaf vector v: Σ f fᵀ/s² (packed lower
/// triangle) and Σ f r/s², where r is the tree's residual about the prior mean.
struct LeafTable: Sendable {
  /// What differences leave of a sum of squares must be this share at least of what they began with, so that nine digits are
  /// left.
  private static let leastShare = 0x1p-20

  /// Numbers of a set, `TreeProblem.termWidth`.
  let width: Int
  let words: Int
  private let models: Int
  /// The number of rows, one a set.
  private(set) var rows: [Int] = []
  /// The rows as bits, `words` a set.
  private(set) var masks: [UInt64] = []
  /// The statistics, `width` numbers a set.
  private(set) var sums: [Double] = []
  /// The sums of squares that the sets' own come from by differences: their own after a sum over rows. One a set and model.
  private var origins: [Double] = []
  /// ln of the integrated likelihood, one a set; not a number until it is asked for.
  private var logLikelihoods: [Double] = []

  init(_ problem: TreeProblem) {
    models = problem.models
    width = problem.termWidth
    words = problem.splits.words
  }

  /// Makes room for `count` sets, or forgets those beyond.
  mutating func resize(_ count: Int) {
    while rows.count < count {
      rows.append(0)
      logLikelihoods.append(.nan)
      for _ in 0..<models { origins.append(0) }
      for _ in 0..<words { masks.append(0) }
      for _ in 0..<width { sums.append(0) }
    }
    if rows.count > count {
      let surplus = rows.count - count
      rows.removeLast(surplus)
      logLikelihoods.removeLast(surplus)
      origins.removeLast(surplus * models)
      masks.removeLast(surplus * words)
      sums.removeLast(surplus * width)
    }
  }

  /// Takes the rows of a set from the words at `start` of `bits`.
  mutating func setRows(_ set: Int, from bits: [UInt64], at start: Int) {
    var count = 0
    for word in 0..<words {
      masks[set * words + word] = bits[start + word]
      count += bits[start + word].nonzeroBitCount
    }
    rows[set] = count
  }

  /// Sums up the terms of a set's rows, in ascending order.
  mutating func sum(_ set: Int, _ terms: RowTerms) {
    Self.sum(masks, from: set * words, words, terms, into: &sums, at: set * width)
    for model in 0..<models { origins[set * models + model] = square(set, model) }
    logLikelihoods[set] = .nan
  }

  private static func sum(
    _ masks: [UInt64], from first: Int, _ words: Int, _ terms: RowTerms, into sums: inout [Double], at start: Int
  ) {
    let width = terms.width
    var totals = sums.mutableSpan
    for index in start..<start + width { totals[index] = 0 }
    let (values, masks) = (terms.values.span, masks.span)
    for word in 0..<words {
      var bits = masks[first + word]
      while bits != 0 {
        let row = word * 64 + bits.trailingZeroBitCount
        bits &= bits - 1
        for index in 0..<width { totals[start + index] += values[row * width + index] }
      }
    }
  }

  /// Sums of sets that share out the rows of sets of another table: the largest takes what the others leave of its total.
  mutating func sum(sharing sets: [Int], of whole: LeafTable, _ terms: RowTerms) {
    var largest = 0
    for set in rows.indices where rows[set] > rows[largest] { largest = set }
    let start = largest * width
    for index in 0..<width {
      var total = 0.0
      for set in sets { total += whole.sums[set * width + index] }
      sums[start + index] = total
    }
    for model in 0..<models {
      origins[largest * models + model] = sets.reduce(0) { max($0, whole.origins[$1 * models + model]) }
    }
    logLikelihoods[largest] = .nan
    for set in rows.indices where set != largest {
      sum(set, terms)
      for index in 0..<width { sums[start + index] -= sums[set * width + index] }
    }
    let isAccurate = (0..<models).allSatisfy {
      square(largest, $0) >= Self.leastShare * origins[largest * models + $0]
    }
    if !isAccurate { sum(largest, terms) }
  }

  /// Σ f²/s² of a model.
  @inline(__always)
  private func square(_ set: Int, _ model: Int) -> Double { sums[set * width + model * (model + 3) / 2] }

  /// ln of the integrated likelihood of a set, computed once: every call until its statistics change must have the same
  /// precision.
  mutating func logLikelihood(_ set: Int, _ posterior: inout LeafPosterior, precision: Double) -> Double {
    if logLikelihoods[set].isNaN {
      logLikelihoods[set] = posterior.condition(on: self, leaf: set, precision: precision)
    }
    return logLikelihoods[set]
  }

  /// Takes over one set of another table.
  mutating func copy(_ source: LeafTable, from: Int, to: Int) {
    rows[to] = source.rows[from]
    logLikelihoods[to] = source.logLikelihoods[from]
    for index in 0..<models { origins[to * models + index] = source.origins[from * models + index] }
    for index in 0..<words { masks[to * words + index] = source.masks[from * words + index] }
    for index in 0..<width { sums[to * width + index] = source.sums[from * width + index] }
  }

  /// Moves one set to another index.
  mutating func move(from: Int, to: Int) {
    rows[to] = rows[from]
    logLikelihoods[to] = logLikelihoods[from]
    for index in 0..<models { origins[to * models + index] = origins[from * models + index] }
    for index in 0..<words { masks[to * words + index] = masks[from * words + index] }
    for index in 0..<width { sums[to * width + index] = sums[from * width + index] }
  }
}
