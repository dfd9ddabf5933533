#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The likelihood of `ExpertLikelihood` in plain Swift and log space: the readable statement of the model, the reference
/// for its kernels, and what answers for positions that are too extreme for them.
///
/// One formula serves all combinations: MoE is CoCoAFusE at β = 1, BoE at β = 0 (paper, section 2.3). Variances are kept as
/// logarithms and every derivative as a share in [0, 1] times a residual, so that nothing overflows on the way.
public struct ExpertOracle: Sendable {
  /// The shape of the model.
  public let architecture: ExpertArchitecture
  private let data: ExpertData

  /// Copies the data once; shapes as for `ExpertLikelihood`.
  public init(
    architecture: ExpertArchitecture, expertFeatures: [Double], gateFeatures: [Double], response: [Double]
  ) {
    self.architecture = architecture
    data = ExpertData(
      architecture: architecture, expertFeatures: expertFeatures, gateFeatures: gateFeatures, response: response)
  }

  init(architecture: ExpertArchitecture, data: ExpertData) {
    self.architecture = architecture
    self.data = data
  }

  /// The number of rows N.
  public var rows: Int { data.rows }

  /// The log-likelihood at `position`; its gradient replaces what `gradient` holds (both of length `dimension`).
  ///
  /// The value is finite or −∞, never NaN; it is −∞ too where an entry of the gradient would overflow.
  public func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    for index in 0..<gradient.count { gradient[index] = 0 }
    guard isFinite(position) else { return -.infinity }
    var row = ExpertRow(experts: architecture.experts)
    var total = 0.0
    for index in 0..<rows {
      let term = density(of: index, at: position, &row)
      guard term > -.infinity else { return -.infinity }
      total += term
      row.differentiate()
      scatter(row, of: index, into: &gradient)
    }
    for index in 0..<gradient.count where !gradient[index].isFinite { return -.infinity }
    return total
  }

  /// The log-likelihood at `position`.
  public func logLikelihood(at position: Span<Double>) -> Double {
    guard isFinite(position) else { return -.infinity }
    var row = ExpertRow(experts: architecture.experts)
    var total = 0.0
    for index in 0..<rows { total += density(of: index, at: position, &row) }
    return total
  }

  /// ln p(y_r | x_r, θ) of every row, into `values` of length `rows`.
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    let finite = isFinite(position)
    var row = ExpertRow(experts: architecture.experts)
    for index in 0..<rows { values[index] = finite ? density(of: index, at: position, &row) : -.infinity }
  }

  /// ᾱ(θ) (24); M entries.
  public func meanAllocation(at position: Span<Double>) -> [Double] {
    var row = ExpertRow(experts: architecture.experts)
    var sums = [Double](repeating: 0, count: architecture.experts)
    for index in 0..<rows {
      gate(of: index, at: position, &row)
      for expert in sums.indices { sums[expert] += row.weights[expert] }
    }
    return sums.map { $0 / Double(rows) }
  }

  /// Gate weights and means as M columns of N, and β of every row.
  public func components(
    at position: Span<Double>, weights: inout MutableSpan<Double>, means: inout MutableSpan<Double>,
    behaviour: inout MutableSpan<Double>
  ) {
    var row = ExpertRow(experts: architecture.experts)
    for index in 0..<rows {
      gate(of: index, at: position, &row)
      experts(of: index, at: position, &row)
      behaviour[index] = exp(row.logBehaviour)
      for expert in architecture.intercepts {
        weights[expert * rows + index] = row.weights[expert]
        means[expert * rows + index] = row.means[expert]
      }
    }
  }

  private func isFinite(_ position: Span<Double>) -> Bool {
    for index in 0..<position.count where !position[index].isFinite { return false }
    return true
  }

  /// ln p(y | x, θ) of one row; −∞ where a linear predictor overflows or the data are not finite.
  private func density(of index: Int, at position: Span<Double>, _ row: inout ExpertRow) -> Double {
    gate(of: index, at: position, &row)
    experts(of: index, at: position, &row)
    let value = row.density(at: data.response(index))
    return value.isNaN || value == .infinity ? -.infinity : value
  }

  /// α (14) and β (15).
  private func gate(of index: Int, at position: Span<Double>, _ row: inout ExpertRow) {
    let first = data.expertFeatures
    for column in 0..<architecture.experts - 1 {
      row.logits[column] = product(position, architecture.gate(column: column), index, firstColumn: first)
    }
    row.normaliseWeights()
    switch architecture.combination {
    case .moe: row.setBehaviour(log: 0, complement: -.infinity)
    case .boe: row.setBehaviour(log: -.infinity, complement: 0)
    case .cocoafuse:
      let logit = product(position, architecture.behaviour, index, firstColumn: first)
      row.setBehaviour(log: logLogistic(logit), complement: logLogistic(-logit))
    }
  }

  /// μ_i = a_i + x·b_i (12) and ln σ_i.
  private func experts(of index: Int, at position: Span<Double>, _ row: inout ExpertRow) {
    for expert in architecture.intercepts {
      row.means[expert] =
        position[expert] + product(position, architecture.slopes(of: expert), index, firstColumn: 0)
      row.logSigmas[expert] = position[architecture.logSigmas.lowerBound + expert]
    }
  }

  private func product(_ position: Span<Double>, _ range: Range<Int>, _ row: Int, firstColumn: Int) -> Double {
    var sum = 0.0
    for (offset, index) in range.enumerated() {
      sum += position[index] * data.value(row: row, column: firstColumn + offset)
    }
    return sum
  }

  private func scatter(_ row: ExpertRow, of index: Int, into gradient: inout MutableSpan<Double>) {
    for expert in architecture.intercepts {
      gradient[expert] += row.byMean[expert]
      gradient[architecture.logSigmas.lowerBound + expert] += row.byLogSigma[expert]
      add(row.byMean[expert], times: index, firstColumn: 0, to: architecture.slopes(of: expert), &gradient)
    }
    for column in 0..<architecture.experts - 1 {
      let range = architecture.gate(column: column)
      add(row.byLogit[column], times: index, firstColumn: data.expertFeatures, to: range, &gradient)
    }
    add(row.byBehaviour, times: index, firstColumn: data.expertFeatures, to: architecture.behaviour, &gradient)
  }

  private func add(
    _ derivative: Double, times row: Int, firstColumn: Int, to range: Range<Int>,
    _ gradient: inout MutableSpan<Double>
  ) {
    for (offset, index) in range.enumerated() {
      gradient[index] += derivative * data.value(row: row, column: firstColumn + offset)
    }
  }
}
