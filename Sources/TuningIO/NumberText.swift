/// Numbers as people read them in tables and progress lines.
public enum NumberText {
  /// `value` with `digits` decimals, correctly rounded to nearest, halves away from zero; "−" for minus.
  public static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    let power = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (abs(value) * power).rounded()
    guard scaled < 1e15 else { return minus(value < 0, abs(value).description) }
    let whole = Int(scaled)
    let unit = Int(power)
    let fraction = String(whole % unit)
    let padding = String(repeating: "0", count: max(0, digits - fraction.count))
    return minus(value < 0 && whole != 0, digits == 0 ? "\(whole)" : "\(whole / unit).\(padding)\(fraction)")
  }

  /// `value` with `digits` significant digits: plain between 10⁻⁴ and 10⁶, whole numbers there as they are, else with an
  /// exponent.
  public static func significant(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return nonFinite(value) }
    if abs(value) < 1e6, let whole = Int(exactly: value) { return minus(whole < 0, "\(abs(whole))") }
    var exponent = Int(decimalLogarithm(abs(value)).rounded(.down))
    if exponent >= -4 && exponent < 6 {
      return fixed(value, digits: max(0, digits - 1 - exponent))
    }
    // In two steps: 10⁻³²⁴ is no double, and subnormal numbers have that exponent.
    var mantissa = exponent < -300 ? abs(value) * 1e200 / tenTo(exponent + 200) : abs(value) / tenTo(exponent)
    if fixed(mantissa, digits: digits - 1).hasPrefix("10") {
      mantissa /= 10
      exponent += 1
    }
    return minus(value < 0, "\(fixed(mantissa, digits: digits - 1))e\(exponent < 0 ? "-" : "")\(abs(exponent))")
  }

  /// `value ± error`, both with as many decimals as the error's leading digit calls for.
  public static func withError(_ value: Double, _ error: Double) -> String {
    guard value.isFinite, error.isFinite, error > 0 else {
      return "\(significant(value, digits: 4)) ± \(significant(error, digits: 2))"
    }
    let exponent = Int(decimalLogarithm(error).rounded(.down))
    let digits = min(6, max(0, (error / tenTo(exponent) < 2 ? 1 : 0) - exponent))
    return "\(fixed(value, digits: digits)) ± \(fixed(error, digits: digits))"
  }

  /// A time span: `9 s`, `2 min 05 s`, `1 h 02 min`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
    return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
  }

  private static func minus(_ isNegative: Bool, _ text: String) -> String { isNegative ? "−" + text : text }

  private static func nonFinite(_ value: Double) -> String { value.isNaN ? "nan" : value < 0 ? "−inf" : "inf" }

  private static func tenTo(_ exponent: Int) -> Double {
    exponent < 0 ? Double("1e\(exponent)") ?? 0 : (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }
}
