import Diagnostics
import LogDensities

/// Climbs the objective as a pool of draws sees it, for as long as the pool's weights can be trusted.
struct PoolSearch<Model: HierarchicalModel>: Sendable {
  private let pool: DrawPool
  private let model: Model
  private let objective: Objective
  private let statistics: [Double]
  private let logEntropies: [Double]
  private let leastEffectiveDraws: Double
  private let radius: Double
  /// The objective at a λ as the pool sees it.
  private struct Point: Sendable {
    let lambda: Hyperparameters
    let table: PriorTable
    let weights: ImportanceWeights
    let value: Double
  }

  private var current: Point

  /// Whether a step was cut short by the weights.
  private(set) var isBound = false
  /// The objective where the last step started.
  private(set) var local: LocalQuadratic?
  /// The last step's direction.
  private(set) var direction: NewtonDirection?

  /// Where the search stands.
  var lambda: [Double] { current.lambda.free }

  init(
    _ pool: DrawPool, _ model: Model, _ objective: Objective, from start: Hyperparameters, leastEffectiveDraws: Double,
    radius: Double
  ) {
    self.pool = pool
    self.model = model
    self.objective = objective
    self.leastEffectiveDraws = leastEffectiveDraws
    self.radius = radius
    statistics = pool.statistics
    logEntropies = pool.logEntropies
    current = Self.point(start, pool, model, objective, statistics, logEntropies)
  }

  private static func point(
    _ lambda: Hyperparameters, _ pool: DrawPool, _ model: Model, _ objective: Objective, _ statistics: [Double],
    _ logEntropies: [Double]
  ) -> Point {
    let table = model.priorTable(of: statistics, draws: pool.draws, given: lambda)
    let (logEvidence, weights) = pool.view(table)
    let gamma = objective.entropyWeight
    let entropy = gamma > 0 ? zip(weights.values, logEntropies).reduce(0) { $0 + $1.0 * $1.1 } : 0
    return Point(
      lambda: lambda, table: table, weights: weights, value: logEvidence + gamma * entropy + lambda.logHyperprior)
  }

  /// Steps until one gains less than 1/10,000 of a nat, is cut short by the weights, or `steps` are made. A Newton step is
  /// halved until it climbs: with a Hessian of small curvature it would leap from one flank of a ridge to the other.
  mutating func run(steps: Int) {
    for _ in 0..<steps {
      let local = localQuadratic()
      let direction = NewtonDirection(local, at: current.lambda)
      self.local = local
      self.direction = direction
      let point = TuningPoint(iteration: 0, at: current.lambda, of: model)
      let step = shortened(direction.step, at: point, radius: radius)
      let before = current.value
      guard climb(along: step), !isBound else { return }
      if current.value - before < 1e-4 { return }
    }
  }

  private func localQuadratic() -> LocalQuadratic {
    let local = LocalQuadratic(
      model, at: current.lambda, statistics: statistics, table: current.table, weights: current.weights.values,
      logEntropies: logEntropies, objective: objective)
    return pool.controlVariates(model, at: current.lambda, scores: current.table.scores).applied(to: local)
  }

  /// Goes the largest of 1, ½, ¼ … of a step at which enough draws count and the objective is higher; false where none above
  /// 1/50 is.
  private mutating func climb(along step: [Double]) -> Bool {
    var share = 1.0
    while share > 0.02 {
      let lambda = current.lambda.moved(to: zip(current.lambda.free, step).map { $0 + share * $1 })
      let next = Self.point(lambda, pool, model, objective, statistics, logEntropies)
      if next.weights.effectiveSampleSize < leastEffectiveDraws {
        isBound = true
      } else if next.value > current.value {
        current = next
        return true
      }
      share *= 0.5
    }
    return false
  }
}
