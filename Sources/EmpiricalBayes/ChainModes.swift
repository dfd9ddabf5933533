#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities
import Sampling

/// Which chains of a sample sit in which mode of the posterior, what each mode is worth, and what to do about it.
///
/// Two chains are in different modes where a label-invariant quantity tells nearly all draws of one from those of the other.
/// A mode's height says nothing of its mass, so that each mode's mass is estimated; see `ModeMass`.
public struct ChainModes: Sendable, Equatable {
  /// Chains that agree with each other, and with no others.
  public struct Mode: Sendable, Equatable {
    /// Their indices, ascending.
    public let chains: [Int]
    /// The mean log-likelihood of their draws.
    public let logLikelihood: Double
    /// ln of the mode's mass over that of the heaviest mode, whose own entry is 0; nil where it cannot be estimated, and
    /// where there is one mode only. The error is the combined one of both.
    public let logMass: Estimate?
    /// Whether the mass is negligible: 7 nats and 3 errors below that of the heaviest mode.
    public let isNegligible: Bool
    /// The share of the mass of all modes that are not negligible; 0 for those.
    public let share: Double
  }

  /// The modes, heaviest first; those of unknown mass last.
  public let modes: [Mode]
  /// Chains whose mean log-likelihood is more than 20 nats below that of the best chain.
  public let lowChains: [Int]
  /// The mean log-likelihood of every chain.
  public let logLikelihoods: [Double]
  /// What estimating masses has cost; 0 for one mode.
  public let gradientEvaluations: Int

  /// A chain so far below the best one is flagged, in nats.
  static let lowLogLikelihood = 20.0
  /// Mass so far below is negligible, in nats, errors apart.
  static let negligibleLogMass = 7.0

  /// Chains shorter than this tell too little of a mode's mass: only low ones are negligible then.
  static let fewDraws = 8

  /// Whether all chains agree on one mode.
  public var isSingle: Bool { modes.count == 1 }
  /// Chains in modes of negligible mass.
  public var negligibleChains: [Int] { modes.filter(\.isNegligible).flatMap(\.chains).sorted() }

  /// The modes of a sample of `model`'s posterior at λ, as it was sampled (before any `canonicalise`).
  /// - Parameters:
  ///   - seed: With `iteration` it names the random numbers of the estimates of mass.
  /// - Throws: `ModelError` where λ has no posterior.
  public init<Model: HierarchicalModel>(
    _ sample: PosteriorSample, of model: Model, at lambda: Hyperparameters, seed: UInt64 = 1, iteration: UInt32 = 0
  ) throws(ModelError) {
    let likelihood = sample.map(model.logLikelihood)
    let means = likelihood.map { $0.reduce(0, +) / Double(max(1, $0.count)) }
    logLikelihoods = means
    let best = means.max() ?? 0
    lowChains = means.indices.filter { means[$0] < best - Self.lowLogLikelihood }
    let quantities = SampleChecks.quantities(of: model, sample).map(\.draws) + [likelihood]
    let groups = Self.groups(of: sample.chains) { first, second in
      quantities.contains { ChainSeparation.isComplete($0[first], $0[second]) }
    }
    func level(_ group: [Int]) -> Double { group.reduce(0) { $0 + means[$1] } / Double(group.count) }
    guard groups.count > 1 else {
      modes = groups.map { Mode(chains: $0, logLikelihood: level($0), logMass: nil, isNegligible: false, share: 1) }
      gradientEvaluations = 0
      return
    }
    let masses = try Self.masses(of: groups, sample, of: model, at: lambda, seed: seed, iteration: iteration)
    gradientEvaluations = masses.reduce(0) { $0 + ($1?.evaluations ?? 0) }
    modes = Self.ranked(
      groups, levels: groups.map(level), masses: masses.map { $0?.logMass },
      isShort: sample.drawsPerChain < Self.fewDraws)
  }

  /// Chains that are linked by not being separated, each group ascending.
  static func groups(of chains: Int, areSeparate: (Int, Int) -> Bool) -> [[Int]] {
    var owner = Array(0..<chains)
    for first in 0..<chains {
      for second in first + 1..<max(first + 1, chains) where owner[first] != owner[second] {
        guard !areSeparate(first, second) else { continue }
        let (kept, gone) = (min(owner[first], owner[second]), max(owner[first], owner[second]))
        for chain in owner.indices where owner[chain] == gone { owner[chain] = kept }
      }
    }
    return Set(owner).sorted().map { name in owner.indices.filter { owner[$0] == name } }
  }

