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
  private var current: Hyperparameters
  private var table: PriorTable

  /// Whether the last step was cut short by the weights.
  private(set) var isBound = false
  /// The objective where the last step started.
  private(set) var local: LocalQuadratic?
  /// The last step's direction.
  private(set) var direction: NewtonDirection?

  /// Where the search stands.
  var lambda: [Double] { current.free }

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
    current = start
    table = model.priorTable(of: statistics, draws: pool.draws, given: start)
  }

  /// Steps until one gains less than 1/10,000 of a nat, is cut short, or `steps` are made.
  mutating func run(steps: Int) {
    for _ in 0..<steps {
      let local = localQuadratic()
      let direction = NewtonDirection(local, at: current)
      self.local = local
      self.direction = direction
      let point = TuningPoint(iteration: 0, at: current, of: model)
      let step = shortened(direction.step, at: point, radius: radius)
      guard let share = take(step), share == 1 else {
        isBound = true
        return
      }
      if 0.5 * abs(zip(local.gradient, step).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-4 { return }
    }
  }

  private func localQuadratic() -> LocalQuadratic {
    let local = LocalQuadratic(
      model, at: current, statistics: statistics, table: table, weights: pool.weights(for: table).values,
      logEntropies: logEntropies, objective: objective)
    return pool.controlVariates(model, at: current, scores: table.scores).applied(to: local)
  }

  /// Goes the largest of 1, ½, ¼ … of a step at which enough draws count; nil where none above 1/50 does.
  private mutating func take(_ step: [Double]) -> Double? {
    var share = 1.0
    while share > 0.02 {
      let next = current.moved(to: zip(current.free, step).map { $0 + share * $1 })
      let nextTable = model.priorTable(of: statistics, draws: pool.draws, given: next)
      if pool.weights(for: nextTable).effectiveSampleSize >= leastEffectiveDraws {
        current = next
        table = nextTable
        return share
      }
      share *= 0.5
    }
    return nil
  }
}
