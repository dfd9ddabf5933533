/// The settings of the No-U-Turn sampler.
public struct SamplerSettings: Sendable, Codable, Equatable {
  /// The number of chains.
  public var chains: Int
  /// Transitions of a full warm-up.
  public var warmup: Int
  /// Draws of each chain.
  public var draws: Int
  /// The most doublings of a trajectory; at most 2^depth − 1 leapfrog steps a transition.
  public var maximumTreeDepth: Int
  /// The mean acceptance probability that the step size aims at.
  public var targetAcceptance: Double
  /// Which covariances the metric can express.
  public var metric: MetricKind
  /// Whether the metric is learnt from the variances of draws and gradients together, or from draws alone.
  public var metricUsesGradients: Bool
  /// Whether a density that has a symmetrised one is sampled through it, so that draws move freely between its symmetric
  /// places (numberings of experts). Estimates that depend on numbers need chains that keep theirs.
  public var usesSymmetries: Bool
  /// The seed of all random streams.
  public var seed: UInt64
  /// The most chains that run at once. No result depends on it.
  public var threads: Int

  /// Settings; the defaults suit most posteriors.
  public init(
    chains: Int = 4, warmup: Int = 1000, draws: Int = 1000, maximumTreeDepth: Int = 10, targetAcceptance: Double = 0.8,
    metric: MetricKind = .diagonal, metricUsesGradients: Bool = true, usesSymmetries: Bool = true, seed: UInt64 = 1,
    threads: Int = 4
  ) {
    self.chains = chains
    self.warmup = warmup
    self.draws = draws
    self.maximumTreeDepth = maximumTreeDepth
    self.targetAcceptance = targetAcceptance
    self.metric = metric
    self.metricUsesGradients = metricUsesGradients
    self.usesSymmetries = usesSymmetries
    self.seed = seed
    self.threads = threads
  }

  /// - Throws: `SamplingError.setting` for the first setting outside its range.
  public func validate() throws(SamplingError) {
    try Self.check("chains", chains, in: 1...65_535)
    try Self.check("warmup", warmup, in: 0...100_000_000)
    try Self.check("draws", draws, in: 1...100_000_000)
    try Self.check("maximumTreeDepth", maximumTreeDepth, in: 1...30)
    try Self.check("threads", threads, in: 1...65_535)
    guard targetAcceptance > 0 && targetAcceptance < 1 else {
      throw .setting(name: "targetAcceptance", value: "\(targetAcceptance)", allowed: "a number between 0 and 1")
    }
  }

  private static func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws(SamplingError) {
    guard range.contains(value) else {
      throw .setting(
        name: name, value: "\(value)", allowed: "an integer from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
