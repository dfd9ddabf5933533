#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Entries of λ: β_1, ln τ_1, …, β_K, ln τ_K, and ln √λ of the noise where it is not known.
extension TreeMixingModel {
  static func hyperparameters(of prior: TreeMixingPrior, _ names: [String]) -> Hyperparameters {
    var entries: [Hyperparameters.Entry] = []
    var values: [Double] = []
    for (model, name) in names.enumerated() {
      entries.append(.init(name: "leaf[\(name)].location", kind: .location, block: "leaves"))
      entries.append(.init(name: "leaf[\(name)].scale", kind: .logScale, block: "leaves"))
      values += [prior.leaves.means[model], log(prior.leaves.scales[model])]
    }
    if case .scaledInverseChiSquare(_, let scale) = prior.noise {
      entries.append(.init(name: "sigma.scale", kind: .logScale, block: "noise"))
      values.append(0.5 * log(scale))
    }
    return Hyperparameters(entries: entries, values: values)
  }

  /// The priors of leaves and noise at λ.
  func priors(at lambda: Hyperparameters) throws(ModelError) -> (leaves: LeafPrior, noise: NoisePrior) {
    precondition(lambda.count == hyperparameters.count, "hyperparameters of this model")
    let models = record.models
    var noise = mixing.prior.noise
    if case .scaledInverseChiSquare(let degrees, _) = noise {
      noise = .scaledInverseChiSquare(degrees: degrees, scale: exp(2 * lambda.values[2 * models]))
    }
    for (entry, value) in zip(lambda.entries, lambda.values) {
      let number = entry.kind == .location ? value : exp(2 * value)
      guard number.isFinite, entry.kind == .location || number.isNormal && (1 / number).isFinite else {
        throw .hyperparameter(
          name: entry.name, value: entry.kind == .location ? value : exp(value),
          allowed: entry.kind == .location ? "a finite number" : "above 0, with a finite square")
      }
    }
    do throws(MixingError) {
      try noise.validate()
      let leaves = try LeafPrior(
        means: (0..<models).map { lambda.values[2 * $0] }, scales: (0..<models).map { exp(lambda.values[2 * $0 + 1]) })
      return (leaves, noise)
    } catch { throw .invalid(error.description) }
  }

  /// ln p(leaves, σ | shapes, λ); −∞ where λ has no prior.
  public func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    guard let (leaves, noise) = try? priors(at: lambda) else { return -.infinity }
    return leaves.logDensity(record.leafStatistics(position)) + noise.logDensity(sigma: exp(position[record.logSigma]))
  }

  /// ∂ ln p(leaves, σ | shapes, λ) / ∂λ; 0 where λ has no prior.
  public func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    precondition(score.count == lambda.count, "a score has one entry for each of λ")
    guard let (leaves, noise) = try? priors(at: lambda) else {
      for entry in 0..<score.count { score[entry] = 0 }
      return
    }
    let values = entryScores(record.leafStatistics(position), sigma: exp(position[record.logSigma]), leaves, noise)
    for (entry, value) in values.enumerated() { score[entry] = value }
  }

  private func entryScores(
    _ statistics: LeafStatistics, sigma: Double, _ leaves: LeafPrior, _ noise: NoisePrior
  ) -> [Double] {
    let own = leaves.score(statistics)
    var values = (0..<record.models).flatMap { [own.means[$0], own.logScales[$0]] }
    // ln √λ: twice the score of ln λ.
    if case .scaledInverseChiSquare = noise { values.append(2 * noise.logScaleScore(sigma: sigma)) }
    return values
  }

  /// Diagonal: E[leaves]/τ² of β, 2 E[leaves] of ln τ, 2 ν of ln √λ; E[leaves], the mean number of leaves under the prior, is
  /// estimated from simulated trees. 0 where λ has no prior.
  public func priorInformation(at lambda: Hyperparameters) -> [Double] {
    guard let (leaves, noise) = try? priors(at: lambda) else { return lambda.coordinates.map { _ in 0 } }
    var values = leaves.scales.flatMap { [expectedLeaves / ($0 * $0), 2 * expectedLeaves] }
    if case .scaledInverseChiSquare(let degrees, _) = noise { values.append(2 * degrees) }
    return lambda.pulledBack(values)
  }

  /// There are no gradients in records: the value alone.
  public func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double { logPrior(at: position, given: lambda) }

  /// Number, means and squares of the leaves and ln σ: the record's beginning.
  public func priorStatistics(at position: Span<Double>, for lambda: Hyperparameters) -> [Double] {
    (0..<record.statistics).map { position[$0] }
  }

  /// From the statistics, in closed form; −∞ where λ has no prior.
  public func priorTable(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable {
    let width = record.statistics
    var table = PriorTable(
      logPrior: [Double](repeating: -.infinity, count: draws),
      scores: [[Double]](repeating: [Double](repeating: 0, count: draws), count: lambda.coordinates.count))
    guard let (leaves, noise) = try? priors(at: lambda) else { return table }
    for draw in 0..<draws {
      let own = record.leafStatistics(statistics.span, at: draw * width)
      let sigma = exp(statistics[draw * width + record.logSigma])
      table.logPrior[draw] = leaves.logDensity(own) + noise.logDensity(sigma: sigma)
      let scores = lambda.pulledBack(entryScores(own, sigma: sigma, leaves, noise))
      for (coordinate, score) in scores.enumerated() { table.scores[coordinate][draw] = score }
    }
    return table
  }

  /// Minus the weighted information, in closed form; 0 where λ has no prior.
  public func priorCurvature(
    of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters
  ) -> [Double] {
    let q = lambda.coordinates.count
    var result = [Double](repeating: 0, count: q * q)
    guard let (leaves, noise) = try? priors(at: lambda) else { return result }
    func subtract(_ first: Int, _ second: Int, _ value: Double) {
      guard let row = lambda.membership[first], let column = lambda.membership[second] else { return }
      result[row * q + column] -= value
    }
    for draw in 0..<draws where weights[draw] != 0 {
      let start = draw * record.statistics
      let own = leaves.information(record.leafStatistics(statistics.span, at: start))
      for model in 0..<record.models {
        let (location, scale) = (2 * model, 2 * model + 1)
        subtract(location, location, weights[draw] * own.means[model])
        subtract(location, scale, weights[draw] * own.cross[model])
        subtract(scale, location, weights[draw] * own.cross[model])
        subtract(scale, scale, weights[draw] * own.logScales[model])
      }
      guard case .scaledInverseChiSquare = noise else { continue }
      let information = noise.logScaleInformation(sigma: exp(statistics[start + record.logSigma]))
      subtract(2 * record.models, 2 * record.models, weights[draw] * 4 * information)
    }
    return result
  }
}
