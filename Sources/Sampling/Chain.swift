import LogDensities

/// Runs one chain from a state to a state: adaptation as planned, then draws. Depends on nothing but its arguments.
struct Chain {
  let settings: SamplerSettings
  let plan: WarmUpPlan
  let draws: Int
  let thinning: Int
  var keepsGradients = false
  /// Told of every transition, with the chain's number; nil where nobody watches.
  var meter: ChainMeter?
  var number = 0

  /// What a run leaves.
  struct Result: Sendable {
    /// Draw by draw.
    var positions: [Double] = []
    /// As `positions`; empty unless kept.
    var gradients: [Double] = []
    var statistics: [DrawStatistics] = []
    var state: ChainState
    var gradientEvaluations = 0
    /// The transitions of a warm restart, from which the next metric is learnt.
    var recent: DrawWindow
  }

  /// - Throws: `SamplingError.cancelled` between transitions; what a start or the density throws.
  func run(
    _ density: some LogDensity, from state: ChainState, stream: RandomStream
  ) throws(SamplingError) -> Result {
    var stream = stream
    let symmetrised = settings.usesSymmetries ? density.symmetrised : nil
    let moving: any LogDensity = symmetrised.map { $0 as any LogDensity } ?? density
    var chain = try start(moving, state, &stream)
    var result = Result(state: state, recent: DrawWindow(dimension: density.dimension))
    result.positions.reserveCapacity(draws * density.dimension)
    result.statistics.reserveCapacity(draws)
    let keepsRecent: Bool
    // Adapts the step size throughout a round that asks for it.
    var averaging: DualAveraging?
    switch plan {
    case .full(let transitions):
      try warmUp(&chain, WarmUpSchedule(transitions: transitions, adaptsEarly: settings.metricUsesGradients), &stream)
      keepsRecent = false
    case .short(let transitions):
      try restart(&chain, transitions: transitions, &result.recent, &stream)
      keepsRecent = true
    case .round(let discarded, let adapts):
      if adapts { averaging = DualAveraging(resuming: chain.stepSize, target: settings.targetAcceptance) }
      for _ in 0..<discarded {
        _ = try transition(&chain, &averaging, &stream)
        meter?.note(chain: number, isDivergent: false)
      }
      keepsRecent = true
    case .none: keepsRecent = false
    }
    for _ in 0..<draws {
      var statistics = try transition(&chain, &averaging, &stream)
      for _ in 1..<max(1, thinning) { statistics = try transition(&chain, &averaging, &stream) }
      meter?.note(chain: number, isDivergent: statistics.isDivergent)
      if keepsRecent { result.recent.add(chain) }
      var (position, gradient) = (chain.position, keepsGradients ? chain.gradient : [])
      if let symmetrised { Self.restore(symmetrised, &position, &gradient, &statistics, &stream) }
      result.positions.append(contentsOf: position)
      result.gradients.append(contentsOf: gradient)
      result.statistics.append(statistics)
    }
    if let averaging { chain.stepSize = averaging.average }
    result.state = ChainState(position: chain.position, stepSize: chain.stepSize, metric: chain.metric)
    result.gradientEvaluations = chain.gradientEvaluations
    return result
  }

  /// The draw of the symmetrised density as one of the density itself; the chain stays where it is.
  private static func restore(
    _ symmetrised: any SymmetrisedLogDensity, _ position: inout [Double], _ gradient: inout [Double],
    _ statistics: inout DrawStatistics, _ stream: inout RandomStream
  ) {
    var positionSpan = position.mutableSpan
    var gradientSpan = gradient.mutableSpan
    let restored = symmetrised.restore(position: &positionSpan, gradient: &gradientSpan, stream: &stream)
    statistics.logDensity += restored.logShare
    statistics.symmetry = restored.map
  }

  private func transition(_ chain: inout NUTS, _ stream: inout RandomStream) throws(SamplingError) -> DrawStatistics {
    if Task.isCancelled { throw .cancelled }
    return try chain.transition(&stream)
  }

  private func transition(
    _ chain: inout NUTS, _ averaging: inout DualAveraging?, _ stream: inout RandomStream
  ) throws(SamplingError) -> DrawStatistics {
    let statistics = try transition(&chain, &stream)
    if averaging != nil {
      averaging?.update(acceptance: statistics.acceptance)
      chain.stepSize = averaging?.current ?? chain.stepSize
    }
    return statistics
  }

  private func start(
    _ density: some LogDensity, _ state: ChainState, _ stream: inout RandomStream
  ) throws(SamplingError) -> NUTS {
    let unit = Metric(settings.metric, scale: Array(repeating: 1, count: density.dimension))
    var metric = state.metric ?? unit
    if metric.kind != settings.metric {
      metric = Metric(settings.metric, scale: MetricEstimate.standardDeviations(of: metric))
    }
    var chain = try NUTS(
      density, metric: metric, stepSize: state.stepSize ?? 1, position: state.position,
      maximumTreeDepth: plan.maximumTreeDepth(settings.maximumTreeDepth))
    if state.metric == nil { chain.replaceMetric(Metric(settings.metric, gradient: chain.gradient)) }
    var isFull = false
    if case .full = plan { isFull = true }
    if isFull || state.stepSize == nil || state.metric?.kind != settings.metric {
      try chain.searchStepSize(&stream)
    }
    return chain
  }

  /// The most doublings while the metric is a guess: long trajectories are then spent on a step size that will not last
  /// (PyMC caps early trees likewise).
  private static let earlyTreeDepth = 6

  private func warmUp(
    _ chain: inout NUTS, _ schedule: WarmUpSchedule, _ stream: inout RandomStream
  ) throws(SamplingError) {
    let estimate = MetricEstimate(kind: settings.metric, usesGradients: settings.metricUsesGradients)
    var averaging = DualAveraging(from: chain.stepSize, target: settings.targetAcceptance)
    let capacity = schedule.windows.filter(\.adaptsMetric).map(\.transitions).max() ?? 0
    var recent = DrawWindow(dimension: chain.trajectory.dimension, capacity: capacity)
    var transitions = 0
    for window in schedule.windows {
      let isEarly = transitions < schedule.initialTransitions
      chain.maximumTreeDepth = min(settings.maximumTreeDepth, isEarly ? Self.earlyTreeDepth : .max)
      transitions += window.transitions
      for _ in 0..<window.transitions {
        averaging.update(acceptance: try transition(&chain, &stream).acceptance)
        chain.stepSize = averaging.current
        if window.adaptsMetric { recent.add(chain) }
        meter?.note(chain: number, isDivergent: false)
      }
      guard window.adaptsMetric, let metric = estimate.metric(from: [recent], old: chain.metric) else { continue }
      recent.removeAll()
      chain.replaceMetric(metric)
      try chain.searchStepSize(&stream)
      averaging = DualAveraging(from: chain.stepSize, target: settings.targetAcceptance)
    }
    chain.maximumTreeDepth = settings.maximumTreeDepth
    if !schedule.windows.isEmpty { chain.stepSize = averaging.average }
  }

  private func restart(
    _ chain: inout NUTS, transitions: Int, _ recent: inout DrawWindow, _ stream: inout RandomStream
  ) throws(SamplingError) {
    var averaging = DualAveraging(resuming: chain.stepSize, target: settings.targetAcceptance)
    for _ in 0..<transitions {
      averaging.update(acceptance: try transition(&chain, &stream).acceptance)
      chain.stepSize = averaging.current
      recent.add(chain)
      meter?.note(chain: number, isDivergent: false)
    }
    chain.stepSize = averaging.average
  }
}
