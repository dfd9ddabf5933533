#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities
import Sampling

extension GaussianProcess {
  /// Fits the free hyperparameters by maximal marginal likelihood, see `fit(_:_:prior:settings:)`.
  /// - Throws: `GaussianProcessError` where kernel and data do not fit, the matrix stays singular, or the task is cancelled.
  public static func fit(
    _ kernel: CovarianceFunction, _ data: GaussianProcessData,
    settings: GaussianProcessFitSettings = GaussianProcessFitSettings()
  ) async throws(GaussianProcessError) -> GaussianProcessFit {
    try await fit(
      kernel, data, prior: FlatHyperprior(dimension: kernel.freeParameters.count), settings: settings)
  }

  /// Fits the free hyperparameters by the maximum of ln p(y | X, φ) + ln p(φ) within their bounds: L-BFGS from several starts at once, with exact gradients.
  /// The result is the same, bit for bit, for any number of threads.
  ///
  /// Where the covariance matrix is singular at every start, jitter grows from 1e-10 to 1e-6 of the mean square of the
  /// response until it is not; `process.jitter` tells.
  /// - Parameter prior: ln p(φ) as a function of the logarithms of the free hyperparameters, locations as they are. Whether it has
  ///   the Jacobian of the logarithms says of which density the maximum is: that of φ, or that of ln φ.
  /// - Parameter jitter: A variance on the diagonal in any case.
  /// - Throws: `GaussianProcessError` where kernel and data do not fit, the matrix stays singular, or the task is cancelled.
  public static func fit<Hyperprior: LogDensity>(
    _ kernel: CovarianceFunction, _ data: GaussianProcessData, prior: Hyperprior,
    settings: GaussianProcessFitSettings = GaussianProcessFitSettings(), jitter: Double = 0
  ) async throws(GaussianProcessError) -> GaussianProcessFit {
    try settings.validate()
    guard prior.dimension == kernel.freeParameters.count else {
      throw .ragged(what: "The prior's position", expected: kernel.freeParameters.count, found: prior.dimension)
    }
    let free = kernel.namedParameters(features: data.features).filter { !$0.parameter.isFixed }
    guard !free.isEmpty else {
      return GaussianProcessFit(
        process: try GaussianProcess(kernel, data, jitter: jitter), climbs: [], best: 0, atBounds: [])
    }
    let square = data.response.reduce(0) { $0 + $1 * $1 } / Double(data.rows)
    for share in [0, 1e-10, 1e-8, 1e-6] {
      let likelihood = try MarginalLikelihood(kernel, data, jitter: jitter + share * square)
      let box = Box(
        lower: free.map { $0.parameter.position(of: $0.parameter.lower) },
        upper: free.map { $0.parameter.position(of: $0.parameter.upper) })
      let search = HyperparameterSearch(
        kernel: kernel, density: HyperparameterPosterior(likelihood: likelihood, prior: prior), box: box,
        settings: settings)
      let results = try await search.run()
      let ranked = results.indices.filter { results[$0].logMarginalLikelihood != nil }
      guard
        let best = ranked.max(by: {
          (results[$0].logMarginalLikelihood ?? 0, $1) < (results[$1].logMarginalLikelihood ?? 0, $0)
        })
      else { continue }
      let end = zip(free, results[best].end).map { $0.parameter.position(of: $1) }
      let fitted = try GaussianProcess(kernel.settingFree(values: results[best].end), data, jitter: likelihood.jitter)
      let atBounds = free.indices.filter { box.bound(at: end, $0) != nil }.map { free[$0].name }
      return GaussianProcessFit(process: fitted, climbs: results, best: best, atBounds: atBounds)
    }
    throw .singular(duplicates: data.duplicates)
  }
}

/// Climbs of a density of log hyperparameters within their bounds.
struct HyperparameterSearch<Density: LogDensity>: Sendable {
  let kernel: CovarianceFunction
  let density: Density
  let box: Box
  let settings: GaussianProcessFitSettings

  func run() async throws(GaussianProcessError) -> [GaussianProcessFit.Climb] {
    let search = self
    do throws(SamplingError) {
      return try await parallelTasks(settings.starts, threads: settings.threads) { index throws(SamplingError) in
        do throws(LogDensityError) {
          let climb = try search.climb(index)
          if Task.isCancelled { throw LogDensityError.failed("") }
          return climb
        } catch { throw Task.isCancelled ? .cancelled : .density(error) }
      }
    } catch {
      throw error == .cancelled ? .cancelled : .kernel(error.description)
    }
  }

  /// The climb from start `index`; a random start without a finite value is drawn anew, up to 20 times.
  private func climb(_ index: Int) throws(LogDensityError) -> GaussianProcessFit.Climb {
    var method = LBFGS()
    method.maximumIterations = settings.maximumIterations
    method.patience = 5
    method.gain = 1e-6
    method.gradientTolerance = settings.gradientTolerance
    var stream = RandomStream(seed: settings.seed, chain: UInt32(index), purpose: .initialisation)
    let bounded = BoundedDensity(base: density, box: box)
    var evaluations = 0
    var start: [Double] = []
    for _ in 0..<(index == 0 ? 1 : 20) {
      start = index == 0 ? kernel.freeLogValues : randomStart(&stream)
      let result = try method.maximise(bounded, from: box.unbounded(of: start))
      evaluations += result.gradientEvaluations
      if let best = result.best { return try finish(best, start: start, evaluations: evaluations) }
    }
    return GaussianProcessFit.Climb(
      start: values(start), end: values(start), logMarginalLikelihood: nil, gradient: nil,
      evaluations: evaluations, hasConverged: false)
  }

  private func values(_ position: [Double]) -> [Double] {
    zip(kernel.freeParameters, position).map { $0.value(at: $1) }
  }

  private func randomStart(_ stream: inout RandomStream) -> [Double] {
    kernel.freeLogValues.enumerated().map { index, value in
      guard let spread = settings.spread else {
        return box.lower[index] + stream.uniform() * (box.upper[index] - box.lower[index])
      }
      return box.reflected(value + spread * stream.normal(), index)
    }
  }

  private func finish(
    _ best: LBFGS.Point, start: [Double], evaluations: Int
  ) throws(LogDensityError) -> GaussianProcessFit.Climb {
    let end = box.point(of: best.position)
    let (value, gradient) = try density.evaluate(at: end)
    let slope = box.projectedGradient(gradient, at: end)
    return GaussianProcessFit.Climb(
      start: values(start), end: kernel.boundedValues(logValues: end), logMarginalLikelihood: value,
      gradient: slope,
      evaluations: evaluations + 1, hasConverged: slope <= max(settings.gradientTolerance, 1e-3))
  }
}
