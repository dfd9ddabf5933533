import LogDensities

/// Finds where chains should start: eight points from N(0, I), each climbed with L-BFGS, all chains from the best end
/// with a small jitter.
///
/// One common start avoids modes that hold no mass but trap chains; that the best *optimum* need not hold most mass is
/// left to the chains, which must be free to leave it.
struct StartSearch: Sendable {
  static let starts = 8
  /// The jitter, in units of the coordinates' scales at the optimum.
  private static let jitter = 0.1

  let settings: SamplerSettings
  let iteration: UInt32

  private func stream(_ index: Int) -> RandomStream {
    RandomStream(seed: settings.seed, iteration: iteration, chain: UInt32(index), purpose: .initialisation)
  }

  /// The climb from random start `index`. A start outside the support is drawn anew, up to 20 times.
  func optimum(of density: some LogDensity, start index: Int) throws(SamplingError) -> LBFGS.Result {
    var stream = stream(index)
    var evaluations = 0
    while true {
      let position = (0..<density.dimension).map { _ in stream.normal() }
      var result: LBFGS.Result
      do throws(LogDensityError) {
        result = try LBFGS().maximise(density, from: position)
      } catch { throw .density(error) }
      if Task.isCancelled { throw .cancelled }
      evaluations += result.gradientEvaluations
      result.gradientEvaluations = evaluations
      if result.best != nil || evaluations >= 20 { return result }
    }
  }

  /// States about the best optimum, each where `density` and its gradient are finite.
  func states(
    _ density: some LogDensity, optima: [LBFGS.Result]
  ) throws(SamplingError) -> (states: [ChainState], gradientEvaluations: Int) {
    var evaluations = optima.reduce(0) { $0 + $1.gradientEvaluations }
    let finite = optima.filter { $0.best != nil }
    let best = finite.max { ($0.best?.value ?? -.infinity) < ($1.best?.value ?? -.infinity) }
    guard let best, let center = best.best else { throw .noFiniteStart(tried: optima.count) }
    let metric = Metric(settings.metric, scale: best.scale)
    let reference = try logDensity(density, center.position, &evaluations)
    guard reference.isFinite else { throw .nonFiniteStart(logDensity: reference) }
    var states: [ChainState] = []
    for chain in 0..<settings.chains {
      let position = try jittered(
        density, about: center.position, scale: best.scale, reference: reference, chain: chain, &evaluations)
      states.append(ChainState(position: position, metric: metric))
    }
    return (states, evaluations)
  }

  /// A jittered position no lower than a typical draw, with the jitter halved until that is so.
  private func jittered(
    _ density: some LogDensity, about center: [Double], scale: [Double], reference: Double, chain: Int,
    _ evaluations: inout Int
  ) throws(SamplingError) -> [Double] {
    var stream = stream(Self.starts + chain)
    let noise = center.indices.map { _ in stream.normal() }
    var size = Self.jitter
    for _ in 0..<20 {
      let position = center.indices.map { center[$0] + size * scale[$0] * noise[$0] }
      let value = try logDensity(density, position, &evaluations)
      if value >= reference - Double(center.count) { return position }
      size *= 0.5
    }
    return center
  }

  /// −∞ where value or gradient are not finite.
  private func logDensity(
    _ density: some LogDensity, _ position: [Double], _ evaluations: inout Int
  ) throws(SamplingError) -> Double {
    evaluations += 1
    do throws(LogDensityError) {
      let (value, gradient) = try density.evaluate(at: position)
      return value.isFinite && gradient.allSatisfy(\.isFinite) ? value : -.infinity
    } catch { throw .density(error) }
  }
}
