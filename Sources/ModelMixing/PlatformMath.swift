#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// eˣ, of the C library without Foundation.
@inline(__always) func exponential(_ x: Double) -> Double { exp(x) }
/// ln x.
@inline(__always) func logarithm(_ x: Double) -> Double { log(x) }
/// ln(1 + x).
@inline(__always) func logarithmOnePlus(_ x: Double) -> Double { log1p(x) }
/// sin x.
@inline(__always) func sine(_ x: Double) -> Double { sin(x) }
/// cos x.
@inline(__always) func cosine(_ x: Double) -> Double { cos(x) }

/// ½ ln 2π.
let halfLogTwoPi = 0.918938533204672741780329736406

/// ln(1 + eˣ) without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

/// ln N(y; mean, deviation²), for a positive deviation.
package func logNormalDensity(_ y: Double, mean: Double, deviation: Double) -> Double {
  let z = (y - mean) / deviation
  return -0.5 * z * z - log(deviation) - halfLogTwoPi
}

/// ln Φ(x) of the standard normal distribution, to full precision in the lower tail.
func logNormalProbability(_ x: Double) -> Double {
  guard x < -30 else {
    return x < 0 ? log(0.5 * erfc(-x * 0.5.squareRoot())) : log1p(-0.5 * erfc(x * 0.5.squareRoot()))
  }
  // The asymptotic series of Mills' ratio.
  let square = 1 / (x * x)
  let series = 1 - square * (1 - 3 * square * (1 - 5 * square * (1 - 7 * square * (1 - 9 * square))))
  return -0.5 * x * x - log(-x) - halfLogTwoPi + log(series)
}
