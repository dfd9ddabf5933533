import Experts
import GaussianProcesses
import LogDensities
import Sampling

extension ProcessMixingModel {
  /// Draws of one task.
  private static let chunk = 32

  /// The mixed quantity at new inputs, averaged over draws of the kernel's parameters.
  /// - Parameters:
  ///   - inputs: The new inputs, column by column (d × m).
  ///   - positions: Draws of the posterior, one after the other, all of one weight.
  ///   - probabilities: Of quantiles, each strictly between 0 and 1.
  ///   - quantity: Of what spread and quantiles are.
  ///   - responseErrors: The standard deviations of the errors of observations at the new inputs (length m), which spread and
  ///     quantiles then include; nil for none.
  ///   - threads: The most tasks at once. No result depends on it.
  /// - Throws: `MixingError` where inputs, draws or probabilities cannot be used.
  public func predict(
    at inputs: [[Double]], positions: [Double], probabilities: [Double] = [0.025, 0.5, 0.975],
    quantity: ProcessMixture.Quantity = .latent, responseErrors: [Double]? = nil, threads: Int = 2
  ) async throws(MixingError) -> ProcessMixture {
    if let responseErrors {
      try MixingError.check(responseErrors, "The response's error", count: inputs.first?.count ?? 0)
    }
    guard !positions.isEmpty, positions.count.isMultiple(of: dimension) else {
      throw .invalid("Predictions need whole draws of \(dimension) coordinates, found \(positions.count) numbers.")
    }
    if let odd = probabilities.first(where: { !($0 > 0 && $0 < 1) }) {
      throw .invalid("The probability \(odd) of a quantile is not between 0 and 1.")
    }
    let draws = positions.count / dimension
    let tasks = (draws + Self.chunk - 1) / Self.chunk
    let found: [[GaussianPredictions]]
    do throws(SamplingError) {
      found = try await parallelTasks(tasks, threads: max(1, threads)) { task throws(SamplingError) in
        let chosen = task * Self.chunk..<min(draws, (task + 1) * Self.chunk)
        do throws(GaussianProcessError) {
          return try conditional(at: inputs, positions: positions, draws: chosen)
        } catch { throw .density(.failed(error.description)) }
      }
    } catch { throw error == .cancelled ? .cancelled : .invalid(Self.sentence(error)) }
    return mixture(
      found.flatMap { $0 }, probabilities: probabilities, quantity: quantity, responseErrors: responseErrors)
  }

  /// The same from the draws of a sampler.
  /// - Throws: `MixingError` as above.
  public func predict(
    at inputs: [[Double]], sample: PosteriorSample, probabilities: [Double] = [0.025, 0.5, 0.975],
    quantity: ProcessMixture.Quantity = .latent, threads: Int = 2
  ) async throws(MixingError) -> ProcessMixture {
    try await predict(
      at: inputs, positions: sample.positions, probabilities: probabilities, quantity: quantity, threads: threads)
  }

  /// The mixed quantity at new inputs at one kernel, such as that of `mode`.
  /// - Throws: `MixingError` where inputs cannot be used.
  public func predict(
    at inputs: [[Double]], kernel: CovarianceFunction, probabilities: [Double] = [0.025, 0.5, 0.975],
    quantity: ProcessMixture.Quantity = .latent
  ) throws(MixingError) -> ProcessMixture {
    do throws(GaussianProcessError) {
      let process = try GaussianProcess(kernel, data.training, jitter: jitter)
      return mixture([try process.predict(inputs)], probabilities: probabilities, quantity: quantity)
    } catch { throw .invalid(error.description) }
  }

  /// How much the mixed mean at new inputs takes from every source: the sum of the weights of its rows in the mean, sources ×
  /// inputs. Weights may be negative, and what they lack to 1 is the prior mean's.
  /// - Throws: `MixingError` where inputs cannot be used.
  public func sourceWeights(at inputs: [[Double]], kernel: CovarianceFunction) throws(MixingError) -> [[Double]] {
    do throws(GaussianProcessError) {
      let weights = try GaussianProcess(kernel, data.training, jitter: jitter).responseWeights(inputs)
      return data.sources.map { source in weights.map { $0[source.rows].reduce(0, +) } }
    } catch { throw .invalid(error.description) }
  }

  private func conditional(
    at inputs: [[Double]], positions: [Double], draws: Range<Int>
  ) throws(GaussianProcessError) -> [GaussianPredictions] {
    var result: [GaussianPredictions] = []
    for draw in draws {
      let kernel = kernel(at: positions.span.extracting(draw * dimension..<(draw + 1) * dimension))
      result.append(try GaussianProcess(kernel, data.training, jitter: jitter).predict(inputs))
    }
    return result
  }

  private static func sentence(_ error: SamplingError) -> String {
    if case .density(.failed(let reason)) = error { return reason }
    return error.description
  }

  /// Equal parts of normals, one a draw.
  private func mixture(
    _ draws: [GaussianPredictions], probabilities: [Double], quantity: ProcessMixture.Quantity,
    responseErrors: [Double]? = nil
  ) -> ProcessMixture {
    let count = draws.first?.mean.count ?? 0
    let weights = [Double](repeating: 1 / Double(draws.count), count: draws.count)
    var (mean, total, between) = ([Double](), [Double](), [Double]())
    var quantiles = probabilities.map { _ in [Double]() }
    for row in 0..<count {
      let means = draws.map { $0.mean[row] }
      let error = responseErrors?[row] ?? 0
      let deviations = draws.map { draw -> Double in
        let own = quantity == .latent ? draw.latentDeviation[row] : draw.deviation[row]
        return (own * own + error * error).squareRoot()
      }
      let center = means.reduce(0, +) / Double(draws.count)
      let spread = means.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(draws.count)
      let own = deviations.reduce(0) { $0 + $1 * $1 } / Double(draws.count)
      mean.append(center + data.priorMean)
      between.append(spread.squareRoot())
      total.append((spread + own).squareRoot())
      // Where a model is known without error the process has no spread; quantiles need one, however small.
      let least = max(1e-12 * max(abs(center), (spread + own).squareRoot()), .leastNormalMagnitude)
      let normals = PredictiveMixture(
        weights: weights, means: means, standardDeviations: deviations.map { max($0, least) })
      for (index, value) in normals.quantiles(probabilities).enumerated() {
        quantiles[index].append(value + data.priorMean)
      }
    }
    return ProcessMixture(
      quantity: quantity, probabilities: probabilities, mean: mean, standardDeviation: total, meanDeviation: between,
      quantiles: quantiles)
  }
}
