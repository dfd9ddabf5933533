import LogDensities

/// Independent scalar priors of all coordinates of a position, made for one λ.
///
/// What depends on λ alone (reciprocal scales, normalising constants) is computed once here, so that a Laplace or normal
/// coordinate costs no transcendental function and no division in a sampler's loop.
public struct ProductPrior: Prior {
  /// How a stretch of consecutive coordinates is evaluated.
  private enum Rule: Sendable, Equatable {
    case laplace, normal, logNormal, general
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

  /// The prior at λ, whose values are on the tuning scale.
  /// - Parameter laplaceSmoothing: Where not 0, |x| of a Laplace density becomes √(x² + (smoothing · scale)²), which an
  ///   optimiser can follow through the kink; the density is then only proportional to one.
  /// - Throws: `ModelError` where a scale, shape, rate or number of degrees of freedom is not finite and positive.
  public init(_ layout: PriorLayout, at lambda: [Double], laplaceSmoothing: Double = 0) throws(ModelError) {
    let priors = layout.families.indices.map { layout.prior($0, at: lambda) }
    for (prior, name) in zip(priors, layout.names) { try prior.validate(name: name) }
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
      case .laplace: rule = .laplace
      case .normal: rule = .normal
      case .logNormal: rule = .logNormal
      default: rule = .general
      }
      if rule != .general {
        let values = prior.naturalValues
        locations[index] = values[0]
        reciprocals[index] = 1 / values[1]
        constant -= logarithm(values[1]) + (rule == .laplace ? logOfTwo : halfLogTwoPi)
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
  }

  /// The length of a position.
  public var dimension: Int { priors.count }

  /// ln p(θ | λ).
  public func logDensity(at position: Span<Double>) -> Double {
    runs.indices.reduce(constant) { $0 + sum(runs[$1], at: position) }
  }

  /// ln p of the coordinates in `range` alone: a block of a model, say.
  public func logDensity(of range: Range<Int>, at position: Span<Double>) -> Double {
    range.reduce(0) { $0 + priors[$1].logDensity(at: position[$1]) }
  }

  private func sum(_ run: Run, at position: Span<Double>) -> Double {
    let m = locations.span
    let r = reciprocalScales.span
    var total = 0.0
    switch run.rule {
    case .laplace where smoothing > 0:
      for i in run.range {
        let z = (position[i] - m[i]) * r[i]
        total -= (z * z + smoothing * smoothing).squareRoot()
      }
    case .laplace:
      for i in run.range { total -= abs(position[i] - m[i]) * r[i] }
    case .normal, .logNormal:
      for i in run.range {
        let z = (position[i] - m[i]) * r[i]
        total -= 0.5 * z * z + (run.rule == .logNormal ? position[i] : 0)
      }
    case .general:
      for i in run.range { total += priors[i].logDensity(at: position[i]) }
    }
    return total
  }

  /// Adds the gradient and returns ln p(θ | λ).
  public func addGradient(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double {
    var total = constant
    for run in runs { total += addGradient(run, at: position, to: &gradient) }
    return total
  }

  private func addGradient(
    _ run: Run, at position: Span<Double>, to gradient: inout MutableSpan<Double>
  ) -> Double {
    let m = locations.span
    let r = reciprocalScales.span
    var total = 0.0
    switch run.rule {
    case .laplace where smoothing > 0:
      for i in run.range {
        let z = (position[i] - m[i]) * r[i]
        let root = (z * z + smoothing * smoothing).squareRoot()
        total -= root
        gradient[i] -= z / root * r[i]
      }
    case .laplace:
      for i in run.range {
        let difference = position[i] - m[i]
        total -= abs(difference) * r[i]
        gradient[i] -= Laplace.sign(difference) * r[i]
      }
    case .normal, .logNormal:
      let jacobian: Double = run.rule == .logNormal ? 1 : 0
      for i in run.range {
        let z = (position[i] - m[i]) * r[i]
        total -= 0.5 * z * z + jacobian * position[i]
        gradient[i] -= z * r[i] + jacobian
      }
    case .general:
      for i in run.range {
        total += priors[i].logDensity(at: position[i])
        gradient[i] += priors[i].derivative(at: position[i])
      }
    }
    return total
  }

  /// ∂ ln p(θ | λ) / ∂λ on the tuning scale; entries of λ that no coordinate has are 0.
  public func hyperparameterScore(at position: Span<Double>, into score: inout MutableSpan<Double>) {
    for entry in 0..<score.count { score[entry] = 0 }
    for index in priors.indices {
      let value = priors[index].score(at: position[index])
      for lane in 0..<entries[index].count { score[entries[index][lane]] += value[lane] }
    }
  }

  /// The diagonal of the expected information.
  public var information: [Double] {
    var result = [Double](repeating: 0, count: hyperparameterCount)
    for (index, prior) in priors.enumerated() {
      let value = prior.information
      for (lane, entry) in entries[index].enumerated() { result[entry] += value[lane] }
    }
    return result
  }
}
