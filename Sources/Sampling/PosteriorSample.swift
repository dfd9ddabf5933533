import LogDensities

/// Draws of several chains of equal length, in unconstrained coordinates, with what the sampler recorded about each.
public struct PosteriorSample: Sendable {
  /// The length of a position.
  public let dimension: Int
  /// The number of chains.
  public let chains: Int
  /// The number of draws in each chain.
  public let drawsPerChain: Int
  /// Positions, chain by chain, draw by draw (length chains × draws × dimension).
  public var positions: [Double]
  /// The gradient of the sampled log density at each draw, laid out as `positions`; empty where it was not kept.
  public let gradients: [Double]
  /// The sampler's record of each draw (length chains × draws), chain by chain.
  public let statistics: [DrawStatistics]
  /// Gradient evaluations spent for this sample, warmup included: the real price.
  public let gradientEvaluations: Int

  /// A sample from its parts; the counts must fit.
  public init(
    dimension: Int, chains: Int, drawsPerChain: Int, positions: [Double], gradients: [Double] = [],
    statistics: [DrawStatistics], gradientEvaluations: Int
  ) {
    precondition(positions.count == chains * drawsPerChain * dimension, "one position a draw")
    precondition(gradients.isEmpty || gradients.count == positions.count, "one gradient a draw, or none")
    self.gradients = gradients
    precondition(statistics.count == chains * drawsPerChain, "one record a draw")
    self.dimension = dimension
    self.chains = chains
    self.drawsPerChain = drawsPerChain
    self.positions = positions
    self.statistics = statistics
    self.gradientEvaluations = gradientEvaluations
  }

  /// The number of draws over all chains.
  public var count: Int { chains * drawsPerChain }

  /// How many draws were put into another symmetric place than the one before them in their chain.
  public var symmetryMoves: Int {
    (0..<chains).reduce(0) { total, chain in
      let own = statistics[chain * drawsPerChain..<(chain + 1) * drawsPerChain]
      return total + zip(own, own.dropFirst()).count { $0.symmetry != $1.symmetry }
    }
  }

  /// Calls `body` with the position of draw `index`, counted over all chains.
  public func withPosition<Result>(_ index: Int, _ body: (Span<Double>) -> Result) -> Result {
    body(positions.span.extracting(index * dimension..<(index + 1) * dimension))
  }

  /// The same draws at other positions, which the record of each then has the density of. Gradients belong to positions as
  /// sampled and are left out.
  /// - Throws: what the density does.
  public func moved(to positions: [Double], under density: some LogDensity) throws -> PosteriorSample {
    var statistics = statistics
    var gradient = [Double](repeating: 0, count: dimension)
    for index in 0..<count {
      let position = positions.span.extracting(index * dimension..<(index + 1) * dimension)
      var span = gradient.mutableSpan
      statistics[index].logDensity = try density.evaluate(at: position, gradient: &span)
    }
    return PosteriorSample(
      dimension: dimension, chains: chains, drawsPerChain: drawsPerChain, positions: positions, statistics: statistics,
      gradientEvaluations: gradientEvaluations)
  }

  /// A scalar function of the draws as chains × draws, the shape that diagnostics take.
  public func map(_ body: (Span<Double>) -> Double) -> [[Double]] {
    (0..<chains).map { chain in
      (0..<drawsPerChain).map { draw in withPosition(chain * drawsPerChain + draw, body) }
    }
  }
}

/// What the sampler knew when it made a draw.
public struct DrawStatistics: Sendable, Codable, Equatable {
  /// The log density of the draw, Jacobian included.
  public var logDensity: Double
  /// The mean acceptance probability over the trajectory.
  public var acceptance: Double
  /// The leapfrog step size.
  public var stepSize: Double
  /// Doublings of the trajectory.
  public var treeDepth: Int
  /// Leapfrog steps, that is gradient evaluations.
  public var leapfrogSteps: Int
  /// Whether the trajectory's energy error passed the limit.
  public var isDivergent: Bool
  /// The Hamiltonian at the draw (−log density + kinetic energy), of the density that the chain moved on.
  public var energy: Double
  /// The map of the density's symmetries that took the chain's position to the draw; 0 where there was none.
  public var symmetry: Int

  /// A record.
  public init(
    logDensity: Double, acceptance: Double, stepSize: Double, treeDepth: Int, leapfrogSteps: Int, isDivergent: Bool,
    energy: Double, symmetry: Int = 0
  ) {
    self.logDensity = logDensity
    self.acceptance = acceptance
    self.stepSize = stepSize
    self.treeDepth = treeDepth
    self.leapfrogSteps = leapfrogSteps
    self.isDivergent = isDivergent
    self.energy = energy
    self.symmetry = symmetry
  }
}
