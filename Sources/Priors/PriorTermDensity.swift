import LogDensities

/// ln p of a term's members at one λ as a function of its sums x and y, up to what no coordinate changes.
protocol PriorTermDensity {
  func logDensity(_ x: Double, _ y: Double) -> Double
  /// ∂ ln p / ∂c for the coordinate of every hyperparameter; of no meaning for those without one.
  func score(_ x: Double, _ y: Double) -> HyperparameterVector
  func curvature(_ x: Double, _ y: Double) -> HyperparameterCurvature
}

/// −n ln s − x s^{−p} / p for a scale s, with ln s the only hyperparameter in `lane`; for a rate 1/s with p = 1.
struct ScaleTermDensity: PriorTermDensity {
  private let sign: Double
  private let power: Double
  private let constant: Double
  private let count: Double
  private let factor: Double
  private let isSecond: Bool

  /// - Parameter coordinate: ln s, or ln r = −ln s for a rate.
  init(_ coordinate: Double, count: Int, power: Double, isRate: Bool, isSecondLane: Bool) {
    sign = isRate ? -1 : 1
    self.power = power
    self.count = Double(count)
    constant = -sign * Double(count) * coordinate
    factor = exponential(-sign * power * coordinate)
    isSecond = isSecondLane
  }

  @inline(__always)
  func logDensity(_ x: Double, _ y: Double) -> Double { constant - x * factor / power }

  @inline(__always)
  func score(_ x: Double, _ y: Double) -> HyperparameterVector {
    let value = sign * (x * factor - count)
    return isSecond ? [0, value, 0, 0] : [value, 0, 0, 0]
  }

  @inline(__always)
  func curvature(_ x: Double, _ y: Double) -> HyperparameterCurvature {
    let value = -power * x * factor
    return isSecond ? HyperparameterCurvature(0, 0, value) : HyperparameterCurvature(value)
  }
}

/// −n ln s − (y + W (x − m)²) / 2s², with W the members' total precision.
struct MomentsTermDensity: PriorTermDensity {
  private let location: Double
  private let precision: Double
  private let weight: Double
  private let count: Double
  private let constant: Double

  init(location: Double, logScale: Double, count: Int, weight: Double) {
    self.location = location
    self.weight = weight
    self.count = Double(count)
    precision = exponential(-2 * logScale)
    constant = -Double(count) * logScale
  }

  @inline(__always)
  private func square(_ x: Double, _ y: Double) -> Double {
    (y + weight * (x - location) * (x - location)) * precision
  }

  @inline(__always)
  func logDensity(_ x: Double, _ y: Double) -> Double { constant - 0.5 * square(x, y) }

  @inline(__always)
  func score(_ x: Double, _ y: Double) -> HyperparameterVector {
    [weight * (x - location) * precision, square(x, y) - count, 0, 0]
  }

  @inline(__always)
  func curvature(_ x: Double, _ y: Double) -> HyperparameterCurvature {
    HyperparameterCurvature(
      -weight * precision, -2 * weight * (x - location) * precision, -2 * square(x, y))
  }
}

/// k (x + K ln r) − Σ ln Γ(k κ_i) − r y, with K = Σ κ_i.
struct GammaTermDensity: PriorTermDensity {
  private let shape: Double
  private let rate: Double
  private let logRate: Double
  private let weight: Double
  private var constant = 0.0
  private var slope = 0.0
  private var bend = 0.0

  init(logShape: Double, logRate: Double, members: [PriorTerm.Member]) {
    shape = exponential(logShape)
    rate = exponential(logRate)
    self.logRate = logRate
    weight = members.reduce(0) { $0 + $1.factor }
    for member in members {
      let k = shape * member.factor
      constant -= logGamma(k)
      slope -= k * digamma(k)
      bend -= k * digamma(k) + k * k * trigamma(k)
    }
  }

