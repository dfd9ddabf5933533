/// A stream of random numbers named by (seed, iteration, chain, purpose) and nothing else, so that results do not depend
/// on how work is spread over threads, and a stored run needs no generator state.
///
/// Philox4×32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): the key is the seed,
/// the 128-bit counter holds iteration, chain, purpose and a 48-bit block number, so streams never overlap.
public struct RandomStream: Sendable, Codable, Equatable {
  /// What a stream is used for: two purposes never share numbers.
  public enum Purpose: UInt16, Sendable, Codable {
    /// Transitions of a chain.
    case sampling
    /// Starting points of chains.
    case initialisation
    /// Simulated data.
    case simulation
    /// Posterior predictive draws.
    case prediction
    /// Splits and permutations of rows or draws.
    case partition
    /// Everything that a test makes up.
    case test
  }

  private let key: SIMD2<UInt32>
  private let iteration: UInt32
  private let chain: UInt32
  private let purpose: UInt16
  private var block: UInt64 = 0
  private var buffer = SIMD4<UInt32>(repeating: 0)
  private var used = 4

  /// The stream of that name, from its beginning.
  public init(seed: UInt64, iteration: UInt32 = 0, chain: UInt32 = 0, purpose: Purpose) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.iteration = iteration
    self.chain = chain
    self.purpose = purpose.rawValue
  }

  /// The next 64 random bits.
  public mutating func nextBits() -> UInt64 {
    if used >= 4 {
      let high = UInt32(truncatingIfNeeded: block >> 32) & 0xFFFF | UInt32(purpose) << 16
      buffer = Self.philox(SIMD4(UInt32(truncatingIfNeeded: block), high, chain, iteration), key: key)
      block &+= 1
      used = 0
    }
    let bits = UInt64(buffer[used]) | UInt64(buffer[used + 1]) << 32
    used += 2
    return bits
  }

  /// Uniform on [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(nextBits() >> 11) * 0x1p-53 }

  /// Uniform on the open interval (0, 1): safe to take the logarithm of.
  public mutating func openUniform() -> Double { (Double(nextBits() >> 12) + 0.5) * 0x1p-52 }

  /// Uniform on 0 ..< bound, without bias (Lemire 2019). `bound` must be positive.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "the bound of a random integer must be positive")
    let range = UInt64(bound)
    var product = nextBits().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = nextBits().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// Standard normal, by Marsaglia's polar method; one of the pair is dropped so that the stream has no hidden state.
  public mutating func normal() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square < 1 && square > 0 { return x * (-2 * platformLog(square) / square).squareRoot() }
    }
  }

  /// Ten rounds of Philox4×32 on one counter.
  static func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let first = UInt64(c[0]) &* 0xD251_1F53
      let second = UInt64(c[2]) &* 0xCD9E_8D57
      c = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: first))
      k = k &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return c
  }
}
