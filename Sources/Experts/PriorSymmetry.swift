#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities
import Priors

/// The numberings of experts between which a prior, but not the likelihood, makes a difference, and what it makes of
/// them: ln p(T_k q) of every numbering k up to a common term.
///
/// With equal priors for all experts only the gate's reference matters: M numberings, each with another reference. With
/// priors that differ all M! numberings count, up to four experts; above, those that exchange the reference.
struct PriorSymmetry: Sendable {
  /// The prior of a coordinate, ready for use.
  private struct Term: Sendable {
    let index: Int
    let prior: ScalarPrior
    let isLaplace: Bool
    let location: Double
    let reciprocalScale: Double

    init(_ index: Int, _ prior: ScalarPrior) {
      self.index = index
      self.prior = prior
      isLaplace = prior.family == .laplace
      location = isLaplace ? prior.naturalValues[0] : 0
      reciprocalScale = isLaplace ? 1 / prior.naturalValues[1] : 0
    }

    /// Up to a constant of the coordinate, which every numbering has.
    @inline(__always)
    func value(at u: Double) -> Double {
      isLaplace ? -abs(u - location) * reciprocalScale : prior.logDensity(at: u)
    }

    @inline(__always)
    func derivative(at u: Double) -> Double {
      guard isLaplace else { return prior.derivative(at: u) }
      return u == location ? 0 : u > location ? -reciprocalScale : reciprocalScale
    }
  }

  /// All M! numberings up to this many experts.
  private static let mostPermuted = 4

  /// The identity first.
  let numberings: [Renumbering]
  private let terms: [Term]

  /// nil where the prior treats all numberings alike.
  init?(_ architecture: ExpertArchitecture, _ priors: [ScalarPrior]) {
    let experts = architecture.experts
    guard experts > 1 else { return nil }
    let isExchangeable = Self.isExchangeable(architecture, priors)
    let isSymmetricGate = architecture.gate.allSatisfy { Self.isEven(priors[$0]) }
    if isExchangeable && experts == 2 && isSymmetricGate { return nil }
    let identity = Array(0..<experts)
    let permutations: [[Int]]
    if !isExchangeable && experts <= Self.mostPermuted {
      permutations = Self.permutations(of: identity)
    } else {
      permutations =
        [identity]
        + (0..<experts - 1).map { expert in
          var exchanged = identity
          exchanged.swapAt(expert, experts - 1)
          return exchanged
        }
    }
    numberings = permutations.map { Renumbering(architecture, $0) }
    let sensitive =
      isExchangeable
      ? Array(architecture.gate) : (0..<architecture.dimension).filter { !architecture.behaviour.contains($0) }
    terms = sensitive.map { Term($0, priors[$0]) }
  }

  /// All orders of `items`, the one given first.
  private static func permutations(of items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { index in
      var rest = items
      let first = rest.remove(at: index)
      return permutations(of: rest).map { [first] + $0 }
    }
  }

  /// Whether x and −x have the same density: what exchanging two experts asks of the one gate column.
  private static func isEven(_ prior: ScalarPrior) -> Bool {
    switch prior.family {
    case .laplace, .normal, .studentT: prior.naturalValues[0] == 0
    default: false
    }
  }

  private static func isExchangeable(_ architecture: ExpertArchitecture, _ priors: [ScalarPrior]) -> Bool {
    func areEqual(_ runs: [Range<Int>]) -> Bool {
      runs.allSatisfy { run in zip(run, runs[0]).allSatisfy { priors[$0] == priors[$1] } }
    }
    let experts = 0..<architecture.experts
    return areEqual(architecture.intercepts.map { $0..<$0 + 1 }) && areEqual(experts.map(architecture.slopes(of:)))
      && areEqual((0..<architecture.experts - 1).map(architecture.gate(column:)))
      && areEqual(architecture.logSigmas.map { $0..<$0 + 1 })
  }

  /// ln p(T_k q), up to a term that all numberings share.
  @inline(__always)
  private func value(_ numbering: Renumbering, at q: Span<Double>) -> Double {
    var sum = 0.0
    for term in terms { sum += term.value(at: numbering.value(term.index, at: q)) }
    return sum
  }

  /// The shares p(T_k q) / Σ_j p(T_j q), in `shares`, one a numbering; returns ln Σ_j p(T_j q) / p(q).
  func shares(at q: Span<Double>, into shares: inout MutableSpan<Double>) -> Double {
    for k in 0..<numberings.count { shares[k] = value(numberings[k], at: q) }
    let own = shares[0]
    var top = own
    for k in 1..<numberings.count where shares[k] > top { top = shares[k] }
    var sum = 0.0
    for k in 0..<numberings.count {
      shares[k] = exp(shares[k] - top)
      sum += shares[k]
    }
    for k in 0..<numberings.count { shares[k] /= sum }
    return top - own + log(sum)
  }

  /// Adds the gradient of ln Σ_k p(T_k q) / p(q), and returns its value. Nothing is allocated.
  func addGradient(at q: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: numberings.count) { buffer in
      buffer.initialize(repeating: 0)
      var shares = buffer.mutableSpan
      let value = self.shares(at: q, into: &shares)
      for k in 0..<numberings.count {
        let factor = k == 0 ? shares[0] - 1 : shares[k]
        guard abs(factor) > 1e-18 else { continue }
        for term in terms {
          let slope = term.derivative(at: numberings[k].value(term.index, at: q))
          numberings[k].addTransposed(factor * slope, of: term.index, to: &gradient)
        }
      }
      return value
    }
  }
}
