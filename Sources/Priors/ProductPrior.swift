import LogDensities

/// Independent scalar priors of all coordinates of a position, made for one λ.
///
/// What depends on λ alone (reciprocal scales, normalising constants) is computed once here, so that a Laplace or normal
/// coordinate costs no transcendental function and no division in a sampler's loop.
public struct ProductPrior: Prior {
  /// How a stretch of consecutive coordinates is evaluated.
  private enum Rule: Sendable, Equatable {
    case laplace, smoothLaplace, normal, logNormal, general
  }

  private struct Run: Sendable {
    let rule: Rule
    var range: Range<Int>
  }

  /// The scalar priors, one a coordinate.
  public let priors: [ScalarPrior]
  /// The number of hyperparameters.
  public let hyperparameterCount: Int
  private let entries: [[Int]]
  private let runs: [Run]
  private let locations: [Double]
  private let reciprocalScales: [Double]
  private let constant: Double
  private let smoothing: Double
  /// The coordinates that are not θ itself.
  private let constrained: [(index: Int, support: Support)]

  /// The prior at λ, whose values are on the tuning scale.
  /// - Parameter laplaceSmoothing: Where not 0, |x| of a Laplace density becomes √(x² + (smoothing · scale)²), which an
  ///   optimiser can follow through the kink; the density is then only proportional to one.
  /// - Throws: `ModelError` where a scale, shape, rate or number of degrees of freedom is not finite and positive.
  public init(_ layout: PriorLayout, at lambda: [Double], laplaceSmoothing: Double = 0) throws(ModelError) {
    let priors = layout.families.indices.map { layout.prior($0, at: lambda) }
    for (index, prior) in priors.enumerated() {
      try prior.validate(name: layout.names[index], support: layout.supports[index])
    }
    self.init(priors, entries: layout.entries, hyperparameterCount: lambda.count, laplaceSmoothing: laplaceSmoothing)
  }

  private init(_ priors: [ScalarPrior], entries: [[Int]], hyperparameterCount: Int, laplaceSmoothing: Double) {
    self.priors = priors
    self.entries = entries
    self.hyperparameterCount = hyperparameterCount
    smoothing = laplaceSmoothing
    var runs: [Run] = []
    var constant = 0.0
    var locations = [Double](repeating: 0, count: priors.count)
    var reciprocals = [Double](repeating: 0, count: priors.count)
    for (index, prior) in priors.enumerated() {
      let rule: Rule
      switch prior {
      case .laplace: rule = laplaceSmoothing > 0 ? .smoothLaplace : .laplace
      case .normal: rule = .normal
      case .logNormal: rule = .logNormal
      default: rule = .general
      }
      if rule != .general {
        let values = prior.naturalValues
        locations[index] = values[0]
        reciprocals[index] = 1 / values[1]
        constant -= logarithm(values[1]) + (prior.family == .laplace ? logOfTwo : halfLogTwoPi)
      }
      if let last = runs.last, last.rule == rule {
        runs[runs.count - 1].range = last.range.lowerBound..<index + 1
      } else {
        runs.append(Run(rule: rule, range: index..<index + 1))
      }
    }
    self.runs = runs
    self.constant = constant
    self.locations = locations
    reciprocalScales = reciprocals
    constrained = priors.enumerated().filter { $0.element.support != .real }.map { ($0.offset, $0.element.support) }
  }

  /// The length of a position.
  public var dimension: Int { priors.count }

  /// ln p(θ | λ).
  public func logDensity(at position: Span<Double>) -> Double {
    var total = constant
    for run in runs {
      var sum = 0.0
      for index in run.range { sum += term(run.rule, index, at: position[index]).value }
      total += sum
    }
    return total
  }

  /// ln p of the coordinates in `range` alone: a block of a model, say.
  public func logDensity(of range: Range<Int>, at position: Span<Double>) -> Double {
    range.reduce(0) { $0 + priors[$1].logDensity(at: position[$1]) }
  }

  /// Adds the gradient and returns ln p(θ | λ).
  public func addGradient(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double {
    var total = constant
    for run in runs {
      var sum = 0.0
      for index in run.range {
        let (value, slope) = term(run.rule, index, at: position[index])
        sum += value
        gradient[index] += slope
      }
      total += sum
    }
    return total
  }

  /// Adds ln |dθ/dq|, coordinate by coordinate, to `value` and its derivative to `gradient`.
  public func addLogJacobian(
    at position: Span<Double>, to value: inout Double, gradient: inout MutableSpan<Double>
  ) {
    for (index, support) in constrained {
      value += support.logJacobian(at: position[index])
      gradient[index] += support.logJacobianDerivative(at: position[index])
    }
  }

  /// What one coordinate adds to the log density, apart from the constant, and its derivative. The rule is the same for a
  /// whole run, so that the compiler takes the choice out of the loop.
  @inline(__always)
  private func term(_ rule: Rule, _ index: Int, at u: Double) -> (value: Double, slope: Double) {
    if rule == .general { return (priors[index].logDensity(at: u), priors[index].derivative(at: u)) }
    let reciprocal = reciprocalScales[index]
    let difference = u - locations[index]
    let z = difference * reciprocal
    switch rule {
    case .laplace: return (-abs(z), -Laplace.sign(difference) * reciprocal)
    case .smoothLaplace:
      let root = (z * z + smoothing * smoothing).squareRoot()
      return (-root, -z / root * reciprocal)
    case .logNormal: return (-(0.5 * z * z + u), -(z * reciprocal + 1))
    case .normal, .general: return (-0.5 * z * z, -z * reciprocal)
    }
  }

  /// ∂ ln p(θ | λ) / ∂λ on the tuning scale; entries of λ that no coordinate has are 0.
  public func hyperparameterScore(at position: Span<Double>, into score: inout MutableSpan<Double>) {
    for entry in 0..<score.count { score[entry] = 0 }
    for index in priors.indices {
      let value = priors[index].score(at: position[index])
      for lane in 0..<entries[index].count { score[entries[index][lane]] += value[lane] }
    }
  }

  /// The sums of what the members of every coordinate of λ are informed of: exact, since priors are independent, unless one
  /// coordinate has two entries of the same scalar prior.
  public func information(for lambda: Hyperparameters) -> [Double] { lambda.pulledBack(information) }

  /// The diagonal of the expected information, one entry of λ after the other.
  public var information: [Double] {
    var result = [Double](repeating: 0, count: hyperparameterCount)
    for (index, prior) in priors.enumerated() {
      let value = prior.information
      for (lane, entry) in entries[index].enumerated() { result[entry] += value[lane] }
    }
    return result
  }
}
