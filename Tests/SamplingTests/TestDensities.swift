import Foundation
import LogDensities

/// Independent normals.
struct IndependentNormals: LogDensity {
  var means: [Double]
  var scales: [Double]
  var dimension: Int { scales.count }

  init(scales: [Double], means: [Double]? = nil) {
    self.scales = scales
    self.means = means ?? scales.map { _ in 0 }
  }

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    var sum = 0.0
    for i in 0..<scales.count {
      let z = (q[i] - means[i]) / scales[i]
      sum -= 0.5 * z * z
      gradient[i] = -z / scales[i]
    }
    return sum
  }
}

/// A normal with mean 0 of given precision matrix.
struct CorrelatedNormal: LogDensity {
  let dimension: Int
  let precision: [Double]

  /// Unit variances and correlation ρ^|i−j|, whose precision is tridiagonal.
  init(autoregressive rho: Double, dimension: Int) {
    self.dimension = dimension
    var precision = [Double](repeating: 0, count: dimension * dimension)
    let scale = 1 / (1 - rho * rho)
    for i in 0..<dimension {
      precision[i * dimension + i] = (i == 0 || i == dimension - 1 ? 1 : 1 + rho * rho) * scale
      if i > 0 {
        precision[i * dimension + i - 1] = -rho * scale
        precision[(i - 1) * dimension + i] = -rho * scale
      }
    }
    self.precision = precision
  }

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    var sum = 0.0
    for i in 0..<dimension {
      var row = 0.0
      for j in 0..<dimension { row += precision[i * dimension + j] * q[j] }
      gradient[i] = -row
      sum -= 0.5 * q[i] * row
    }
    return sum
  }
}

/// A density given by a closure, for one-off tests.
struct ClosureDensity: LogDensity {
  let dimension: Int
  let body: @Sendable ([Double]) throws(LogDensityError) -> (Double, [Double])

  init(_ dimension: Int, _ body: @escaping @Sendable ([Double]) throws(LogDensityError) -> (Double, [Double])) {
    self.dimension = dimension
    self.body = body
  }

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
    var position: [Double] = []
    for i in 0..<dimension { position.append(q[i]) }
    let (value, derivative) = try body(position)
    for i in 0..<dimension { gradient[i] = derivative[i] }
    return value
  }
}

/// Neal's funnel: v ~ N(0, 3), x_i ~ N(0, exp(v/2)); non-centred, the x_i are standard normal and v free of them.
struct Funnel: LogDensity {
  let dimension: Int

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    let v = q[0]
    let n = Double(dimension - 1)
    let precision = exp(-v)
    var squares = 0.0
    for i in 1..<dimension {
      squares += q[i] * q[i]
      gradient[i] = -q[i] * precision
    }
    gradient[0] = -v / 9 - 0.5 * n + 0.5 * squares * precision
    return -v * v / 18 - 0.5 * n * v - 0.5 * squares * precision
  }
}

/// An equal mixture of two normals with identity covariance at ±center.
struct TwoNormals: LogDensity {
  let center: [Double]
  var dimension: Int { center.count }

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    var (plus, minus) = (0.0, 0.0)
    for i in 0..<center.count {
      plus -= 0.5 * (q[i] - center[i]) * (q[i] - center[i])
      minus -= 0.5 * (q[i] + center[i]) * (q[i] + center[i])
    }
    let top = max(plus, minus)
    let total = top + log(exp(plus - top) + exp(minus - top))
    let share = exp(plus - total)
    for i in 0..<center.count { gradient[i] = -q[i] + (2 * share - 1) * center[i] }
    return total
  }
}

/// Independent Student-t coordinates.
struct StudentT: LogDensity {
  let dimension: Int
  let degreesOfFreedom: Double

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    var sum = 0.0
    for i in 0..<dimension {
      sum -= 0.5 * (degreesOfFreedom + 1) * log1p(q[i] * q[i] / degreesOfFreedom)
      gradient[i] = -(degreesOfFreedom + 1) * q[i] / (degreesOfFreedom + q[i] * q[i])
    }
    return sum
  }
}

/// Independent Laplace coordinates, not smooth at 0.
struct LaplaceDensity: LogDensity {
  let scales: [Double]
  var dimension: Int { scales.count }

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    var sum = 0.0
    for i in 0..<scales.count {
      sum -= abs(q[i]) / scales[i]
      gradient[i] = (q[i] > 0 ? -1 : q[i] < 0 ? 1 : 0) / scales[i]
    }
    return sum
  }
}
