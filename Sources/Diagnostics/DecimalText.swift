#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A number for a sentence: `places` decimals, `e` notation below 0.001 and from a million on, "∞" where it is infinite.
public func decimalText(_ x: Double, places: Int = 2) -> String {
  guard x.isFinite else { return x.isNaN ? "undefined" : x < 0 ? "−∞" : "∞" }
  let size = abs(x)
  if size >= 1e6 || (size > 0 && size < 1e-3) {
    let power = Int(log10(size).rounded(.down))
    return "\(decimalText(x / pow(10, Double(power)), places: 1))e\(power)"
  }
  let scale = pow(10, Double(places))
  let scaled = Int((size * scale).rounded())
  let sign = x < 0 && scaled > 0 ? "−" : ""
  guard places > 0 else { return "\(sign)\(scaled)" }
  let digits = String(scaled)
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
}
