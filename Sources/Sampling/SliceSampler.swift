import LogDensities

/// Runs several slice-sampling chains at once. Every result is the same, bit for bit, however many threads there are.
public struct SliceSampler: Sendable {
  /// Random starts of which the best is a chain's first position.
  private static let starts = 16
  /// Random starts that are tried while the density is −∞ at all of them.
  private static let mostStarts = 10_000
  /// Warm-up transitions between two adaptations of widths, at first; the second interval is twice as long, and so on.
  private static let firstInterval = 5

  /// The number of chains.
  public let chains: Int
  /// The seed of all random streams.
  public let seed: UInt64
  /// The most chains that run at once. No result depends on it.
  public let threads: Int
  /// What shows how far the chains are; nil where nobody watches.
  public let meter: ChainMeter?

  /// A sampler.
  /// - Throws: `SamplingError.setting` for settings outside their ranges.
  public init(chains: Int = 4, seed: UInt64 = 1, threads: Int = 4, meter: ChainMeter? = nil) throws(SamplingError) {
    try SamplerSettings(chains: chains, seed: seed, threads: threads).validate()
    self.chains = chains
    self.seed = seed
    self.threads = threads
    self.meter = meter
  }

  /// First states: for every chain the best of 16 points of its own from N(0, scale² I), with scales 1, 2, 4 and 8 in turn.
  /// Where the density is −∞ at all of them, the first point at which it is not. Chains so start apart, and where they agree
  /// it means something.
  /// - Throws: `SamplingError.noFiniteStart`, or what the density throws.
  public func start(
    _ density: some LogDensity, iteration: UInt32
  ) async throws(SamplingError) -> (chains: [SliceChain], evaluations: Int) {
    let seed = seed
    let found = try await parallelTasks(chains, threads: threads) { index throws(SamplingError) in
      var stream = RandomStream(seed: seed, iteration: iteration, chain: UInt32(index), purpose: .initialisation)
      var best: (value: Double, position: [Double])?
      for trial in 0..<Self.mostStarts {
        if let best, trial >= Self.starts { return (best.position, trial) }
        if Task.isCancelled { throw .cancelled }
        let scale = Double(1 << (trial % 4))
        let position = (0..<density.dimension).map { _ in scale * stream.normal() }
        let value: Double
        do throws(LogDensityError) { value = try density.logDensity(at: position.span) } catch { throw .density(error) }
        if value.isFinite, value > best?.value ?? -.infinity { best = (value, position) }
      }
      guard let best else { throw .noFiniteStart(tried: Self.mostStarts) }
      return (best.position, Self.mostStarts)
    }
    return (found.map { SliceChain(position: $0.0) }, found.reduce(0) { $0 + $1.1 })
  }

  /// Continues the chains: `warmup` transitions, during which alone widths may be adapted, then `draws` draws a chain.
  ///
  /// - Parameters:
  ///   - states: One a chain.
  ///   - iteration: Names the random streams: two calls with one iteration use the same numbers.
  ///   - adapting: Whether warm-up adapts widths.
  ///   - keepingGradients: Whether the sample holds the gradient of every draw, too.
  /// - Throws: `SamplingError.nonFiniteStart`, `.cancelled`, `.invalidState`, or what the density throws.
  public func sample(
    _ density: some LogDensity, from states: [SliceChain], warmup: Int, adapting: Bool, draws: Int, iteration: UInt32,
    keepingGradients: Bool = false
  ) async throws(SamplingError) -> (sample: PosteriorSample, chains: [SliceChain]) {
    guard states.count == chains, states.allSatisfy({ $0.fits(dimension: density.dimension) }) else {
      throw .invalidState("There are \(chains) chains of dimension \(density.dimension), and the states are others.")
    }
    guard warmup >= 0, draws >= 0 else {
      throw .setting(name: "draws", value: "\(draws)", allowed: "at least 0, with a warm-up of at least 0")
    }
    meter?.begin(chains: chains, transitions: warmup + draws)
    let (seed, meter) = (seed, meter)
    let results = try await parallelTasks(chains, threads: threads) { index throws(SamplingError) in
      let stream = RandomStream(seed: seed, iteration: iteration, chain: UInt32(index), purpose: .sampling)
      var chain = try SliceTransitions(density, from: states[index], stream: stream)
      try Self.warmUp(&chain, warmup, adapting: adapting, meter, index)
      var result = Result(chain: states[index], evaluations: 0)
      for _ in 0..<draws {
        let before = chain.evaluations
        try chain.run()
        meter?.note(chain: index, isDivergent: false)
        result.positions += chain.position
        result.statistics.append(
          DrawStatistics(
            logDensity: chain.logDensity, acceptance: 1, stepSize: 1, treeDepth: 0,
            leapfrogSteps: chain.evaluations - before, isDivergent: false, energy: -chain.logDensity))
        if keepingGradients { result.gradients += try chain.currentGradient() }
      }
      result.chain = SliceChain(position: chain.position, widths: chain.widths)
      result.evaluations = chain.evaluations
      return result
    }
    let sample = PosteriorSample(
      dimension: density.dimension, chains: chains, drawsPerChain: draws, positions: results.flatMap(\.positions),
      gradients: results.flatMap(\.gradients), statistics: results.flatMap(\.statistics),
      gradientEvaluations: results.reduce(0) { $0 + $1.evaluations })
    return (sample, results.map(\.chain))
  }

  private struct Result: Sendable {
    var chain: SliceChain
    var evaluations: Int
    var positions: [Double] = []
    var gradients: [Double] = []
    var statistics: [DrawStatistics] = []
  }

  /// Transitions whose draws nobody sees, in intervals that double, widths being adapted at the end of each.
  private static func warmUp<Density: LogDensity>(
    _ chain: inout SliceTransitions<Density>, _ transitions: Int, adapting: Bool, _ meter: ChainMeter?, _ index: Int
  ) throws(SamplingError) {
    var (interval, next) = (firstInterval, firstInterval)
    for transition in 1..<transitions + 1 {
      try chain.run()
      meter?.note(chain: index, isDivergent: false)
      // The last interval takes in what would be left behind it: widths that stay are not learnt from a few moves.
      let isLast = transition == transitions
      guard adapting, isLast || transition == next && transitions - transition >= 2 * interval else { continue }
      chain.adapt()
      interval *= 2
      next = transition + interval
    }
  }
}
