/// A way to number the experts of a position anew, as the linear map q ↦ T q that leaves the likelihood alone: every
/// coordinate of T q is one of q, or for the gate the difference of two, since columns are taken relative to the new
/// reference. Its determinant is ±1.
struct Renumbering: Sendable, Equatable {
  /// Place k gets expert `permutation[k]`.
  let permutation: [Int]
  /// For every coordinate of T q the coordinate of q that it has; −1 for 0.
  let plus: [Int]
  /// For every coordinate of T q the coordinate of q that is taken off; −1 for 0.
  let minus: [Int]

  init(_ architecture: ExpertArchitecture, _ permutation: [Int]) {
    self.permutation = permutation
    var plus = Array(0..<architecture.dimension)
    var minus = [Int](repeating: -1, count: architecture.dimension)
    let last = architecture.experts - 1
    for (place, expert) in permutation.enumerated() {
      plus[architecture.intercepts.lowerBound + place] = architecture.intercepts.lowerBound + expert
      plus[architecture.logSigmas.lowerBound + place] = architecture.logSigmas.lowerBound + expert
      for (to, from) in zip(architecture.slopes(of: place), architecture.slopes(of: expert)) { plus[to] = from }
      guard place < last else { continue }
      for (feature, to) in architecture.gate(column: place).enumerated() {
        plus[to] = expert == last ? -1 : architecture.gate(column: expert).lowerBound + feature
        minus[to] = permutation[last] == last ? -1 : architecture.gate(column: permutation[last]).lowerBound + feature
      }
    }
    self.plus = plus
    self.minus = minus
  }

  /// The way back.
  func inverse(_ architecture: ExpertArchitecture) -> Renumbering {
    var inverse = permutation
    for (place, expert) in permutation.enumerated() { inverse[expert] = place }
    return Renumbering(architecture, inverse)
  }

  /// Coordinate `index` of T q.
  @inline(__always)
  func value(_ index: Int, at q: Span<Double>) -> Double {
    let (plus, minus) = (plus[index], minus[index])
    return (plus < 0 ? 0 : q[plus]) - (minus < 0 ? 0 : q[minus])
  }

  /// T q.
  func applied(to q: [Double]) -> [Double] { q.indices.map { value($0, at: q.span) } }

  /// Adds Tᵀ g for a g with one entry, that of coordinate `index`.
  @inline(__always)
  func addTransposed(_ entry: Double, of index: Int, to gradient: inout MutableSpan<Double>) {
    let (plus, minus) = (plus[index], minus[index])
    if plus >= 0 { gradient[plus] += entry }
    if minus >= 0 { gradient[minus] -= entry }
  }
}
