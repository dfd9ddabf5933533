#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Runs several chains at once. Every result is the same, bit for bit, however many threads there are: each chain has a
/// random stream of its own and a place of its own in the result.
public struct MultiChainSampler: Sendable {
  /// The settings.
  public let settings: SamplerSettings
  /// What shows how far the chains are; nil where nobody watches. No result depends on it.
  public let meter: ChainMeter?

  /// How many draws the old metric counts for when a warm restart updates it.
  private static let metricPriorCount = 20.0

  /// A sampler.
  /// - Throws: `SamplingError.setting` for settings outside their ranges.
  public init(_ settings: SamplerSettings, meter: ChainMeter? = nil) throws(SamplingError) {
    try settings.validate()
    self.settings = settings
    self.meter = meter
  }

  /// First states of all chains at given positions, one a chain. Costs nothing: metric and step size come with the first
  /// warm-up.
  public func start(at positions: [[Double]]) throws(SamplingError) -> [ChainState] {
    guard positions.count == settings.chains else {
      throw .invalidState("There are \(positions.count) positions for \(settings.chains) chains.")
    }
    return positions.map { ChainState(position: $0) }
  }

  /// First states of all chains near the best of eight optima; see `StartSearch`.
  ///
  /// - Throws: `SamplingError.noFiniteStart` where no optimisation ends at a finite log density.
  public func start<D: LogDensity>(
    _ density: D, iteration: UInt32
  ) async throws(SamplingError) -> (states: [ChainState], gradientEvaluations: Int) {
    try await start(density, searching: density, iteration: iteration)
  }

  /// The same, with the optimisation done on `search`, a smoother relative of `density`.
  public func start<D: LogDensity, S: LogDensity>(
    _ density: D, searching search: S, iteration: UInt32
  ) async throws(SamplingError) -> (states: [ChainState], gradientEvaluations: Int) {
    let optima = try await optima(of: search, startingFor: density, iteration: iteration)
    return try StartSearch(settings: settings, iteration: iteration).states(density, optima: optima)
  }

  /// The ends of eight climbs.
  private func optima<D: LogDensity, S: LogDensity>(
    of search: S, startingFor density: D, iteration: UInt32
  ) async throws(SamplingError) -> [LBFGS.Result] {
    guard search.dimension == density.dimension else {
      throw .density(.dimensionMismatch(expected: density.dimension, found: search.dimension))
    }
    let searcher = StartSearch(settings: settings, iteration: iteration)
    return try await parallelTasks(StartSearch.starts, threads: settings.threads) { index throws(SamplingError) in
      try searcher.optimum(of: search, start: index)
    }
  }

  /// First states of all chains where the most mass seems to be, by short runs from all eight optima; see `PilotRuns`. Some
  /// hundred transitions dearer than `start`.
  public func pilotedStart<D: LogDensity, S: LogDensity>(
    _ density: D, searching search: S, iteration: UInt32
  ) async throws(SamplingError) -> (states: [ChainState], gradientEvaluations: Int) {
    let optima = try await optima(of: search, startingFor: density, iteration: iteration)
    let (starts, searched) = try StartSearch(settings: settings, iteration: iteration).states(density, optima: optima)
    var points: [[Double]] = []
    for case let point? in optima.map(\.best?.position) {
      do throws(LogDensityError) {
        if try density.evaluate(at: point).value.isFinite { points.append(point) }
      } catch { throw .density(error) }
    }
    let pilots = try MultiChainSampler(PilotRuns.settings(settings, count: points.count), meter: meter)
    let (sample, ends) = try await pilots.sample(
      density, from: pilots.start(at: points), warmup: .full(transitions: PilotRuns.warmup), draws: PilotRuns.draws,
      iteration: PilotRuns.iteration(for: iteration))
    let heavy = PilotRuns.ranked(sample)
    let price = searched + sample.gradientEvaluations
    guard !heavy.isEmpty else { return (starts, price) }
    return (starts.indices.map { ChainState(position: ends[heavy[$0 % heavy.count]].position) }, price)
  }

