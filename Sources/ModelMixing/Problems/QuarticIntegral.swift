#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// F(g) = ∫exp(−x²/2 − g²x⁴)dx over the line, right to about 1e-15 for every g: √(2π) at 0, Γ(¼)/2 g^{−½} for large |g|,
/// exp(z) K_{1/4}(z) / (2√2 g) with z = 1/(32 g²) between.
///
/// In units of the width s at which the exponent is 1 the integrand is exp(−a t² − b t⁴) with a + b = 1, so one step suits
/// all g. The trapezoidal rule on the line converges faster than any power for entire integrands (Trefethen and Weideman
/// 2014, "The exponentially convergent trapezoidal rule"); its error at this step is below 1e-17.
public func quarticIntegral(_ g: Double) -> Double {
  // s² solves g² s⁴ + s²/2 = 1.
  let square = 2 / (0.5 + hypot(0.5, 2 * g))
  let (a, root) = (0.5 * square, abs(g) * square)
  let b = root * root
  let step = 0.125
  var sum = 0.5
  for index in 1...56 {
    let t = step * Double(index)
    sum += exp(-t * t * (a + b * t * t))
  }
  return 2 * step * sum * square.squareRoot()
}
