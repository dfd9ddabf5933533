import Diagnostics
import LogDensities

/// What the uncertainty of λ̂ does to posterior means and standard deviations, which plugging in λ̂ understates.
///
/// To first order (Kass and Steffey 1989) the variance of f gains ∂E[f]ᵀ J⁻¹ ∂E[f], with ∂E[f]/∂λ = Cov(f, score) over the
/// posterior; and by reweighting the same draws, see `LambdaAveraging`, where that is allowed.
public struct UncertaintyCorrection: Sendable, Codable, Equatable {
  /// One scalar function of the draws.
  public struct Function: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// Its posterior mean at λ̂.
    public let mean: Double
    /// Its posterior standard deviation at λ̂.
    public let deviation: Double
    /// ∂E[f]/∂c, one entry a coordinate of λ, with Monte Carlo standard errors.
    public let derivatives: [Estimate]
    /// ∂E[f]ᵀ J⁻¹ ∂E[f], what its variance gains to first order, with its Monte Carlo standard error; nil where λ has no
    /// covariance.
    public let varianceGain: Estimate?
    /// Its mean averaged over λ; nil where reweighting is not allowed.
    public let averagedMean: Double?
    /// Its standard deviation averaged over λ; nil where reweighting is not allowed.
    public let averagedDeviation: Double?

    /// The standard deviation corrected to first order; nil where λ has no covariance.
    public var correctedDeviation: Double? {
      varianceGain.map { (deviation * deviation + max($0.value, 0)).squareRoot() }
    }
  }

  /// One entry a function, in the order given.
  public let functions: [Function]
  /// The weights behind the averages, for export; nil where λ has no covariance. See `LambdaAveraging.isAllowed`.
  public let averaging: LambdaAveraging?

  /// - Parameters:
  ///   - draws: Of the posterior at λ.
  ///   - uncertainty: Of λ, from the same draws or better ones.
  ///   - functions: Names of scalar functions of the draws.
  ///   - values: Their values, functions × draws, chain by chain.
  /// - Throws: `TuningError.noDraws`.
  public init<Model: HierarchicalModel>(
    _ draws: WeightedSample, of model: Model, at lambda: Hyperparameters, uncertainty: LambdaUncertainty,
    functions names: [String], values: [[Double]]
  ) throws(TuningError) {
    precondition(names.count == values.count, "one name a function")
    precondition(values.allSatisfy { $0.count == draws.sample.count }, "one value a draw")
    let evaluated = try EvaluatedDraws(draws, of: model, at: lambda)
    let averaging = LambdaAveraging(draws, of: model, at: lambda, uncertainty: uncertainty)
    let weights = averaging.flatMap { $0.isAllowed ? ImportanceWeights(logWeights: $0.logWeights) : nil }
    let centred = evaluated.scores.map { score in
      let mean = evaluated.weighted(score)
      return score.map { $0 - mean }
    }
    self.averaging = averaging
    self.functions = zip(names, values).map { name, values in
      let mean = evaluated.weighted(values)
      let residuals = values.map { $0 - mean }
      let derivatives = centred.map { score in evaluated.mean(of: zip(residuals, score).map { $0 * $1 }) }
      let averagedMean = weights.map { $0.mean([values]) }
      return Function(
        name: name, mean: mean, deviation: evaluated.weighted(residuals.map { $0 * $0 }).squareRoot(),
        derivatives: derivatives,
        varianceGain: Self.varianceGain(derivatives.map(\.value), residuals, centred, uncertainty, evaluated),
        averagedMean: averagedMean,
        averagedDeviation: averagedMean.flatMap { centre in
          weights.map { $0.mean([values.map { ($0 - centre) * ($0 - centre) }]).squareRoot() }
        })
    }
  }

  /// dᵀ J⁻¹ d; its influence is 2 aᵀ(terms − d) with a = J⁻¹ d.
  private static func varianceGain(
    _ derivative: [Double], _ residuals: [Double], _ centred: [[Double]], _ uncertainty: LambdaUncertainty,
    _ evaluated: EvaluatedDraws
  ) -> Estimate? {
    guard let covariance = uncertainty.covariance else { return nil }
    let free = uncertainty.free
    let direction = free.indices.map { row in
      free.indices.reduce(0) { $0 + covariance[row * free.count + $1] * derivative[free[$1]] }
    }
    var terms = [Double](repeating: 0, count: residuals.count)
    for (row, coordinate) in free.enumerated() {
      for draw in terms.indices { terms[draw] += direction[row] * centred[coordinate][draw] * residuals[draw] }
    }
    let gain = evaluated.mean(of: terms)
    return Estimate(value: gain.value, standardError: 2 * gain.standardError)
  }
}
