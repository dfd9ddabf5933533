import LogDensities

/// Climbs a log density: limited-memory BFGS (Nocedal 1980) with a weak Wolfe line search by bisection, which also
/// works at the kinks of Laplace priors (Lewis and Overton 2013, algorithm 2.6).
///
/// Values that are not finite count as −∞, so that a step out of the support is only a step too far.
package struct LBFGS: Sendable {
  var memory = 20
  package var maximumIterations = 100
  /// Stops when this many iterations together gained less than `gain`.
  package var patience = 3
  /// In nats: the posterior's mass lies elsewhere than its maximum, and more precision is wasted.
  package var gain = 1e-3
  /// Stops where no entry of the gradient is larger; 0 for climbs that stop by `gain` alone.
  package var gradientTolerance = 0.0

  package init() {}

  /// A finite point of the climb.
  package struct Point: Sendable {
    package var position: [Double]
    package var value: Double
    package var gradient: [Double]
  }

  /// Where a climb ended.
  package struct Result: Sendable {
    /// The highest point; nil where the start was not finite.
    package var best: Point?
    /// Scales of the coordinates from the last steps, (Σ Δq² / Σ Δ∇²)^¼, 1 where that is undefined.
    var scale: [Double]
    package var gradientEvaluations: Int
  }

  private struct Pair {
    let step: [Double]
    let change: [Double]
    let curvature: Double
  }

  package func maximise(_ density: some LogDensity, from start: [Double]) throws(LogDensityError) -> Result {
    var evaluations = 1
    guard var point = try Self.point(density, start) else {
      return Result(best: nil, scale: start.map { _ in 1 }, gradientEvaluations: evaluations)
    }
    var pairs: [Pair] = []
    var history = [point.value]
    for _ in 0..<maximumIterations {
      if Task.isCancelled || point.gradient.allSatisfy({ abs($0) <= gradientTolerance }) { break }
      var direction = ascentDirection(point.gradient, pairs)
      if !(dot(direction, point.gradient) > 0) {
        pairs.removeAll()
        direction = ascentDirection(point.gradient, pairs)
      }
      guard dot(direction, point.gradient) > 0,
        let next = try search(density, from: point, along: direction, evaluations: &evaluations)
      else { break }
      remember(from: point, to: next, in: &pairs)
      point = next
      history.append(point.value)
      if history.count > patience, point.value - history[history.count - 1 - patience] < gain { break }
    }
    return Result(best: point, scale: Self.scale(pairs, at: point), gradientEvaluations: evaluations)
  }

  private static func point(_ density: some LogDensity, _ position: [Double]) throws(LogDensityError) -> Point? {
    let (value, gradient) = try density.evaluate(at: position)
    guard value.isFinite, gradient.allSatisfy(\.isFinite) else { return nil }
    return Point(position: position, value: value, gradient: gradient)
  }

  /// The two-loop recursion, on the negative log density; the first step has length at most 1.
  private func ascentDirection(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
    guard let last = pairs.last else {
      let norm = dot(gradient, gradient).squareRoot()
      return gradient.map { $0 / max(1, norm) }
    }
    var direction = gradient
    var weights: [Double] = []
    for pair in pairs.reversed() {
      let weight = dot(pair.step, direction) / pair.curvature
      for index in direction.indices { direction[index] -= weight * pair.change[index] }
      weights.append(weight)
    }
    let initial = last.curvature / dot(last.change, last.change)
    for index in direction.indices { direction[index] *= initial }
    for (pair, weight) in zip(pairs, weights.reversed()) {
      let correction = weight - dot(pair.change, direction) / pair.curvature
      for index in direction.indices { direction[index] += correction * pair.step[index] }
    }
    return direction
  }

  /// A point that gains enough and has lost a tenth of the slope; where 30 trials find none, the best that gains at all.
  private func search(
    _ density: some LogDensity, from start: Point, along direction: [Double], evaluations: inout Int
  ) throws(LogDensityError) -> Point? {
    let slope = dot(direction, start.gradient)
    var (low, high, length) = (0.0, Double.infinity, 1.0)
    var best: Point?
    for _ in 0..<30 {
      let position = start.position.indices.map { start.position[$0] + length * direction[$0] }
      evaluations += 1
      let trial = try Self.point(density, position)
      if let trial, trial.value >= start.value + 1e-4 * length * slope {
        if trial.value > best?.value ?? start.value { best = trial }
        if dot(direction, trial.gradient) <= 0.9 * slope { return trial }
        low = length
      } else {
        high = length
      }
      length = high.isFinite ? 0.5 * (low + high) : 2 * low
    }
    return best
  }

  private func remember(from old: Point, to new: Point, in pairs: inout [Pair]) {
    let step = old.position.indices.map { new.position[$0] - old.position[$0] }
    let change = old.position.indices.map { old.gradient[$0] - new.gradient[$0] }
    let curvature = dot(step, change)
    let length = (dot(step, step) * dot(change, change)).squareRoot()
    guard curvature > 1e-10 * length, curvature.isFinite else { return }
    pairs.append(Pair(step: step, change: change, curvature: curvature))
    if pairs.count > memory { pairs.removeFirst() }
  }

  /// A coordinate that has not moved by more than rounding tells by its gradient alone, as in `Metric(_:gradient:)`.
  private static func scale(_ pairs: [Pair], at point: Point) -> [Double] {
    point.position.indices.map { index in
      var (steps, changes) = (0.0, 0.0)
      for pair in pairs {
        steps += pair.step[index] * pair.step[index]
        changes += pair.change[index] * pair.change[index]
      }
      let (position, gradient) = (point.position[index], point.gradient[index])
      let isRounding = steps < 1e-16 * position * position || changes < 1e-16 * gradient * gradient
      let variance = isRounding ? 1 / abs(gradient) : (steps / changes).squareRoot()
      return variance.isFinite && variance > 0 ? variance.squareRoot() : 1
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}
