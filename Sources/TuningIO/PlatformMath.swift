#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's exponential, without Foundation.
func exponential(_ x: Double) -> Double { exp(x) }

/// The C library's base-10 logarithm, without Foundation.
func decimalLogarithm(_ x: Double) -> Double { log10(x) }
