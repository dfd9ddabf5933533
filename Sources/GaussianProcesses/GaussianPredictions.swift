#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Normal predictive distributions, one a row.
public struct GaussianPredictions: Sendable, Codable, Equatable {
  /// The means, of the latent function and of observations alike.
  public let mean: [Double]
  /// Standard deviations of the latent function.
  public let latentDeviation: [Double]
  /// Standard deviations of observations, noise included.
  public let deviation: [Double]

  init(mean: [Double], latentVariance: [Double], variance: [Double]) {
    self.mean = mean
    latentDeviation = latentVariance.map { $0.squareRoot() }
    deviation = variance.map { $0.squareRoot() }
  }

  /// ln p of every observed response; their sum is the log pointwise predictive density (LPPD).
  /// - Throws: `GaussianProcessError.ragged` unless there is one response a row.
  public func logDensities(of observed: [Double]) throws(GaussianProcessError) -> [Double] {
    guard observed.count == mean.count else {
      throw .ragged(what: "The response", expected: mean.count, found: observed.count)
    }
    return observed.indices.map { row in
      let z = (observed[row] - mean[row]) / deviation[row]
      return -0.5 * z * z - log(deviation[row]) - 0.5 * log(2 * .pi)
    }
  }
}

extension GaussianProcess {
  /// How many new rows are solved for at once.
  private static let block = 128

  /// Predictions of new rows: Rasmussen and Williams (2006), equations 2.25 and 2.26.
  /// - Parameters:
  ///   - inputs: The new inputs, by columns as in training.
  ///   - noiseVariances: The variance of the given noise of every new row; nil for that of training where it is one for all
  ///     rows, and 0 where training rows have noise of their own. White terms come on top.
  /// - Throws: `GaussianProcessError` where the inputs are ragged, not finite, or not as many columns as in training.
  public func predict(
    _ inputs: [[Double]], noiseVariances: [Double]? = nil
  ) throws(GaussianProcessError) -> GaussianPredictions {
    guard inputs.count == data.inputs.count else {
      throw .columns(expected: data.inputs.count, found: inputs.count)
    }
    let count = inputs.first?.count ?? noiseVariances?.count ?? 0
    try GaussianProcessData.check(inputs, rows: count)
    if let noiseVariances {
      try GaussianProcessData.check(noiseVariances, "The noise variance", rows: count)
      if let row = noiseVariances.firstIndex(where: { $0 < 0 }) {
        throw .noise("The noise variance of row \(row + 1) is negative.")
      }
    }
    return predictions(inputs, count: count, noise: noiseVariances ?? Array(repeating: commonNoise, count: count))
  }

  /// The weights by which the mean of every new row is a sum of the training responses, k(x, X) K⁻¹: new rows × training
  /// rows (Rasmussen and Williams 2006, section 2.6).
  /// - Throws: `GaussianProcessError` where the inputs are ragged, not finite, or not as many columns as in training.
  public func responseWeights(_ inputs: [[Double]]) throws(GaussianProcessError) -> [[Double]] {
    guard inputs.count == data.inputs.count else {
      throw .columns(expected: data.inputs.count, found: inputs.count)
    }
    let count = inputs.first?.count ?? 0
    try GaussianProcessData.check(inputs, rows: count)
    let values = kernel.parameters.map(\.value)
    let training = CovarianceEvaluator(program, values: values, columns: data.inputs, rows: data.rows)
    let new = CovarianceEvaluator(program, values: values, columns: inputs, rows: count)
    var result: [[Double]] = []
    for row in 0..<count {
      training.setPoint(new, row: row)
      var cross: [Double] = []
      _ = appendCovariances(training, to: &cross)
      result.append(factor.solve(cross))
    }
    return result
  }

  /// Predictions of new observations at the inputs of training, with each row's own noise: their log densities of the training
  /// responses are the training score.
  public func predictTraining() -> GaussianPredictions {
    predictions(data.inputs, count: data.rows, noise: (0..<data.rows).map { data.noiseVariance(row: $0) })
  }

  private var commonNoise: Double {
    if case .variance(let variance) = data.noise { variance } else { 0 }
  }

  private func predictions(_ inputs: [[Double]], count: Int, noise: [Double]) -> GaussianPredictions {
    let values = kernel.parameters.map(\.value)
    let training = CovarianceEvaluator(program, values: values, columns: data.inputs, rows: data.rows)
    let new = CovarianceEvaluator(program, values: values, columns: inputs, rows: count)
    var (means, latent, all) = ([Double](), [Double](), [Double]())
    var cross: [Double] = []
    for start in stride(from: 0, to: count, by: Self.block) {
      let rows = start..<min(count, start + Self.block)
      cross.removeAll(keepingCapacity: true)
      for row in rows {
        training.setPoint(new, row: row)
        means.append(appendCovariances(training, to: &cross))
      }
      factor.solveLower(&cross, count: rows.count)
      for (index, row) in rows.enumerated() {
        var explained = 0.0
        for value in cross[index * data.rows..<(index + 1) * data.rows] { explained += value * value }
        new.setPoint(row: row)
        let prior = new.covariances(from: row, count: 1, same: nil)[0]
        let noisy = new.covariances(from: row, count: 1, same: 0)[0]
        latent.append(max(0, prior - explained))
        all.append(max(0, noisy - explained) + noise[row])
      }
    }
    return GaussianPredictions(mean: means, latentVariance: latent, variance: all)
  }

  /// Appends k(X, x) and returns k(X, x)ᵀ α.
  private func appendCovariances(_ training: borrowing CovarianceEvaluator, to cross: inout [Double]) -> Double {
    var mean = 0.0
    for start in stride(from: 0, to: data.rows, by: CovarianceEvaluator.width) {
      let length = min(CovarianceEvaluator.width, data.rows - start)
      let block = training.covariances(from: start, count: length, same: nil)
      for row in 0..<length { mean += block[row] * weights[start + row] }
      cross.append(contentsOf: UnsafeBufferPointer(start: block, count: length))
    }
    return mean
  }
}
