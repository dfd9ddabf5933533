#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// What posterior draws of an experts model say about new rows (21).
///
/// Draws may carry log importance weights (those of `canonicalise`). Rows are visited in chunks, so that memory does not
/// grow with rows × draws.
public struct PosteriorPredictive: Sendable {
  /// Summaries of one row.
  public struct Summary: Sendable, Codable, Equatable {
    /// The predictive mean.
    public var mean: Double
    /// The predictive standard deviation.
    public var standardDeviation: Double
    /// ln p(y | x, data) of the row's response: one row's part of LPPD (26).
    public var logDensity: Double
    /// The predictive quantiles at the probabilities that were asked for.
    public var quantiles: [Double]
    /// α_i(x) of every expert, over the draws.
    public var allocation: [Interval]
    /// 1 − β(x), the weight of collaboration, over the draws: 0 for MoE, 1 for BoE.
    public var collaboration: Interval
  }

  /// A posterior mean with its central 95 % interval.
  public struct Interval: Sendable, Codable, Equatable {
    /// The posterior mean.
    public var mean: Double
    /// The posterior's 2.5 % quantile.
    public var lower: Double
    /// The posterior's 97.5 % quantile.
    public var upper: Double
  }

  /// What a row's chunk holds for it: the mixture, and α (draw by draw, expert by expert) and β (draw by draw).
  struct Row {
    var mixture = PredictiveMixture()
    var allocation: [Double] = []
    var behaviour: [Double] = []
  }

  /// The shape of the model.
  public let architecture: ExpertArchitecture
  /// The rows; their response matters for `Summary.logDensity` alone.
  public let rows: ExpertRows
  /// The number of draws S.
  public let draws: Int
  private let positions: [Double]
  private let drawWeights: [Double]

  /// Predictions for `rows` from S positions, one after the other.
  /// - Throws: `ModelError` where rows, positions or weights do not fit the architecture.
  public init(
    _ architecture: ExpertArchitecture, positions: [Double], logWeights: [Double]? = nil, rows: ExpertRows
  ) throws(ModelError) {
    try rows.validate()
    guard rows.expertNames.count == architecture.expertFeatures, rows.gateNames.count == architecture.gateFeatures
    else {
      throw .invalid("The new rows do not have the model's features.")
    }
    let count = positions.count / architecture.dimension
    guard count > 0, positions.count == count * architecture.dimension else {
      throw .invalid("A prediction needs whole positions, at least one.")
    }
    let logs = logWeights ?? [Double](repeating: 0, count: count)
    let total = Gating.logSumExp(logs.span)
    guard logs.count == count, total.isFinite else {
      throw .invalid("A prediction needs one log weight a draw, not all of them minus infinity.")
    }
    self.architecture = architecture
    self.rows = rows
    self.positions = positions
    draws = count
    drawWeights = logs.map { exp($0 - total) }
  }

  /// The predictive mixture of every row, in order, as `body` sees it.
  public func forEachMixture(_ body: (Int, PredictiveMixture) -> Void) { forEachRow { body($0, $1.mixture) } }

  /// ln p(y | x, data) of every row.
  public var logPredictiveDensity: [Double] {
    var result: [Double] = []
    forEachRow { result.append($1.mixture.logDensity(at: rows.response[$0])) }
    return result
  }

  /// The summaries of every row, with quantiles at `probabilities` (each strictly between 0 and 1).
  public func summaries(probabilities: [Double] = [0.025, 0.5, 0.975]) -> [Summary] {
    var result: [Summary] = []
    forEachRow { index, row in
      let m = architecture.experts
      result.append(
        Summary(
          mean: row.mixture.mean, standardDeviation: row.mixture.standardDeviation,
          logDensity: row.mixture.logDensity(at: rows.response[index]),
          quantiles: probabilities.map { row.mixture.quantile($0) },
          allocation: (0..<m).map { expert in interval((0..<draws).map { row.allocation[$0 * m + expert] }) },
          collaboration: interval(row.behaviour.map { 1 - $0 })))
    }
    return result
  }

  /// One predictive draw for each posterior draw, row by row (N × S); posterior weights stay with the draws.
  public func predictiveDraws(from stream: inout RandomStream) -> [[Double]] {
    var result: [[Double]] = []
    var local = stream
    forEachRow { _, row in
      let width = row.mixture.weights.count / draws
      result.append((0..<draws).map { row.mixture.sample(draw: $0, width: width, from: &local) })
    }
    stream = local
    return result
  }

  /// Weighted mean and central 95 % interval.
  private func interval(_ values: [Double]) -> Interval {
    let order = values.indices.sorted { values[$0] < values[$1] }
    func quantile(_ probability: Double) -> Double {
      var sum = 0.0
      for index in order {
        sum += drawWeights[index]
        if sum >= probability { return values[index] }
      }
      return order.last.map { values[$0] } ?? .nan
    }
    let mean = values.indices.reduce(0.0) { $0 + drawWeights[$1] * values[$1] }
    return Interval(mean: mean, lower: quantile(0.025), upper: quantile(0.975))
  }

  private func forEachRow(_ body: (Int, Row) -> Void) {
    let size = max(1, min(64, 4_000_000 / (draws * (2 * architecture.experts + 1))))
    for first in stride(from: 0, to: rows.count, by: size) {
      let indices = Array(first..<min(first + size, rows.count))
      for (offset, row) in chunk(rows.selected(indices)).enumerated() { body(first + offset, row) }
    }
  }

  private func chunk(_ rows: ExpertRows) -> [Row] {
    let likelihood = ExpertLikelihood(
      architecture: architecture, expertFeatures: rows.expertFeatures, gateFeatures: rows.gateFeatures,
      response: rows.response)
    let d = architecture.dimension
    let m = architecture.experts
    var result = [Row](repeating: Row(), count: rows.count)
    for draw in 0..<draws {
      let position = positions.span.extracting(draw * d..<(draw + 1) * d)
      let (weights, means, behaviour) = likelihood.components(at: position)
      let variances = architecture.logSigmas.map { exp(2 * position[$0]) }
      for row in 0..<rows.count {
        let alpha = (0..<m).map { weights[$0 * rows.count + row] }
        let mu = (0..<m).map { means[$0 * rows.count + row] }
        result[row].allocation += alpha
        result[row].behaviour.append(behaviour[row])
        result[row].mixture.append(drawWeights[draw], alpha, mu, variances, behaviour[row], architecture.combination)
      }
    }
    return result
  }
}

extension PredictiveMixture {
  /// Adds one draw's components: the fused ones of (10), or for BoE the one blend.
  fileprivate mutating func append(
    _ weight: Double, _ alpha: [Double], _ mu: [Double], _ variances: [Double], _ behaviour: Double,
    _ combination: Combination
  ) {
    let blendMean = zip(alpha, mu).reduce(0) { $0 + $1.0 * $1.1 }
    let blendVariance = zip(alpha, variances).reduce(0) { $0 + $1.0 * $1.1 }
    if combination == .boe {
      weights.append(weight)
      means.append(blendMean)
      standardDeviations.append(blendVariance.squareRoot())
      return
    }
    for i in alpha.indices {
      weights.append(weight * alpha[i])
      means.append(behaviour * mu[i] + (1 - behaviour) * blendMean)
      standardDeviations.append((behaviour * variances[i] + (1 - behaviour) * blendVariance).squareRoot())
    }
  }
}
