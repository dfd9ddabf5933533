/// How hyperparameters are looked for.
public struct GaussianProcessFitSettings: Sendable, Codable, Equatable {
  /// Climbs: one from the values that the covariance function has, the others from random values.
  public var starts: Int
  /// The standard deviation of the logarithms of random values about the given ones, mirrored at the bounds; nil for values
  /// that are log-uniform within the bounds.
  public var spread: Double?
  /// The most iterations of L-BFGS of one climb.
  public var maximumIterations: Int
  /// A climb ends where no entry of the gradient in log hyperparameters is larger, bounds apart, or five iterations together
  /// gain less than 1e-6 nats.
  public var gradientTolerance: Double
  /// The seed of the random starts.
  public var seed: UInt64
  /// The most climbs at once. No result depends on it.
  public var threads: Int

  /// Settings; the defaults suit most covariance functions.
  public init(
    starts: Int = 5, spread: Double? = 1.5, maximumIterations: Int = 200, gradientTolerance: Double = 1e-6,
    seed: UInt64 = 1, threads: Int = 2
  ) {
    self.starts = starts
    self.spread = spread
    self.maximumIterations = maximumIterations
    self.gradientTolerance = gradientTolerance
    self.seed = seed
    self.threads = threads
  }

  func validate() throws(GaussianProcessError) {
    for (name, value) in [("starts", starts), ("maximumIterations", maximumIterations), ("threads", threads)] {
      guard (1...65_535).contains(value) else {
        throw .setting(name: name, value: "\(value)", allowed: "an integer from 1 to 65535")
      }
    }
    guard spread.map({ $0.isFinite && $0 > 0 }) ?? true else {
      throw .setting(name: "spread", value: "\(spread ?? 0)", allowed: "a positive number")
    }
    guard gradientTolerance.isFinite, gradientTolerance >= 0 else {
      throw .setting(name: "gradientTolerance", value: "\(gradientTolerance)", allowed: "a number of at least 0")
    }
  }
}

/// A Gaussian process at hyperparameters that maximise its marginal likelihood, or their posterior density, and how they were found.
public struct GaussianProcessFit: Sendable {
  /// One climb. Arrays are over the free hyperparameters.
  public struct Climb: Sendable, Codable, Equatable {
    /// The hyperparameters that it started from.
    public var start: [Double]
    /// Where it ended.
    public var end: [Double]
    /// ln p(y | X) at its end, with the log prior of the hyperparameters where there is one; nil where not even the start had
    /// a finite one.
    public var logMarginalLikelihood: Double?
    /// The largest entry of the gradient in log hyperparameters at its end, without entries that press against a bound.
    public var gradient: Double?
    /// Evaluations of the marginal likelihood with its gradient.
    public var evaluations: Int
    /// Whether `gradient` is at most 1e-3, or the tolerance where that is larger.
    public var hasConverged: Bool
  }

  /// The process at the best end.
  public let process: GaussianProcess
  /// All climbs; the first is from the given values.
  public let climbs: [Climb]
  /// Which climb was the best.
  public let best: Int
  /// Names of the hyperparameters that ended at a bound: the data would have them beyond it.
  public let atBounds: [String]
}
