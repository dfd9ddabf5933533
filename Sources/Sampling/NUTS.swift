import LogDensities

/// The No-U-Turn sampler (Hoffman and Gelman 2014) with multinomial sampling (Betancourt 2017): one Markov chain, moved
/// one transition at a time. Adaptation is someone else's business.
public struct NUTS: ~Copyable {
  /// The most doublings of one trajectory.
  public internal(set) var maximumTreeDepth: Int
  var trajectory: HamiltonianTrajectory

  /// A chain at `position` (length `density.dimension`). One gradient evaluation.
  ///
  /// - Throws: `SamplingError.nonFiniteStart` where the log density or its gradient is not finite there; what the density
  ///   throws.
  public init(
    _ density: some LogDensity, metric: Metric, stepSize: Double, position: [Double], maximumTreeDepth: Int = 10
  ) throws(SamplingError) {
    guard metric.isValid, metric.dimension == density.dimension else {
      throw .invalidState("The metric does not fit the log density, or is not finite.")
    }
    guard stepSize > 0, stepSize.isFinite else { throw .invalidState("The step size \(stepSize) is not positive.") }
    guard position.count == density.dimension else {
      throw .density(.dimensionMismatch(expected: density.dimension, found: position.count))
    }
    var trajectory = HamiltonianTrajectory(
      density, metric: MetricMap(metric), stepSize: stepSize, maximumDepth: maximumTreeDepth)
    do throws(LogDensityError) { try trajectory.start(at: position) } catch { throw .density(error) }
    guard trajectory.isFinite else { throw .nonFiniteStart(logDensity: trajectory.logDensity) }
    self.maximumTreeDepth = maximumTreeDepth
    self.trajectory = trajectory
  }

  /// One transition, which leaves the density invariant.
  ///
  /// - Throws: `SamplingError.density` where the log density throws; values that are not finite are divergences.
  public mutating func transition(_ stream: inout RandomStream) throws(SamplingError) -> DrawStatistics {
    var tree = Tree()
    trajectory.begin(&stream)
    do throws(LogDensityError) {
      try tree.grow(&trajectory, maximumDepth: maximumTreeDepth, stream: &stream)
    } catch { throw .density(error) }
    return DrawStatistics(
      logDensity: trajectory.logDensity, acceptance: tree.acceptance, stepSize: stepSize, treeDepth: tree.depth,
      leapfrogSteps: tree.steps, isDivergent: tree.isDivergent, energy: trajectory.energy)
  }

  /// The current position.
  public var position: [Double] { trajectory.position.array(count: trajectory.dimension) }
  /// The gradient of the log density there.
  public var gradient: [Double] { trajectory.gradient.array(count: trajectory.dimension) }
  /// The log density there.
  public var logDensity: Double { trajectory.logDensity }
  /// Gradient evaluations so far, the one at the start included.
  public var gradientEvaluations: Int { trajectory.gradientEvaluations }
  /// The metric in use.
  public var metric: Metric { trajectory.metric.metric }

  /// The leapfrog step size, in units of the metric: about 1 where the metric fits.
  public var stepSize: Double {
    get { trajectory.stepSize }
    set { trajectory.stepSize = newValue }
  }

  /// Goes on with another metric of the same dimension.
  public mutating func replaceMetric(_ metric: Metric) {
    precondition(metric.dimension == trajectory.dimension, "a metric has the dimension of its density")
    trajectory.replaceMetric(MetricMap(metric))
  }
}