  /// Each mode's mass over one labelling, of the density that chains move on.
  private static func masses<Model: HierarchicalModel>(
    of groups: [[Int]], _ sample: PosteriorSample, of model: Model, at lambda: Hyperparameters, seed: UInt64,
    iteration: UInt32
  ) throws(ModelError) -> [ModeMass?] {
    guard let density = try model.weighableDensity(given: lambda) else { return groups.map { _ in nil } }
    let (d, perChain) = (sample.dimension, sample.drawsPerChain)
    return groups.enumerated().map { index, group in
      let own = group.flatMap { sample.positions[$0 * perChain * d..<($0 + 1) * perChain * d] }
      var draws = own
      _ = model.align(draws: &draws, to: nil, given: lambda)
      if !Self.isTighter(draws, than: own, density) { draws = own }
      let chains = group.indices.map { chain in
        (0..<perChain).map { Array(draws[(chain * perChain + $0) * d..<(chain * perChain + $0 + 1) * d]) }
      }
      return ModeMass(
        chains, of: density,
        stream: RandomStream(seed: seed, iteration: iteration, chain: UInt32(index), purpose: .partition))
    }
  }

  /// Whether renumbered draws lie closer together than they did, at the same density: then it has gathered what was in several
  /// numberings. It may also scatter what was in one, where priors tell experts apart or a mode leaves one of them unused.
  private static func isTighter(_ renumbered: [Double], than own: [Double], _ density: any LogDensity) -> Bool {
    let d = density.dimension
    func spread(_ draws: [Double]) -> Double? {
      NormalMass.logMass(
        of: stride(from: 0, to: draws.count, by: d).map { draws[$0..<$0 + d] }, meanLogDensity: 0)
    }
    guard let before = spread(own), let after = spread(renumbered), after < before else { return false }
    return stride(from: 0, to: own.count, by: max(1, own.count / d / 20) * d).allSatisfy { start in
      let places = [own, renumbered].map { try? density.evaluate(at: Array($0[start..<start + d])).value }
      guard let first = places[0], let second = places[1] else { return false }
      return abs(first - second) <= 1e-8 * max(1, abs(first))
    }
  }

  private static func ranked(_ groups: [[Int]], levels: [Double], masses: [Estimate?], isShort: Bool) -> [Mode] {
    let order = groups.indices.sorted { first, second in
      let (a, b) = (masses[first]?.value ?? -.infinity, masses[second]?.value ?? -.infinity)
      return a == b ? first < second : a > b
    }
    let top = order.first.flatMap { masses[$0] }
    let relative = order.enumerated().map { rank, group -> Estimate? in
      guard let mass = masses[group], let top else { return nil }
      return Estimate(
        value: mass.value - top.value, standardError: rank == 0 ? 0 : hypot(mass.standardError, top.standardError))
    }
    let best = levels.max() ?? 0
    let negligible = zip(order, relative).map { group, mass in
      (mass.map { -$0.value > negligibleLogMass + 3 * $0.standardError } ?? false)
        && (!isShort || levels[group] < best - lowLogLikelihood)
    }
    // A mode of unknown mass counts by its chains.
    let unknown = zip(order, relative).reduce(0) { $1.1 == nil ? $0 + groups[$1.0].count : $0 }
    let chains = groups.reduce(0) { $0 + $1.count }
    let known = 1 - Double(unknown) / Double(chains)
    let total = zip(relative, negligible).reduce(0.0) { sum, mode in
      mode.1 ? sum : sum + (mode.0.map { exp($0.value) } ?? 0)
    }
    return order.indices.map { rank in
      let group = groups[order[rank]]
      let own = relative[rank].map { known * exp($0.value) / total } ?? Double(group.count) / Double(chains)
      return Mode(
        chains: group, logLikelihood: levels[order[rank]], logMass: relative[rank], isNegligible: negligible[rank],
        share: negligible[rank] ? 0 : own)
    }
  }
}