  @inline(__always)
  private func product(_ x: Double) -> Double { shape * (x + weight * logRate) }

  @inline(__always)
  func logDensity(_ x: Double, _ y: Double) -> Double { constant + product(x) - rate * y }

  @inline(__always)
  func score(_ x: Double, _ y: Double) -> HyperparameterVector {
    [slope + product(x), shape * weight - rate * y, 0, 0]
  }

  @inline(__always)
  func curvature(_ x: Double, _ y: Double) -> HyperparameterCurvature {
    HyperparameterCurvature(bend + product(x), shape * weight, -rate * y)
  }
}

/// −ln s − ln(1 + x / s²).
struct RatioTermDensity: PriorTermDensity {
  private let logScale: Double
  private let precision: Double

  init(logScale: Double) {
    self.logScale = logScale
    precision = exponential(-2 * logScale)
  }

  @inline(__always)
  func logDensity(_ x: Double, _ y: Double) -> Double { -logScale - logarithmOnePlus(x * precision) }

  @inline(__always)
  func score(_ x: Double, _ y: Double) -> HyperparameterVector { [1 - 2 / (1 + x * precision), 0, 0, 0] }

  @inline(__always)
  func curvature(_ x: Double, _ y: Double) -> HyperparameterCurvature {
    let rest = 1 / (1 + x * precision)
    return HyperparameterCurvature(-4 * rest * (1 - rest))
  }
}

/// One Laplace parameter at x = u.
struct LaplaceTermDensity: PriorTermDensity {
  private let location: Double
  private let reciprocal: Double
  private let constant: Double

  init(_ prior: Laplace) {
    location = prior.location
    reciprocal = 1 / prior.scale
    constant = -logarithm(prior.scale)
  }

  @inline(__always)
  func logDensity(_ x: Double, _ y: Double) -> Double { constant - abs(x - location) * reciprocal }

  @inline(__always)
  func score(_ x: Double, _ y: Double) -> HyperparameterVector {
    [Laplace.sign(x - location) * reciprocal, abs(x - location) * reciprocal - 1, 0, 0]
  }

  @inline(__always)
  func curvature(_ x: Double, _ y: Double) -> HyperparameterCurvature {
    HyperparameterCurvature(
      -reciprocal * reciprocal, -Laplace.sign(x - location) * reciprocal, -abs(x - location) * reciprocal)
  }
}

/// One Student-t parameter at x = u.
struct StudentTTermDensity: PriorTermDensity {
  private let prior: StudentT
  private let constant: Double
  private let excess: Double
  private let excessSlope: Double

  init(_ prior: StudentT) {
    self.prior = prior
    constant = prior.logDensity(at: prior.location)
    excess = prior.digammaExcess
    excessSlope = prior.digammaExcessSlope
  }

  @inline(__always)
  func logDensity(_ x: Double, _ y: Double) -> Double {
    let z = prior.standardised(x)
    return constant - 0.5 * (prior.degreesOfFreedom + 1) * logarithmOnePlus(z * z / prior.degreesOfFreedom)
  }

  @inline(__always)
  func score(_ x: Double, _ y: Double) -> HyperparameterVector { prior.score(at: x, excess: excess) }

  @inline(__always)
  func curvature(_ x: Double, _ y: Double) -> HyperparameterCurvature {
    prior.curvature(at: x, excess: excess, excessSlope: excessSlope)
  }
}

/// One truncated normal parameter at x = u.
struct TruncatedNormalTermDensity: PriorTermDensity {
  let prior: TruncatedNormal

  @inline(__always)
  func logDensity(_ x: Double, _ y: Double) -> Double { prior.logDensity(at: x) }

  @inline(__always)
  func score(_ x: Double, _ y: Double) -> HyperparameterVector { prior.score(at: x) }

  @inline(__always)
  func curvature(_ x: Double, _ y: Double) -> HyperparameterCurvature { prior.curvature(at: x) }
}
