import Diagnostics
import LogDensities
import Sampling

/// What the estimators need to know of every draw, computed once.
public struct EvaluatedDraws: Sendable {
  /// ln p(y | θ), one a draw.
  public let logLikelihood: [Double]
  /// ln p(θ | λ), one a draw.
  public let logPrior: [Double]
  /// The entropy of expert use, one a draw; nil where the model has no experts, or one only.
  public let entropy: EntropyPenalty.PerDraw?
  /// ∂ ln p(θ | λ) / ∂λ, coordinates × draws.
  public let scores: [[Double]]
  /// Normalised weights; nil where all are equal.
  public let weights: ImportanceWeights?

  private let chains: Int
  private let drawsPerChain: Int

  /// The draws of a sample seen through a model at λ.
  public init<Model: HierarchicalModel>(
    _ draws: WeightedSample, of model: Model, at lambda: Hyperparameters
  ) throws(TuningError) {
    let sample = draws.sample
    guard sample.count > 0 else { throw .noDraws }
    let model = model.prepared(for: lambda)
    chains = sample.chains
    drawsPerChain = sample.drawsPerChain
    weights = draws.logWeights.map { ImportanceWeights(logWeights: $0) }

    var likelihoods: [Double] = []
    var priors: [Double] = []
    var allocations: [[Double]] = []
    var scores = [[Double]](repeating: [], count: lambda.coordinates.count)
    var score = [Double](repeating: 0, count: lambda.count)
    for draw in 0..<sample.count {
      sample.withPosition(draw) { position in
        likelihoods.append(model.logLikelihood(at: position))
        priors.append(model.logPrior(at: position, given: lambda))
        allocations.append(model.meanAllocation(at: position))
        var span = score.mutableSpan
        model.score(at: position, given: lambda, into: &span)
      }
      for (coordinate, value) in lambda.pulledBack(score).enumerated() { scores[coordinate].append(value) }
    }
    logLikelihood = likelihoods
    logPrior = priors
    entropy = EntropyPenalty.PerDraw(allocations)
    self.scores = scores
  }

  /// The mean of one value a draw, with its standard error from the autocorrelation within chains.
  public func mean(of values: [Double]) -> Estimate {
    let shaped = chainwise(values)
    guard let weights else {
      return Estimate(value: weighted(values), standardError: MonteCarloError.mean(shaped))
    }
    return Estimate(
      value: weighted(values), standardError: MonteCarloError.weightedMean(shaped, weights: weights.values))
  }

  /// The mean of one value a draw.
  public func weighted(_ values: [Double]) -> Double {
    weights?.mean([values]) ?? values.reduce(0, +) / Double(values.count)
  }

  /// The posterior variance of the score, one entry a coordinate.
  func scoreVariance() -> [Double] {
    scores.map { score in
      let centre = weighted(score)
      return weighted(score.map { ($0 - centre) * ($0 - centre) })
    }
  }

  private func chainwise(_ values: [Double]) -> [[Double]] {
    (0..<chains).map { Array(values[$0 * drawsPerChain..<($0 + 1) * drawsPerChain]) }
  }
}
