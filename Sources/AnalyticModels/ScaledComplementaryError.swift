#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// erfcx(x) = e^{x²} erfc(x) for x ≥ 0, without underflow. Beyond 12 the asymptotic series of ten terms, whose error is below its
/// first term left out, 2 · 10⁻¹³ there.
func scaledComplementaryError(_ x: Double) -> Double {
  guard x > 12 else { return exp(x * x) * erfc(x) }
  let ratio = -0.5 / (x * x)
  var (term, sum) = (1.0, 1.0)
  for order in 1...10 {
    term *= ratio * Double(2 * order - 1)
    sum += term
  }
  return sum / (x * Double.pi.squareRoot())
}

/// ln ∫ N(x; β, σ) e^{−|β| / b} / 2b dβ for u = x / σ and k = σ / b: two tails of the normal, each in the form whose terms do
/// not cancel.
func logNormalLaplace(_ u: Double, _ k: Double, scale b: Double) -> Double {
  func tail(_ u: Double) -> Double {
    // ln e^{k²/2 − uk} Φ(u − k), which is −u²/2 + ln ½ erfcx((k − u) / √2).
    u > k
      ? 0.5 * k * k - u * k + log(0.5 * erfc((k - u) / 2.0.squareRoot()))
      : -0.5 * u * u + log(0.5 * scaledComplementaryError((k - u) / 2.0.squareRoot()))
  }
  let (first, second) = (tail(u), tail(-u))
  let top = max(first, second)
  return top + log1p(exp(min(first, second) - top)) - log(2 * b)
}
