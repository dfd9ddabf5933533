import Diagnostics
import LogDensities

extension TreeMixingSample {
  /// All draws at a run of points: Σ w f and then each w_k, every quantity and point with its draws in a row, chain by chain.
  private struct Block: Sendable {
    let points: Int
    let draws: Int
    /// Quantity q at a point begins at (q · points + point) · draws; quantity 0 is the mixture.
    var values: [Double]

    func draws(quantity: Int, point: Int) -> ArraySlice<Double> {
      let start = (quantity * points + point) * draws
      return values[start..<start + draws]
    }
  }

  /// Summaries at new rows.
  ///
  /// - Parameters:
  ///   - inputs: The new inputs, column by column.
  ///   - predictions: What the models say there.
  ///   - includingNoise: Whether spread and quantiles of the mixture are to be those of a new response. Quantiles are then of one
  ///     response drawn for each posterior draw, standard deviations exact.
  ///   - responseErrors: s of a new response at each row, as the data's errors are those of theirs; 1 where it is nil.
  ///   - seed: Names the random numbers of that noise.
  /// - Throws: `MixingError` where the rows do not fit, and `.cancelled`.
  public func predict(
    at inputs: [[Double]], predictions: ModelPredictions, probabilities: [Double] = [0.025, 0.5, 0.975],
    includingNoise: Bool = false, responseErrors: [Double]? = nil, weights constraint: WeightConstraint = .none,
    seed: UInt64 = 1, threads: Int = 2
  ) async throws(MixingError) -> TreePredictions {
    for probability in probabilities where !(probability >= 0 && probability <= 1) {
      throw .setting(name: "probability", value: "\(probability)", allowed: "from 0 to 1")
    }
    if let responseErrors {
      try MixingError.check(responseErrors, "The response's error", count: predictions.count)
      if let row = responseErrors.firstIndex(where: { $0 < 0 }) {
        throw .negative(what: "The response's error", row: row)
      }
    }
    let noise = forests.flatMap(\.sigmas)
    let variance = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
    let blocks = try await summarise(at: inputs, predictions, constraint, threads: threads) { block, first in
      (0..<block.points).map { point in
        var mixture = Array(block.draws(quantity: 0, point: point))
        var moments = Self.moments(mixture)
        if includingNoise {
          var stream = RandomStream(seed: seed, iteration: UInt32(first + point), purpose: .prediction)
          let scale = responseErrors?[first + point] ?? 1
          for draw in mixture.indices { mixture[draw] += scale * noise[draw] * stream.normal() }
          moments.deviation = (moments.deviation * moments.deviation + scale * scale * variance).squareRoot()
        }
        var summaries = [Self.summary(&mixture, moments, probabilities)]
        for model in 0..<models {
          var weights = Array(block.draws(quantity: model + 1, point: point))
          summaries.append(Self.summary(&weights, Self.moments(weights), probabilities))
        }
        return summaries
      }
    }
    let points = blocks.flatMap { $0 }
    return TreePredictions(
      probabilities: probabilities, includesNoise: includingNoise, weightConstraint: constraint,
      mixture: points.map { $0[0] }, weights: (0..<models).map { model in points.map { $0[model + 1] } })
  }

  /// Every draw at new rows; mind the memory, (1 + K) numbers for each draw and row.
  /// - Throws: `MixingError` where the rows do not fit, and `.cancelled`.
  public func draws(
    at inputs: [[Double]], predictions: ModelPredictions, weights constraint: WeightConstraint = .none,
    threads: Int = 2
  ) async throws(MixingError) -> TreePredictionDraws {
    let blocks = try await summarise(at: inputs, predictions, constraint, threads: threads) { block, _ in
      (0..<block.points).map { point in
        (0...models).map { quantity in
          let draws = block.draws(quantity: quantity, point: point)
          return (0..<chains).map { chain in
            Array(draws[draws.startIndex + chain * drawsPerChain..<draws.startIndex + (chain + 1) * drawsPerChain])
          }
        }
      }
    }
    let points = blocks.flatMap { $0 }
    return TreePredictionDraws(
      mixture: points.map { $0[0] }, weights: (0..<models).map { model in points.map { $0[model + 1] } })
  }

  /// Runs `body` on blocks of points, in order; memory stays bounded by the block's size.
  private func summarise<Value: Sendable>(
    at inputs: [[Double]], _ predictions: ModelPredictions, _ constraint: WeightConstraint, threads: Int,
    _ body: @escaping @Sendable (Block, _ firstPoint: Int) -> Value
  ) async throws(MixingError) -> [Value] {
    guard threads >= 1 else { throw .setting(name: "threads", value: "\(threads)", allowed: "at least 1") }
    try MixingError.check(predictions.models, "The list of models", expected: models)
    try MixingError.check(inputs.count, "The list of input columns", expected: grid.cuts.count)
    for (index, column) in inputs.enumerated() {
      try MixingError.check(column, "Input column \(index + 1)", count: predictions.count)
    }
    let size = min(64, max(1, 4_000_000 / (chains * drawsPerChain * (models + 1))))
    let count = predictions.count
    return try await tasks((count + size - 1) / size, threads: threads) { index throws(MixingError) in
      let range = index * size..<min(count, (index + 1) * size)
      return body(block(inputs, predictions.means, range, constraint), range.lowerBound)
    }
  }

  private func block(
    _ inputs: [[Double]], _ means: [[Double]], _ range: Range<Int>, _ constraint: WeightConstraint
  ) -> Block {
    let count = range.count
    let total = chains * drawsPerChain
    let splits = SplitMasks(
      bins: grid.bins(of: inputs.map { Array($0[range]) }), rows: count, cutCounts: grid.counts)
    var block = Block(points: count, draws: total, values: [Double](repeating: 0, count: (models + 1) * count * total))
    var weights = [Double](repeating: 0, count: count * models)
    var sorted = [Double](repeating: 0, count: models)
    var values = block.values.mutableSpan
    var index = 0
    for forest in forests {
      for draw in 0..<forest.draws {
        var span = weights.mutableSpan
        forest.weights(draw: draw, splits: splits, count: count, into: &span)
        for point in 0..<count {
          if constraint == .simplex {
            var room = sorted.mutableSpan
            SimplexProjection.project(&span, from: point * models, count: models, sorted: &room)
          }
          var mixture = 0.0
          for model in 0..<models {
            let weight = span[point * models + model]
            mixture += weight * means[model][range.lowerBound + point]
            values[((model + 1) * count + point) * total + index] = weight
          }
          values[point * total + index] = mixture
        }
        index += 1
      }
    }
    return block
  }

  private static func moments(_ draws: [Double]) -> (mean: Double, deviation: Double) {
    let mean = draws.reduce(0, +) / Double(draws.count)
    let squares = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(max(1, draws.count - 1))).squareRoot())
  }

  private static func summary(
    _ draws: inout [Double], _ moments: (mean: Double, deviation: Double), _ probabilities: [Double]
  ) -> PredictionSummary {
    let last = draws.count - 1
    let ranks = Set(
      probabilities.flatMap { probability in
        let rank = min(last, Int(probability * Double(last)))
        return [max(0, rank - 1), rank, min(last, rank + 1), min(last, rank + 2)]
      })
    OrderStatistics.place(&draws, at: ranks.sorted())
    return PredictionSummary(
      mean: moments.mean, standardDeviation: moments.deviation,
      quantiles: probabilities.map { sampleQuantile(ofSorted: draws, $0) })
  }
}
