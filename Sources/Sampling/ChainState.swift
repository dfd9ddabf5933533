/// All that a chain needs to go on, perhaps with another density: a value to store in a checkpoint.
public struct ChainState: Sendable, Codable, Equatable {
  /// The position, in unconstrained coordinates.
  public var position: [Double]
  /// The leapfrog step size; nil where none has been adapted yet.
  public var stepSize: Double?
  /// The metric; nil where none has been adapted yet.
  public var metric: Metric?

  /// A state. Without a metric the first warm-up starts from the gradient at the position, without a step size it
  /// searches for one.
  public init(position: [Double], stepSize: Double? = nil, metric: Metric? = nil) {
    self.position = position
    self.stepSize = stepSize
    self.metric = metric
  }

  /// Whether a chain of that dimension, with metrics of that kind, can go on from here.
  public func fits(dimension: Int, metric kind: MetricKind) -> Bool {
    position.count == dimension && position.allSatisfy(\.isFinite)
      && (stepSize.map { $0 > 0 && $0.isFinite } ?? true)
      && (metric.map { $0.kind == kind && $0.dimension == dimension && $0.isValid } ?? true)
  }
}
