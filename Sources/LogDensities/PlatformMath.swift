#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's natural logarithm, without Foundation.
@inline(__always)
func platformLog(_ x: Double) -> Double { log(x) }
