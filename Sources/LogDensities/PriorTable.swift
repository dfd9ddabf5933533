/// ln p(θ | λ) and its score for many draws at one λ.
public struct PriorTable: Sendable, Equatable {
  /// ln p(θ | λ) up to a term that depends on the draw and on no λ; one a draw.
  public var logPrior: [Double]
  /// ∂ ln p / ∂c, coordinates × draws.
  public var scores: [[Double]]

  /// A table from its parts.
  public init(logPrior: [Double], scores: [[Double]]) {
    self.logPrior = logPrior
    self.scores = scores
  }

  /// Every entry from the model's own prior and score, at positions one after the other.
  init<Model: HierarchicalModel>(of model: Model, at positions: [Double], draws: Int, given lambda: Hyperparameters) {
    let model = model.prepared(for: lambda)
    var logPrior: [Double] = []
    var scores = [[Double]](repeating: [], count: lambda.coordinates.count)
    var score = [Double](repeating: 0, count: lambda.count)
    for draw in 0..<draws {
      let position = positions.span.extracting(draw * model.dimension..<(draw + 1) * model.dimension)
      logPrior.append(model.logPrior(at: position, given: lambda))
      var span = score.mutableSpan
      model.score(at: position, given: lambda, into: &span)
      for (coordinate, value) in lambda.pulledBack(score).enumerated() { scores[coordinate].append(value) }
    }
    self.init(logPrior: logPrior, scores: scores)
  }
}

extension HierarchicalModel {
  /// The position itself.
  public func priorStatistics(at position: Span<Double>, for lambda: Hyperparameters) -> [Double] {
    (0..<position.count).map { position[$0] }
  }

  /// Draw by draw.
  public func priorTable(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable {
    PriorTable(of: self, at: statistics, draws: draws, given: lambda)
  }

  /// By central differences of the weighted score.
  public func priorCurvature(
    of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters
  ) -> [Double] {
    let q = lambda.coordinates.count
    func score(at free: [Double]) -> [Double] {
      priorTable(of: statistics, draws: draws, given: lambda.unclamped(to: free)).scores.map { scores in
        zip(scores, weights).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let step = 1e-4
    var result = [Double](repeating: 0, count: q * q)
    for row in 0..<q {
      var (up, down) = (lambda.free, lambda.free)
      up[row] += step
      down[row] -= step
      for (column, pair) in zip(score(at: up), score(at: down)).enumerated() {
        let half = (pair.0 - pair.1) / (4 * step)
        result[row * q + column] += half
        result[column * q + row] += half
      }
    }
    return result
  }

  /// None.
  public func pathwiseScore(
    at position: Span<Double>, likelihoodGradient: Span<Double>, given lambda: Hyperparameters
  ) -> [Double]? { nil }

  /// All of them.
  public func scoreIsContinuous(for lambda: Hyperparameters) -> [Bool] { lambda.coordinates.map { _ in true } }
}
