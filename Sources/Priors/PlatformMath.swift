#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's functions, without Foundation and under names that no family's own member hides.
@inline(__always) func exponential(_ x: Double) -> Double { exp(x) }
/// ln x.
@inline(__always) func logarithm(_ x: Double) -> Double { log(x) }
/// ln(1 + x).
@inline(__always) func logarithmOnePlus(_ x: Double) -> Double { log1p(x) }

/// ln 2.
let logOfTwo = 0.693147180559945309417232121458
/// ½ ln 2π.
let halfLogTwoPi = 0.918938533204672741780329736406

/// ln(1 + eˣ) without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
/// 1 / (1 + e⁻ˣ) without overflow.
func logistic(_ x: Double) -> Double { x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)) }
/// √(x² + y²) without overflow.
func hypotenuse(_ x: Double, _ y: Double) -> Double { hypot(x, y) }
/// cos x.
func cosine(_ x: Double) -> Double { cos(x) }
