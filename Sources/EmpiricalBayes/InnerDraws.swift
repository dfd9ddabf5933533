import LogDensities
import Sampling

/// Draws of the posterior at one λ, fit to estimate from: chains in negligible modes left out, several modes of real mass
/// weighted, experts numbered alike where λ asks for it, an ordering applied. Everything done to a chain is a remark.
public struct InnerDraws: Sendable {
  /// As sampled.
  public let sample: PosteriorSample
  /// Fit to estimate from.
  public let draws: WeightedSample
  /// The modes of the chains.
  public let modes: ChainModes
  /// The labelling that the draws are in, to carry on; nil where numbers mean nothing.
  public let labelling: Labelling?

  /// The draws of `sample` at λ.
  /// - Parameter iteration: Names the random numbers of estimates of mass.
  /// - Throws: `TuningError.noWeight` where no draw can be moved to the ordering, `ModelError` where λ has no posterior.
  public init<Model: HierarchicalModel>(
    _ sample: PosteriorSample, of model: Model, at lambda: Hyperparameters, labelling: Labelling? = nil,
    iteration: UInt32
  ) throws {
    modes = try ChainModes(sample, of: model, at: lambda, iteration: iteration)
    self.sample = sample
    let negligible = Set(modes.negligibleChains)
    let kept = (0..<sample.chains).filter { !negligible.contains($0) }
    var used = negligible.isEmpty ? sample : sample.selecting(chains: kept)
    var logWeights = modes.isSingle ? nil : modes.logWeights(drawsPerChain: sample.drawsPerChain)
    if let all = logWeights {
      logWeights = kept.flatMap { all[$0 * sample.drawsPerChain..<($0 + 1) * sample.drawsPerChain] }
    }
    var next: Labelling?
    if model.tunesExpertsApart(lambda) {
      let aligned = model.align(draws: &used.positions, to: labelling, given: lambda)
      next = aligned.labelling
      if aligned.logWeights.contains(where: { $0 != 0 }) { logWeights = Self.sum(logWeights, aligned.logWeights) }
    }
    self.labelling = next
    var canonical = try WeightedSample(canonicalising: used, of: model, at: lambda)
    // Gradients belong to positions as sampled.
    if next != nil || canonical.sample.positions != used.positions {
      canonical.sample = canonical.sample.withoutGradients
    }
    let weights = Self.sum(logWeights, canonical.logWeights)
    draws = WeightedSample(canonical.sample, logWeights: weights.flatMap { Set($0).count > 1 ? $0 : nil })
  }

  private static func sum(_ first: [Double]?, _ second: [Double]?) -> [Double]? {
    guard let first, let second else { return first ?? second }
    return zip(first, second).map { $0 + $1 }
  }
}

extension PosteriorSample {
  /// The same draws without gradients.
  fileprivate var withoutGradients: PosteriorSample {
    PosteriorSample(
      dimension: dimension, chains: chains, drawsPerChain: drawsPerChain, positions: positions, statistics: statistics,
      gradientEvaluations: gradientEvaluations)
  }

  /// The draws of some of the chains, in the order given; the price stays that of all.
  func selecting(chains kept: [Int]) -> PosteriorSample {
    func part<Element>(_ values: [Element], _ width: Int) -> [Element] {
      values.isEmpty
        ? [] : kept.flatMap { values[$0 * drawsPerChain * width..<($0 + 1) * drawsPerChain * width] }
    }
    return PosteriorSample(
      dimension: dimension, chains: kept.count, drawsPerChain: drawsPerChain, positions: part(positions, dimension),
      gradients: part(gradients, dimension), statistics: part(statistics, 1), gradientEvaluations: gradientEvaluations)
  }
}

extension PosteriorSample {
  /// The same draws, which cost `more` gradient evaluations on top.
  func costing(_ more: Int) -> PosteriorSample {
    PosteriorSample(
      dimension: dimension, chains: chains, drawsPerChain: drawsPerChain, positions: positions, gradients: gradients,
      statistics: statistics, gradientEvaluations: gradientEvaluations + more)
  }
}
