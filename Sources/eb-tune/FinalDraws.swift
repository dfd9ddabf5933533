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
    let model = run.model
    guard model.architecture.experts > 1 else {
      (sample, numbering) = (draws.sample, .given)
      relabelling = nil
      return
    }
    guard model.ordering == .none else {
      (sample, numbering) = (draws.sample, .given)
      relabelling = "Draws are ordered by \(model.ordering.rawValue) after sampling" + Self.remark(on: draws)
      return
    }
    guard model.architecture.experts <= Relabelling.mostExperts else {
      (sample, numbering) = (draws.sample, .none)
      relabelling = "Draws of more than \(Relabelling.mostExperts) experts are not renumbered."
      return
    }
    guard model.givesExpertsTheSamePriors(at: lambda) else {
      (sample, numbering) = (draws.sample, .byPriors)
      let moves = inner.sample.symmetryMoves
      relabelling =
        (model.tunesExpertsApart(lambda)
          ? "Experts have the numbers that their priors were tuned with"
          : "Experts keep the numbers that their priors give them")
        + (moves == 0
          ? "." : "; both sides of \(moves) pairs of successive draws were numbered differently, as the priors allow.")
      return
    }
    var labelling: Labelling?
    if case .renumbered(let known) = other?.numbering { labelling = known }
    let relabelled = try model.relabelled(draws.sample.positions, to: labelling)
    numbering = .renumbered(relabelled.labelling)
    var sample = draws.sample
    sample.positions = relabelled.positions
    self.sample = sample
    relabelling = Self.remark(on: relabelled, experts: model.architecture.experts)
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
