import Testing

@testable import LogDensities

@Suite struct RandomStreamTests {
  /// Known answers published with the Random123 library (kat_vectors, philox4x32 10 rounds).
  @Test func philoxKnownAnswers() {
    #expect(
      RandomStream.philox(SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      RandomStream.philox(SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      RandomStream.philox(
        SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  /// Four moments of 10⁶ normals, each within 5 standard errors: false-alarm rate below 3e-6, and the seed is fixed.
  @Test func normalMoments() {
    var stream = RandomStream(seed: 1, purpose: .test)
    let n = 1_000_000.0
    var sums = SIMD4<Double>(repeating: 0)
    for _ in 0..<Int(n) {
      let z = stream.normal()
      sums += SIMD4(z, z * z, z * z * z, z * z * z * z)
    }
    let mean = sums / n
    #expect(abs(mean[0]) < 5 / n.squareRoot())
    #expect(abs(mean[1] - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(mean[2]) < 5 * (15 / n).squareRoot())
    #expect(abs(mean[3] - 3) < 5 * (96 / n).squareRoot())
  }

  @Test func streamsDifferAndRepeat() {
    var a = RandomStream(seed: 7, iteration: 1, chain: 2, purpose: .sampling)
    var b = RandomStream(seed: 7, iteration: 1, chain: 2, purpose: .sampling)
    var others = [
      RandomStream(seed: 8, iteration: 1, chain: 2, purpose: .sampling),
      RandomStream(seed: 7, iteration: 2, chain: 2, purpose: .sampling),
      RandomStream(seed: 7, iteration: 1, chain: 3, purpose: .sampling),
      RandomStream(seed: 7, iteration: 1, chain: 2, purpose: .initialisation),
    ]
    let first = a.nextBits()
    #expect(first == b.nextBits())
    for index in others.indices { #expect(others[index].nextBits() != first) }
  }

  @Test func uniformsStayInRange() {
    var stream = RandomStream(seed: 3, purpose: .test)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 {
      let u = stream.openUniform()
      #expect(u > 0 && u < 1)
      counts[stream.integer(below: 7)] += 1
    }
    // 10,000 ± 5.5 standard deviations (92.6): false-alarm rate 3e-7 a cell.
    for count in counts { #expect(abs(count - 10_000) < 510) }
  }
}
