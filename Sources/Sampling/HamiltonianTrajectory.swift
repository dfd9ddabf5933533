import LogDensities

/// A trajectory of leapfrog steps, with all the memory that a transition needs: one is made per chain and used for ever.
struct HamiltonianTrajectory: ~Copyable, Trajectory {
  let density: any LogDensity
  let dimension: Int
  var stepSize: Double
  /// Gradient evaluations so far.
  private(set) var gradientEvaluations = 0
  private(set) var metric: MetricMap

  private var forward: PhasePoint
  private var backward: PhasePoint
  private var initialEnergy = 0.0
  private let scratch: Vector
  private let slab: VectorSlab
  /// Log density and energy of each slot's proposal.
  private var logDensities: [Double]
  private var energies: [Double]

  private static let vectorsPerSlot = 5
  private static let firstSlotVector = 1 + 2 * PhasePoint.vectors

  /// A trajectory without a state: `start(at:)` comes next. The metric has the density's dimension.
  init(_ density: any LogDensity, metric: consuming MetricMap, stepSize: Double, maximumDepth: Int) {
    self.density = density
    self.metric = metric
    self.stepSize = stepSize
    dimension = density.dimension
    let count = maximumDepth + 2
    let slab = VectorSlab(vectors: Self.firstSlotVector + count * Self.vectorsPerSlot, dimension: dimension)
    scratch = slab[0]
    forward = PhasePoint(slab, first: 1, dimension: dimension)
    backward = PhasePoint(slab, first: 1 + PhasePoint.vectors, dimension: dimension)
    self.slab = slab
    logDensities = Array(repeating: -.infinity, count: count)
    energies = Array(repeating: .infinity, count: count)
  }

  /// Makes `position` the current state. One gradient evaluation.
  mutating func start(at position: [Double]) throws(LogDensityError) {
    forward.position.assign(position)
    try forward.evaluate(density)
    gradientEvaluations += 1
    store(forward, energy: .infinity, in: 0)
  }

  private func slot(_ index: Int, _ vector: Int) -> Vector {
    slab[Self.firstSlotVector + index * Self.vectorsPerSlot + vector]
  }

  /// The current position, that is the proposal of slot 0.
  var position: Vector { slot(0, 3) }
  /// Its gradient.
  var gradient: Vector { slot(0, 4) }
  /// Its log density.
  var logDensity: Double { logDensities[0] }
  /// The Hamiltonian at it, with the momentum that led to it.
  var energy: Double { energies[0] }

  /// Whether a trajectory can start here at all.
  var isFinite: Bool { logDensity.isFinite && (0..<dimension).allSatisfy { gradient.elements[$0].isFinite } }

  mutating func replaceMetric(_ metric: consuming MetricMap) { self.metric = metric }

  /// Draws a momentum: afterwards slot 0 is the current state alone, both ends of the trajectory are there.
  mutating func begin(_ stream: inout RandomStream) {
    forward.position.copy(position)
    forward.gradient.copy(gradient)
    forward.logDensity = logDensity
    metric.applyTransposed(gradient, into: forward.force)
    forward.drawMomentum(&stream)
    backward.copy(forward)
    initialEnergy = forward.energy
    store(forward, energy: initialEnergy, in: 0)
  }

  /// H₀ − H after one step from a fresh momentum, which leaves the current state as it is.
  mutating func trialStep(_ stream: inout RandomStream) throws(LogDensityError) -> Double {
    begin(&stream)
    return try advanceForward()
  }

  mutating func extend(_ direction: Direction, into slot: Int) throws(LogDensityError) -> Double {
    switch direction {
    case .forward:
      let logWeight = try advanceForward()
      store(forward, energy: initialEnergy - logWeight, in: slot)
      return logWeight
    case .backward:
      try backward.leapfrog(-stepSize, density: density, metric: metric, scratch: scratch)
      gradientEvaluations += 1
      let logWeight = initialEnergy - backward.energy
      store(backward, energy: initialEnergy - logWeight, in: slot)
      return logWeight
    }
  }

  mutating func join(_ next: Int, to slot: Int, _ direction: Direction) -> Bool {
    let (old, new) = (momenta(slot), momenta(next))
    let continues: Bool
    switch direction {
    case .forward:
      continues = TurnCriterion.continues(earlier: old, later: new)
      old.right.copy(new.right)
    case .backward:
      continues = TurnCriterion.continues(earlier: new, later: old)
      old.left.copy(new.left)
    }
    old.sum.setSum(old.sum, new.sum)
    return continues
  }

  mutating func adoptProposal(of next: Int, in slot: Int) {
    self.slot(slot, 3).copy(self.slot(next, 3))
    self.slot(slot, 4).copy(self.slot(next, 4))
    logDensities[slot] = logDensities[next]
    energies[slot] = energies[next]
  }

  private mutating func advanceForward() throws(LogDensityError) -> Double {
    try forward.leapfrog(stepSize, density: density, metric: metric, scratch: scratch)
    gradientEvaluations += 1
    return initialEnergy - forward.energy
  }

  private func momenta(_ index: Int) -> TurnCriterion.Momenta {
    TurnCriterion.Momenta(sum: slot(index, 0), left: slot(index, 1), right: slot(index, 2))
  }

  private mutating func store(_ point: PhasePoint, energy: Double, in index: Int) {
    for vector in 0..<3 { slot(index, vector).copy(point.momentum) }
    slot(index, 3).copy(point.position)
    slot(index, 4).copy(point.gradient)
    logDensities[index] = point.logDensity
    energies[index] = energy
  }
}
