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
  /// The expected prior information, one entry a coordinate.
  public let priorInformation: [Double]

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
    weights = draws.weights

    var likelihoods: [Double] = []
    var priors: [Double] = []
    var entropies: [Double] = []
    var scores = [[Double]](repeating: [], count: lambda.coordinates.count)
    var score = [Double](repeating: 0, count: lambda.count)
    for draw in 0..<sample.count {
      sample.withPosition(draw) { position in
        likelihoods.append(model.logLikelihood(at: position))
        priors.append(model.logPrior(at: position, given: lambda))
        if let entropy = model.logAllocationEntropy(at: position) { entropies.append(entropy) }
        var span = score.mutableSpan
        model.score(at: position, given: lambda, into: &span)
      }
      for (coordinate, value) in lambda.pulledBack(score).enumerated() { scores[coordinate].append(value) }
    }
    logLikelihood = likelihoods
    logPrior = priors
    entropy = entropies.count == sample.count ? EntropyPenalty.PerDraw(entropies) : nil
    priorInformation = model.priorInformation(at: lambda)
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

  /// The mean of `terms`, one a draw, as an estimate of the objective's derivative in a coordinate.
  ///
  /// A Laplace location has the score ±1/b, which is constant while all draws lie on one side; its sample variance of 0 is
  /// no certainty. By the rule of three (Hanley and Lippman-Hand 1983) an event of probability 3/S may well go unseen in S
  /// draws. With it a score of information I would jump by 2√I, so the error is taken to be 2√I · √(3/S) / √S. Where
  /// nothing is to be known (I = 0) a constant is one, and its error 0.
  func derivative(in coordinate: Int, from terms: [Double]) -> Estimate {
    var estimate = mean(of: terms)
    guard let first = scores[coordinate].first, scores[coordinate].allSatisfy({ $0 == first }) else { return estimate }
    let size = weights?.effectiveSampleSize ?? Double(terms.count)
    let unseen = 2 * (3 * priorInformation[coordinate]).squareRoot() / size
    estimate.standardError = max(estimate.standardError, unseen)
    return estimate
  }

  /// The Monte Carlo covariance of the mean score, by rows, from the standard errors of its entries: the scores' own
  /// correlations are taken to be those of their means.
  func covariance(ofGradient errors: [Double]) -> [Double] {
    let count = scores.first?.count ?? 0
    let weights = weights?.values ?? [Double](repeating: 1 / Double(max(1, count)), count: count)
    var matrix = LouisHessian.scoreCovariance(scores, weights)
    let q = errors.count
    let deviations = errors.indices.map { matrix[$0 * q + $0].squareRoot() }
    for row in 0..<q {
      for column in 0..<q {
        let scale = deviations[row] * deviations[column]
        let correlation = row == column ? 1 : scale > 0 ? matrix[row * q + column] / scale : 0
        matrix[row * q + column] = correlation == 0 ? 0 : correlation * errors[row] * errors[column]
      }
    }
    return matrix
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
