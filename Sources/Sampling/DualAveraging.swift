#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adapts the logarithm of the step size so that the mean acceptance probability reaches a target: Nesterov's dual
/// averaging (Hoffman and Gelman 2014, section 3.2), with Stan's constants.
struct DualAveraging: Sendable, Equatable {
  private static let gamma = 0.05
  private static let stabilisation = 10.0
  private static let kappa = 0.75

  private let target: Double
  /// What the iterates are pulled towards.
  private let center: Double
  /// How many averaged steps the value at the start counts for.
  private let priorCount: Double
  private var count = 0.0
  private var errorMean = 0.0
  private var logAverage: Double
  /// The logarithm of the step size to try next.
  private var logCurrent: Double

  /// Adaptation from a rough guess: iterates are pulled to ten times `stepSize`, as too large a step is cheaper to try.
  init(from stepSize: Double, target: Double) {
    self.init(from: stepSize, center: 10 * stepSize, priorCount: 0, target: target)
  }

  /// Adaptation from a step size that was good for a similar density.
  init(resuming stepSize: Double, target: Double) {
    self.init(from: stepSize, center: stepSize, priorCount: 5, target: target)
  }

  private init(from stepSize: Double, center: Double, priorCount: Double, target: Double) {
    self.target = target
    self.center = log(center)
    self.priorCount = priorCount
    logAverage = log(stepSize)
    logCurrent = logAverage
  }

  /// The step size for the next transition.
  var current: Double { exp(logCurrent) }
  /// The step size to keep when adaptation ends.
  var average: Double { exp(logAverage) }

  /// Learns from a transition's mean acceptance probability.
  mutating func update(acceptance: Double) {
    count += 1
    let rate = 1 / (count + Self.stabilisation)
    errorMean += rate * (target - min(1, acceptance) - errorMean)
    logCurrent = center - errorMean * count.squareRoot() / Self.gamma
    let weight = pow(count + priorCount, -Self.kappa)
    logAverage += weight * (logCurrent - logAverage)
  }
}