  /// Continues the chains: warm-up as planned, then `draws` draws a chain, every `thinning`-th transition kept.
  ///
  /// - Parameters:
  ///   - states: One a chain, from `start` or from an earlier call.
  ///   - draws: Draws of each chain; 0 to warm up only.
  ///   - iteration: Names the random streams: two calls with one iteration use the same numbers.
  ///   - keepingGradients: Whether the sample holds the gradient of every draw, too.
  /// - Throws: `SamplingError.nonFiniteStart` where a state's log density is not finite, `.cancelled`, or what the density
  ///   throws. A log density that is NaN somewhere is not an error: such a trajectory is divergent.
  public func sample<D: LogDensity>(
    _ density: D, from states: [ChainState], warmup: WarmUpPlan, draws: Int, iteration: UInt32, thinning: Int = 1,
    keepingGradients: Bool = false
  ) async throws(SamplingError) -> (sample: PosteriorSample, states: [ChainState]) {
    guard states.count == settings.chains else {
      throw .invalidState("There are \(states.count) states for \(settings.chains) chains.")
    }
    guard draws >= 0, thinning >= 1 else {
      throw .setting(name: "thinning", value: "\(thinning)", allowed: "at least 1, with draws at least 0")
    }
    let plan = Chain(
      settings: settings, plan: warmup, draws: draws, thinning: thinning, keepsGradients: keepingGradients,
      meter: meter)
    meter?.begin(chains: states.count, transitions: warmup.transitions + draws)
    let settings = settings
    let results = try await parallelTasks(states.count, threads: settings.threads) { index throws(SamplingError) in
      let stream = RandomStream(
        seed: settings.seed, iteration: iteration, chain: UInt32(index), purpose: .sampling)
      var chain = plan
      chain.number = index
      return try chain.run(density, from: states[index], stream: stream)
    }
    let sample = PosteriorSample(
      dimension: density.dimension, chains: results.count, drawsPerChain: draws,
      positions: results.flatMap(\.positions), gradients: results.flatMap(\.gradients),
      statistics: results.flatMap(\.statistics),
      gradientEvaluations: results.reduce(0) { $0 + $1.gradientEvaluations })
    return (sample, updatedStates(results, plan: warmup))
  }

  /// The chains' last states, after a warm restart with the metric updated from the transitions of all chains.
  private func updatedStates(_ results: [Chain.Result], plan: WarmUpPlan) -> [ChainState] {
    var states = results.map(\.state)
    switch plan {
    case .full, .none: return states
    case .short: break
    case .round(_, let adapts): states = Self.sharingStepSize(states, results, settings, hasAdapted: adapts)
    }
    let estimate = MetricEstimate(kind: settings.metric, usesGradients: settings.metricUsesGradients)
    let windows = results.map(\.recent)
    return states.map { state in
      guard let old = state.metric else { return state }
      var state = state
      state.metric = estimate.metric(from: windows, old: old, priorCount: Self.metricPriorCount) ?? old
      return state
    }
  }

  /// The states with the geometric mean of their step sizes. Where a round has not adapted it, and transitions were
  /// accepted far more or less often than aimed at, it changes a little, as the density may have.
  private static func sharingStepSize(
    _ states: [ChainState], _ results: [Chain.Result], _ settings: SamplerSettings, hasAdapted: Bool
  ) -> [ChainState] {
    let logs = states.compactMap { $0.stepSize.map { log($0) } }
    guard !logs.isEmpty else { return states }
    var common = logs.reduce(0, +) / Double(logs.count)
    let acceptances = results.flatMap { $0.statistics.map(\.acceptance) }
    let excess = acceptances.reduce(0, +) / Double(max(1, acceptances.count)) - settings.targetAcceptance
    if !hasAdapted && abs(excess) > 0.15 && !acceptances.isEmpty { common += min(0.1, max(-0.3, excess / 2)) }
    return states.map { ChainState(position: $0.position, stepSize: exp(common), metric: $0.metric) }
  }
}
