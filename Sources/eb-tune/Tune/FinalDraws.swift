import Diagnostics
import EmpiricalBayes
import Experts
import LogDensities
import Sampling
import TuningIO

/// Draws of the final posterior with experts numbered for people, and their diagnosis.
struct FinalDraws: Sendable {
  /// What gives experts their numbers.
  enum Numbering: Sendable {
    /// There is one expert, or an ordering that was asked for.
    case given
    /// The priors, which differ between experts.
    case byPriors
    /// Draws were renumbered so that each expert keeps one meaning.
    case renumbered(Labelling)
    /// Nothing: there are too many experts.
    case none
  }

  let numbering: Numbering
  let sample: PosteriorSample
  /// Log importance weights that a requested ordering owes; nil where there are none.
  let logWeights: [Double]?
  let checks: SampleChecks
  /// What was done to the numbering, as a sentence; nil where nothing was.
  let relabelling: String?

  /// What was done to chains in several modes, a sentence each.
  let modes: [String]

  /// - Parameter other: Draws whose numbering is taken over, where both are renumbered.
  init(
    _ inner: InnerDraws, at lambda: Hyperparameters, of run: TuningRun, numberedLike other: FinalDraws? = nil
  ) throws {
    let draws = inner.draws
    checks = run.checks(of: draws.sample)
    logWeights = draws.logWeights
    modes = inner.modes.remarks
    let numbered = try Self.numbered(inner, at: lambda, run.model, like: other?.numbering)
    numbering = numbered.numbering
    relabelling = numbered.remark
    sample = try draws.sample.moved(to: numbered.positions, under: run.model.posterior(given: lambda))
  }

  /// Positions with experts numbered for people, by what, and what was done to them.
  private static func numbered(
    _ inner: InnerDraws, at lambda: Hyperparameters, _ model: ExpertModel, like other: Numbering?
  ) throws -> (positions: [Double], numbering: Numbering, remark: String?) {
    let draws = inner.draws
    let positions = draws.sample.positions
    guard model.architecture.experts > 1 else { return (positions, .given, nil) }
    guard model.ordering == .none else {
      return (
        positions, .given, "Draws are ordered by \(model.ordering.rawValue) after sampling" + remark(on: draws)
      )
    }
    guard model.architecture.experts <= Relabelling.mostExperts else {
      return (positions, .none, "Draws of more than \(Relabelling.mostExperts) experts are not renumbered.")
    }
    guard model.givesExpertsTheSamePriors(at: lambda) else {
      let moves = inner.sample.symmetryMoves
      let numbers =
        model.tunesExpertsApart(lambda)
        ? "Experts have the numbers that their priors were tuned with"
        : "Experts keep the numbers that their priors give them"
      return (
        positions, .byPriors,
        numbers
          + (moves == 0
            ? "."
            : "; both sides of \(moves) pairs of successive draws were numbered differently, as the priors allow.")
      )
    }
    var labelling: Labelling?
    if case .renumbered(let known) = other { labelling = known }
    let relabelled = try model.relabelled(positions, to: labelling)
    return (
      relabelled.positions, .renumbered(relabelled.labelling),
      remark(on: relabelled, experts: model.architecture.experts)
    )
  }

  /// How many draws were renumbered and how clearly; and, for three experts or more, which of them were the gate's reference.
  private static func remark(on relabelling: Relabelling, experts: Int) -> String {
    let draws = relabelling.permutations.count
    let moved = relabelling.permutations.count { $0 != Array($0.indices) }
    let references = Set(relabelling.permutations.compactMap(\.last)).count
    var sentence =
      moved == 0
      ? "No draw had to have its experts renumbered"
      : "Experts were renumbered in \(moved) of \(draws) draws so that each keeps one meaning"
        + (experts > 2 ? ", and the gate's reference with them" : "")
    sentence += "; \(NumberText.fixed(100 * relabelling.ambiguity, digits: 1)) % of the draws are ambiguous."
    if experts > 2 {
      sentence +=
        " The gate's reference, on which the prior depends a little, was drawn anew with every draw: \(references) of"
        + " \(experts) experts have served."
    }
    return sentence
  }

  /// What the importance weights of an ordering leave of the draws; below a tenth, that is too little to rely on.
  private static func remark(on draws: WeightedSample) -> String {
    guard let logWeights = draws.logWeights else { return "." }
    let size = ImportanceWeights(logWeights: logWeights).effectiveSampleSize
    let text =
      "; their importance weights leave \(NumberText.fixed(size, digits: 0)) effective draws of \(draws.sample.count)"
    return text + (10 * size < Double(draws.sample.count) ? ", too few to rely on: prefer --order none." : ".")
  }
}
