import Diagnostics
import LogDensities

/// Newton ascent on pooled draws: chains that persist and adapt while λ moves, Louis's Hessian guarded by the expected
/// prior information, draws of all iterations reused by multiple importance sampling, control variates, and an estimate of
/// what is still to be gained, by which `ExpectedRegret` stops.
///
/// The first two iterations take steps of expectation maximisation, which no early transient can throw far. A step that
/// the path of gradients finds to have lowered the objective is taken back to a quarter.
public struct PooledNewtonSchedule: TuningSchedule {
  /// What it remembers.
  public struct Memory: Sendable, Codable, Equatable {
    /// λ of the first iteration, which knows the roles of all entries.
    var reference: Hyperparameters
    var pool = DrawPool()
    /// Iterations so far.
    var round = 0
    /// Draws a chain of the next round; not a whole number.
    var draws: Double
    /// Whether the last step was cut short, so that λ is still on its way.
    var isTravelling = true
    /// Rejections in a row.
    var rejections = 0
    /// Draws per independent draw of the gradient, smoothed.
    var autocorrelationTime = 1.5
    /// The last iterate that was not rejected.
    var previous: Previous?

    /// An iterate: λ, ∇ ln L, its Hessian, and the gradient of the whole objective.
    struct Previous: Sendable, Codable, Equatable {
      var lambda: [Double]
      var evidenceGradient: [Double]
      var evidenceHessian: [Double]
      var gradient: [Double]
    }
  }

  /// Whether control variates are used.
  public let usesControlVariates: Bool
  /// Transitions a chain in each of the first rounds.
  let firstRounds = (count: 5, transitions: 8)
  /// Rounds of expectation maximisation.
  let maximisationRounds = 2
  /// Rounds grow with the noise that is left, in nats over `aimedNoise`, within these factors.
  let aimedNoise = 0.03
  let leastGrowth = 1.15
  let mostGrowth = 2.0
  let mostDraws = 200.0
  /// Shorter rounds than this say nothing about what is left: their chains have not had the time to disagree.
  let leastTellingDraws = 24
  let mostBatches = 16
  let radius = 1.0
  /// Inner steps on one pool.
  let innerSteps = 15

  /// The schedule.
  public init(usingControlVariates: Bool = true) { usesControlVariates = usingControlVariates }

  /// An empty pool.
  public func initialMemory(at lambda: Hyperparameters) -> Memory {
    Memory(reference: lambda, draws: Double(firstRounds.transitions))
  }

  /// Whether the pool is one of the model's draws, and the next round has a number of draws.
  public func fits<Model: HierarchicalModel>(_ memory: Memory, _ model: Model) -> Bool {
    let count = model.hyperparameters.coordinates.count
    let previousFits =
      memory.previous.map { previous in
        [previous.lambda, previous.evidenceGradient, previous.gradient].allSatisfy { $0.count == count }
          && previous.evidenceHessian.count == count * count
      } ?? true
    return memory.reference.isMove(of: model.hyperparameters) && memory.pool.fits(model) && previousFits
      && (1...mostDraws).contains(memory.draws) && (0..<1 << 32).contains(memory.round)
      && (0...3).contains(memory.rejections)
  }

  /// Rounds that adapt while λ is on its way, short ones at first; rounds that grow once it has settled.
  public func sampling(at iteration: Int, _ memory: Memory) -> InnerSampling {
    if memory.round < firstRounds.count {
      let discarded = memory.round == 0 ? firstRounds.transitions / 2 : firstRounds.transitions / 3
      return InnerSampling(
        .moving(discarded: discarded), draws: firstRounds.transitions - discarded,
        keepingGradients: usesControlVariates, isBurnIn: true)
    }
    return InnerSampling(
      memory.isTravelling ? .moving(discarded: 2) : .settled(discarded: 0), draws: Int(memory.draws),
      keepingGradients: usesControlVariates)
  }

