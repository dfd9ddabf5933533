/// ln Γ(x) for x > 0, by Stirling's series after shifting x upwards (Abramowitz & Stegun 6.1.40).
/// The C library's function writes a global sign, so it is not used from several threads.
func logGamma(_ x: Double) -> Double {
  var shifted = x
  var product = 1.0
  while shifted < 10 {
    product *= shifted
    shifted += 1
  }
  let r = 1 / shifted
  let r2 = r * r
  let series =
    r
    * (1.0 / 12
      + r2
      * (-1.0 / 360 + r2 * (1.0 / 1260 + r2 * (-1.0 / 1680 + r2 * (1.0 / 1188 + r2 * (-691.0 / 360360 + r2 / 156))))))
  return (shifted - 0.5) * logarithm(shifted) - shifted + halfLogTwoPi + series - logarithm(product)
}

/// ψ(x) = d ln Γ(x) / dx for x > 0, by its asymptotic series (Abramowitz & Stegun 6.3.18) after shifting x upwards.
func digamma(_ x: Double) -> Double {
  var shifted = x
  var sum = 0.0
  while shifted < 10 {
    sum -= 1 / shifted
    shifted += 1
  }
  let r = 1 / shifted
  let r2 = r * r
  let series =
    r2
    * (1.0 / 12
      - r2 * (1.0 / 120 - r2 * (1.0 / 252 - r2 * (1.0 / 240 - r2 * (1.0 / 132 - r2 * (691.0 / 32760 - r2 / 12))))))
  return sum + logarithm(shifted) - 0.5 * r - series
}

/// ψ'(x) for x > 0, by its asymptotic series (Abramowitz & Stegun 6.4.12) after shifting x upwards.
func trigamma(_ x: Double) -> Double {
  var shifted = x
  var sum = 0.0
  while shifted < 10 {
    sum += 1 / (shifted * shifted)
    shifted += 1
  }
  let r = 1 / shifted
  let r2 = r * r
  let series =
    r2
    * (1.0 / 6
      - r2 * (1.0 / 30 - r2 * (1.0 / 42 - r2 * (1.0 / 30 - r2 * (5.0 / 66 - r2 * (691.0 / 2730 - r2 * 7 / 6))))))
  return sum + r * (1 + 0.5 * r + series)
}
