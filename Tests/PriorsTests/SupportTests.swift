import Foundation
import LogDensities
import Testing

@testable import Priors

@Suite struct SupportTests {
  static let supports: [Support] = [
    .real, .positive, .interval(lower: 0, upper: 1), .interval(lower: -3, upper: 250), .interval(lower: 0, upper: 1e-8),
  ]

  @Test(arguments: supports) func `coordinates, slopes and Jacobians belong together`(support: Support) {
    for u in [-30, -4.2, -0.3, 0, 1e-9, 0.7, 5, 30] {
      let theta = support.value(at: u)
      #expect(support.contains(theta))
      // u is known to the digits that θ has beside the nearer end.
      if abs(u) < 6 { #expect(abs(support.coordinate(of: theta) - u) < 1e-11) }
      let slope = derivative(1e-3) { support.value(at: u + $0) }
      let rounding = 1e-12 * abs(theta)
      #expect(abs(support.slope(at: u) - slope) < 1e-9 * abs(slope) + rounding)
      #expect(abs(support.logJacobian(at: u) - log(support.slope(at: u))) < 1e-13 * max(1, abs(u)))
      let bend = derivative(1e-3) { support.logJacobian(at: u + $0) }
      #expect(abs(support.logJacobianDerivative(at: u) - bend) < 1e-9)
    }
    for u in [-1e300, -800, 800, 1e300] {
      #expect(!support.value(at: u).isNaN && !support.logJacobian(at: u).isNaN)
      #expect(abs(support.logJacobianDerivative(at: u)) <= 1)
    }
  }

  @Test func `the distance to the lower end keeps its digits`() {
    #expect(abs(Support.interval(lower: 0, upper: 2).value(at: -200) / (2 * exp(-200)) - 1) < 1e-14)
  }

  @Test func `files of earlier runs hold names`() throws {
    let old = try JSONDecoder().decode([Support].self, from: Data(#"["real", "positive"]"#.utf8))
    #expect(old == [.real, .positive])
    #expect(String(decoding: try JSONEncoder().encode(old), as: UTF8.self) == #"["real","positive"]"#)
    #expect(try JSONDecoder().decode([Support].self, from: JSONEncoder().encode(Self.supports)) == Self.supports)
    for text in [#"["negative"]"#, "[1]", #"[{"lower":0}]"#] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode([Support].self, from: Data(text.utf8)) }
    }
  }

  @Test func `some are part of others`() {
    let (narrow, wide) = (Support.interval(lower: 1, upper: 2), Support.interval(lower: -1, upper: 2))
    #expect(Support.real.includes(wide) && Support.real.includes(.positive) && Support.positive.includes(narrow))
    #expect(!Support.positive.includes(wide) && wide.includes(narrow) && !narrow.includes(wide))
    #expect(!Support.positive.includes(.real) && !wide.includes(.positive) && !wide.includes(.real))
  }
}
