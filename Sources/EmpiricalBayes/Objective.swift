import LogDensities

/// (23): 𝓛(λ) = ln L(λ) + γ H(λ), plus ln p(λ) where there are hyperpriors.
public struct Objective: Sendable, Codable, Equatable {
  /// γ, the weight of the entropy penalty; 0 leaves it out.
  public let entropyWeight: Double

  /// An objective.
  /// - Throws: `TuningError.entropyWeight` unless γ is finite and not negative.
  public init(entropyWeight: Double = 0) throws(TuningError) {
    guard entropyWeight >= 0, entropyWeight.isFinite else { throw .entropyWeight(entropyWeight) }
    self.entropyWeight = entropyWeight
  }

  /// ln L alone.
  static var evidence: Objective { Objective(unchecked: 0) }

  private init(unchecked weight: Double) { entropyWeight = weight }

  /// Everything that one sample says about 𝓛 at one λ.
  public struct Value: Sendable, Equatable {
    /// (37).
    public let expectedLogLikelihood: Estimate
    /// (39); nil where the model allocates nothing.
    public let entropy: Estimate?
    /// Draws that all but use one expert only, see `EntropyPenalty.collapse`; nil where the model allocates nothing.
    public let collapsedDraws: Int?
    /// (41): ELL + γ H.
    public let surrogate: Estimate
    /// ln p(λ), up to a constant; nil where no coordinate has a hyperprior.
    public let logHyperprior: Double?
    /// The ascent direction (38) + γ (40) + ∇ ln p(λ), one entry a coordinate.
    public let gradient: [Estimate]
    /// The posterior variance of the prior's score, one entry a coordinate.
    public let scoreVariance: [Double]
    /// Kish's effective number of draws of the importance weights; nil where all weights are equal.
    public let weightEffectiveSize: Double?
  }

  /// All estimates from draws of the posterior at λ, each with its Monte Carlo standard error.
  /// - Throws: `TuningError` for a γ that the model has no use for, for no draws, and for scores that are not finite.
  public func estimate<Model: HierarchicalModel>(
    _ sample: WeightedSample, of model: Model, at lambda: Hyperparameters
  ) throws(TuningError) -> Value {
    try estimate(EvaluatedDraws(sample, of: model, at: lambda), at: lambda)
  }

  /// The same from draws that are evaluated already.
  public func estimate(_ draws: EvaluatedDraws, at lambda: Hyperparameters) throws(TuningError) -> Value {
    let entropy = draws.entropy
    guard entropy != nil || entropyWeight == 0 else { throw .nothingToAllocate }
    return Value(
      expectedLogLikelihood: ExpectedLogLikelihood.estimate(draws),
      entropy: entropy.map { EntropyPenalty.estimate($0, draws) },
      collapsedDraws: entropy?.collapsed,
      surrogate: surrogate(draws),
      logHyperprior: lambda.coordinates.contains { $0.hyperprior != nil } ? lambda.logHyperprior : nil,
      gradient: try gradient(draws, at: lambda),
      scoreVariance: draws.scoreVariance(),
      weightEffectiveSize: draws.weights?.effectiveSampleSize)
  }

  /// The error of a sum is that of the sum per draw: its terms are correlated.
  private func surrogate(_ draws: EvaluatedDraws) -> Estimate {
    let joint = ExpectedLogLikelihood.perDraw(draws)
    guard let entropy = draws.entropy, entropyWeight > 0 else { return draws.mean(of: joint) }
    return draws.mean(of: zip(joint, entropy.logEntropy).map { $0 + entropyWeight * $1 })
  }

  private func gradient(_ draws: EvaluatedDraws, at lambda: Hyperparameters) throws(TuningError) -> [Estimate] {
    var estimates = MarginalLikelihoodGradient.estimate(draws)
    if let entropy = draws.entropy, entropyWeight > 0 {
      let terms = EntropyPenalty.gradientTerms(entropy, draws)
      estimates = zip(draws.scores, terms).enumerated().map { coordinate, pair in
        draws.derivative(in: coordinate, from: zip(pair.0, pair.1).map { $0 + entropyWeight * $1 })
      }
    }
    let gradient = zip(estimates, lambda.hyperpriorGradient).map { $0.shifted(by: $1) }
    for (coordinate, entry) in zip(lambda.coordinates, gradient) where !entry.value.isFinite {
      throw .gradient(coordinate.name)
    }
    return gradient
  }
}

extension Estimate {
  /// The estimate plus a number that is known exactly.
  func shifted(by constant: Double) -> Estimate { Estimate(value: value + constant, standardError: standardError) }
}
