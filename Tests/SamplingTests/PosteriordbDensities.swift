import Foundation
import LogDensities

/// A number with its derivatives in at most eight variables: forward-mode differentiation, small enough for a test.
struct Dual {
  var value: Double
  var derivative: SIMD8<Double>

  init(_ value: Double, _ derivative: SIMD8<Double> = .zero) {
    self.value = value
    self.derivative = derivative
  }

  /// The position's coordinates as variables.
  static func variables(_ q: Span<Double>) -> [Dual] {
    q.indices.map { index in
      var derivative = SIMD8<Double>.zero
      derivative[index] = 1
      return Dual(q[index], derivative)
    }
  }

  static func + (a: Dual, b: Dual) -> Dual { Dual(a.value + b.value, a.derivative + b.derivative) }
  static func - (a: Dual, b: Dual) -> Dual { Dual(a.value - b.value, a.derivative - b.derivative) }
  static func * (a: Dual, b: Dual) -> Dual {
    Dual(a.value * b.value, a.value * b.derivative + b.value * a.derivative)
  }
  static func / (a: Dual, b: Dual) -> Dual {
    let ratio = a.value / b.value
    return Dual(ratio, (a.derivative - ratio * b.derivative) / b.value)
  }
  static func + (a: Dual, b: Double) -> Dual { Dual(a.value + b, a.derivative) }
  static func - (a: Dual, b: Double) -> Dual { Dual(a.value - b, a.derivative) }
  static func * (a: Double, b: Dual) -> Dual { Dual(a * b.value, a * b.derivative) }
  static prefix func - (a: Dual) -> Dual { Dual(-a.value, -a.derivative) }
  static func += (a: inout Dual, b: Dual) { a = a + b }
  static func -= (a: inout Dual, b: Dual) { a = a - b }

  var exponential: Dual { Dual(exp(value), exp(value) * derivative) }
  var logarithm: Dual { Dual(log(value), derivative / value) }
  var squareRoot: Dual { Dual(value.squareRoot(), derivative / (2 * value.squareRoot())) }

  func store(_ gradient: inout MutableSpan<Double>) -> Double {
    for index in gradient.indices { gradient[index] = derivative[index] }
    return value
  }

  /// ln N(self; mean, sd), without its constant.
  func normal(_ mean: Dual, _ sd: Dual) -> Dual {
    let z = (self - mean) / sd
    return -0.5 * (z * z) - sd.logarithm
  }
}

/// Eight schools, non-centred. q: mu, ln tau, z₁ … z₈.
struct EightSchools: LogDensity {
  let y: [Double]
  let sigma: [Double]
  var dimension: Int { 2 + y.count }

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    let (mu, tau) = (q[0], exp(q[1]))
    var value = -mu * mu / 50 - log1p(tau * tau / 25) + q[1]
    gradient[0] = -mu / 25
    gradient[1] = 1 - 2 * tau * tau / (25 + tau * tau)
    for j in y.indices {
      let z = q[2 + j]
      let residual = (y[j] - mu - tau * z) / sigma[j]
      let pull = residual / sigma[j]
      value -= 0.5 * (z * z + residual * residual)
      gradient[0] += pull
      gradient[1] += pull * tau * z
      gradient[2 + j] = -z + pull * tau
    }
    return value
  }
}

/// Normal linear regression. q: coefficients, ln sigma.
struct Regression: LogDensity {
  enum SigmaPrior { case flat, halfCauchy(Double) }
  let columns: [[Double]]
  let y: [Double]
  /// Normal priors of the coefficients; nil for flat ones.
  var priors: [(mean: Double, sd: Double)]?
  let sigmaPrior: SigmaPrior
  var dimension: Int { columns.count + 1 }

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    let k = columns.count
    let sigma = exp(q[k])
    var squares = 0.0
    for index in 0..<k { gradient[index] = 0 }
    for row in y.indices {
      var residual = y[row]
      for index in 0..<k { residual -= q[index] * columns[index][row] }
      squares += residual * residual
      for index in 0..<k { gradient[index] += residual * columns[index][row] }
    }
    let precision = 1 / (sigma * sigma)
    let n = Double(y.count)
    var value = -0.5 * squares * precision - n * q[k] + q[k]
    gradient[k] = squares * precision - n + 1
    for index in 0..<k { gradient[index] *= precision }
    for (index, prior) in (priors ?? []).enumerated() {
      let z = (q[index] - prior.mean) / prior.sd
      value -= 0.5 * z * z
      gradient[index] -= z / prior.sd
    }
    if case .halfCauchy(let scale) = sigmaPrior {
      value -= log1p(sigma * sigma / (scale * scale))
      gradient[k] -= 2 * sigma * sigma / (scale * scale + sigma * sigma)
    }
    return value
  }
}

/// Gaussian-process regression. q: ln rho, ln alpha, ln sigma.
struct GaussianProcess: LogDensity {
  let x: [Double]
  let y: [Double]
  let dimension = 3

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    let logs = Dual.variables(q)
    let (rho, alpha, sigma) = (logs[0].exponential, logs[1].exponential, logs[2].exponential)
    // Gamma(25, 4), N⁺(0, 2), N⁺(0, 1), each with its Jacobian.
    var value = 25 * logs[0] - 4 * rho - 0.125 * (alpha * alpha) + logs[1] - 0.5 * (sigma * sigma) + logs[2]
    let n = x.count
    var factor = [Dual](repeating: Dual(0), count: n * n)
    var solution: [Dual] = []
    for i in 0..<n {
      for j in 0...i {
        let distance = x[i] - x[j]
        var sum = alpha * alpha * (-0.5 * distance * distance * (Dual(1) / (rho * rho))).exponential
        if i == j { sum += sigma }
        for k in 0..<j { sum -= factor[i * n + k] * factor[j * n + k] }
        factor[i * n + j] = i == j ? sum.squareRoot : sum / factor[j * n + j]
      }
      var sum = Dual(y[i])
      for k in 0..<i { sum -= factor[i * n + k] * solution[k] }
      solution.append(sum / factor[i * n + i])
      value -= 0.5 * (solution[i] * solution[i]) + factor[i * n + i].logarithm
    }
    return value.store(&gradient)
  }
}

/// Two normals in order. q: mu₁, ln(mu₂ − mu₁), ln sigma₁, ln sigma₂, logit theta.
struct OrderedMixture: LogDensity {
  let y: [Double]
  let dimension = 5

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    let v = Dual.variables(q)
    let means = [v[0], v[0] + v[1].exponential]
    let sigmas = [v[2].exponential, v[3].exponential]
    let theta = Dual(1) / ((-v[4]).exponential + 1)
    let logTheta = theta.logarithm
    let logOther = (Dual(1) - theta).logarithm
    var value = v[1] + v[2] + v[3] + 5 * logTheta + 5 * logOther
    for j in 0..<2 { value -= 0.125 * (means[j] * means[j]) + 0.125 * (sigmas[j] * sigmas[j]) }
    for observation in y {
      let a = logTheta + Dual(observation).normal(means[0], sigmas[0])
      let b = logOther + Dual(observation).normal(means[1], sigmas[1])
      let (top, bottom) = a.value > b.value ? (a, b) : (b, a)
      value += top + ((bottom - top).exponential + 1).logarithm
    }
    return value.store(&gradient)
  }
}