  /// Where the pool's objective is largest, as far as the pool can be trusted.
  public func move<Model: HierarchicalModel>(
    after batch: TuningBatch, of model: Model, toward objective: Objective, _ memory: Memory
  ) throws(TuningError) -> TuningMove<Memory> {
    var memory = memory
    memory.round += 1
    let latest = Latest(batch, of: model, objective)
    if let back = rejection(of: latest, &memory) {
      return TuningMove(to: back, memory: memory, isRejected: true)
    }
    add(batch, latest, of: model, &memory)
    var search = PoolSearch(
      memory.pool, model, objective, from: memory.reference.moved(to: batch.lambda.free),
      leastEffectiveDraws: 0.5 * latest.whole.effectiveDraws, radius: radius)
    search.run(steps: innerSteps)
    memory.isTravelling = search.isBound
    var target = search.lambda
    if search.isBound {
      // Beyond the pool's reach the latest draws alone say where to go, if that is farther.
      let step = shortened(NewtonDirection(latest.whole, at: batch.lambda).step, at: batch.point, radius: radius)
      if norm(step) > norm(zip(target, batch.lambda.free).map { $0 - $1 }) {
        target = zip(batch.lambda.free, step).map { $0 + $1 }
      }
    }
    target = batch.stepped(to: target, radius: 2 * radius)
    if memory.round <= maximisationRounds {
      memory.isTravelling = true
      target = batch.stepped(to: latest.maximisation(of: model, objective, batch), radius: 2 * radius)
    }
    let next = memory.reference.moved(to: target)
    let regret = expectedRegret(search, latest, &memory)
    let isTelling = batch.draws.sample.drawsPerChain >= leastTellingDraws
    if !memory.isTravelling && memory.round > firstRounds.count {
      let isShort = Int(memory.draws) < leastTellingDraws
      let factor = isShort ? mostGrowth : min(max((regret?.noise ?? 0) / aimedNoise, leastGrowth), mostGrowth)
      memory.draws = min(memory.draws * factor, mostDraws)
    }
    return TuningMove(
      to: next.free, memory: memory, expectedRegret: isTelling ? regret.map { $0.noise + $0.distance } : nil,
      reuseEffectiveSize: search.local?.effectiveDraws)
  }

  /// A quarter of the last step, where the trapezoid over its ends finds a fall of more than two nats.
  private func rejection(of latest: Latest, _ memory: inout Memory) -> [Double]? {
    guard let previous = memory.previous, memory.round > 2, memory.isTravelling, memory.rejections < 3 else {
      memory.rejections = 0
      return nil
    }
    let step = zip(latest.lambda, previous.lambda).map { $0 - $1 }
    let rise = trapezoid(along: step, latest.whole.gradient, previous.gradient)
    guard rise < -2 else {
      memory.rejections = 0
      return nil
    }
    memory.rejections += 1
    return zip(previous.lambda, step).map { $0 + 0.25 * $1 }
  }

  /// Puts a batch into the pool, and batches out that hardly count any more.
  private func add<Model: HierarchicalModel>(
    _ batch: TuningBatch, _ latest: Latest, of model: Model, _ memory: inout Memory
  ) {
    var constant = 0.0
    if let previous = memory.previous {
      let step = zip(latest.lambda, previous.lambda).map { $0 - $1 }
      let slope = trapezoid(along: step, latest.evidence.gradient, previous.evidenceGradient)
      let bend = quadratic(step, zip(latest.evidence.hessian, previous.evidenceHessian).map { $0 - $1 }) / 12
      constant = (memory.pool.logConstants.last ?? 0) + slope - bend
    }
    memory.previous = Memory.Previous(
      lambda: latest.lambda, evidenceGradient: latest.evidence.gradient, evidenceHessian: latest.evidence.hessian,
      gradient: latest.whole.gradient)
    memory.pool.add(
      DrawPool.Batch(batch, of: model, withControlVariates: usesControlVariates), logConstant: constant, of: model,
      from: memory.reference)
    let table = model.priorTable(of: memory.pool.statistics, draws: memory.pool.draws, given: batch.lambda)
    let shares = memory.pool.shares(of: memory.pool.view(table).weights)
    let last = shares.count - 1
    // The first two rounds are made on the way from the start: as soon as there are others, they go.
    let worth = shares.indices.filter { index in
      index == last || shares[index] > 0.1 && (memory.pool.batches[index].iteration > 1 || memory.round < 4)
    }
    memory.pool.keep(Array(worth.suffix(mostBatches)))
  }

  /// Noise and distance from the maximum, in nats; nil while λ travels, or the Hessian is no Newton one.
  private func expectedRegret<Model>(
    _ search: PoolSearch<Model>, _ latest: Latest, _ memory: inout Memory
  ) -> (noise: Double, distance: Double)? {
    guard let local = search.local, let direction = search.direction else { return nil }
    if let time = latest.autocorrelationTime(of: local) {
      memory.autocorrelationTime = 0.7 * memory.autocorrelationTime + 0.3 * time
    }
    guard !memory.isTravelling, memory.round > firstRounds.count,
      direction.isCertain(effectiveDraws: local.effectiveDraws / memory.autocorrelationTime)
    else { return nil }
    return direction.expectedRegret(
      of: local, autocorrelationTime: memory.autocorrelationTime, chains: memory.pool.chains)
  }
}

func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
