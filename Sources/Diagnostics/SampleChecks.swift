import Sampling

/// Whether a sample can be believed, in words: one check a symptom, each with its number, its status and a sentence.
public struct SampleChecks: Sendable, Codable, Equatable {
  /// Whether a check is satisfied.
  public enum Status: String, Sendable, Codable {
    /// Nothing to worry about.
    case pass
    /// Results are doubtful for the reason that the sentence gives.
    case warn
  }

  /// One symptom.
  public struct Check: Sendable, Codable, Equatable {
    /// What was looked at, such as `R-hat`.
    public let name: String
    /// The number that was judged; nil where it is infinite or there was nothing to judge.
    public let value: Double?
    /// The judgement.
    public let status: Status
    /// The judgement in a sentence.
    public let sentence: String

    /// A judgement; a value that is not finite is stored as nil, so that every encoder takes it.
    public init(name: String, value: Double, status: Status, sentence: String) {
      self.name = name
      self.value = value.isFinite ? value : nil
      self.status = status
      self.sentence = sentence
    }
  }

  /// A scalar function of the draws, with the name that people know it by.
  public struct Quantity: Sendable {
    /// The name.
    public let name: String
    /// Chains × draws.
    public let draws: [[Double]]

    /// A quantity.
    public init(name: String, draws: [[Double]]) {
      self.name = name
      self.draws = draws
    }
  }

  /// Where each check turns from pass to warn.
  public struct Limits: Sendable, Codable, Equatable {
    /// The largest acceptable rank-normalised split R-hat (Vehtari et al. 2021).
    public var rHat = 1.01
    /// The smallest acceptable bulk and tail effective sample size for each chain (Vehtari et al. 2021).
    public var essPerChain = 100.0
    /// The smallest acceptable energy fraction of missing information (Stan).
    public var ebfmi = 0.3
    /// The tree depth at which trajectories are cut off.
    public var treeDepth = 10

    /// The usual limits.
    public init() {}
  }

  /// The checks, in the order in which a reader should worry.
  public let checks: [Check]

  /// Whether every check passes.
  public var passes: Bool { checks.allSatisfy { $0.status == .pass } }
  /// The sentences of the checks that do not pass.
  public var warnings: [String] { checks.filter { $0.status == .warn }.map(\.sentence) }

  /// Judges a sample by the sampler's own records and by scalar quantities of its draws, best label-invariant ones.
  /// - Parameter hasTrajectories: Whether the sampler follows gradients along trajectories, so that divergences, depths and
  ///   energies mean something.
  public init(
    _ sample: PosteriorSample, quantities: [Quantity], limits: Limits = Limits(), hasTrajectories: Bool = true
  ) {
    let ofTrajectories =
      hasTrajectories ? [Self.divergences(sample), Self.saturation(sample, limits), Self.energy(sample, limits)] : []
    checks =
      [
        Self.rHat(quantities, limits),
        Self.size("bulk ESS", quantities, sample.chains, limits) { EffectiveSampleSize.bulk($0) },
        Self.size("tail ESS", quantities, sample.chains, limits) { EffectiveSampleSize.tail($0) },
      ].compactMap { $0 } + ofTrajectories
  }

  private static func rHat(_ quantities: [Quantity], _ limits: Limits) -> Check? {
    let all = quantities.map { ($0.name, RHat.rankNormalised($0.draws)) }
    guard let worst = all.max(by: { $0.1 < $1.1 }) else { return nil }
    let passes = worst.1 <= limits.rHat
    let text = decimalText(worst.1, places: 3)
    return Check(
      name: "R-hat", value: worst.1, status: passes ? .pass : .warn,
      sentence: passes
        ? "The chains agree: the largest R-hat is \(text), of \(worst.0)."
        : "The chains disagree: R-hat of \(worst.0) is \(text), above \(decimalText(limits.rHat)); draw longer, or look"
          + " for several modes.")
  }

  private static func size(
    _ name: String, _ quantities: [Quantity], _ chains: Int, _ limits: Limits, _ measure: ([[Double]]) -> Double
  ) -> Check? {
    let all = quantities.map { ($0.name, measure($0.draws)) }
    guard let worst = all.min(by: { $0.1 < $1.1 }) else { return nil }
    let wanted = limits.essPerChain * Double(chains)
    let passes = worst.1 >= wanted
    let text = decimalText(worst.1, places: 0)
    return Check(
      name: name, value: worst.1, status: passes ? .pass : .warn,
      sentence: passes
        ? "The smallest \(name) is \(text), of \(worst.0)."
        : "The \(name) of \(worst.0) is only \(text), below \(decimalText(wanted, places: 0)): its summaries are noisy;"
          + " draw longer.")
  }

  private static func divergences(_ sample: PosteriorSample) -> Check {
    let count = sample.statistics.count(where: \.isDivergent)
    return Check(
      name: "divergences", value: Double(count), status: count == 0 ? .pass : .warn,
      sentence: count == 0
        ? "No transition diverged."
        : "\(count) of \(sample.count) transitions diverged: parts of the posterior may be missing; raise the target"
          + " acceptance.")
  }

  private static func saturation(_ sample: PosteriorSample, _ limits: Limits) -> Check {
    let count = sample.statistics.count { $0.treeDepth >= limits.treeDepth }
    return Check(
      name: "tree depth", value: Double(count), status: count == 0 ? .pass : .warn,
      sentence: count == 0
        ? "No trajectory was cut off."
        : "\(count) of \(sample.count) trajectories were cut off at tree depth \(limits.treeDepth): the draws are valid"
          + " but move slowly.")
  }

  private static func energy(_ sample: PosteriorSample, _ limits: Limits) -> Check {
    let worst = EBFMI.perChain(sample).min() ?? 0
    let passes = worst >= limits.ebfmi
    let text = decimalText(worst)
    return Check(
      name: "E-BFMI", value: worst, status: passes ? .pass : .warn,
      sentence: passes
        ? "The energy is explored well: the smallest E-BFMI is \(text)."
        : "The energy is explored slowly: the smallest E-BFMI is \(text), below \(decimalText(limits.ebfmi)); the tails"
          + " may be missing.")
  }
}
