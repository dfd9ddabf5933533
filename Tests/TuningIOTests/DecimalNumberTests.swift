import Testing
import _TestSupport

@testable import TuningIO

struct DecimalNumberTests {
  private func read(_ text: String) -> DecimalNumber.Cell { DecimalNumber.read(Array(text.utf8).span) }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("007", 7), ("1.", 1), (".5", 0.5), ("-.5", -0.5), ("+2", 2), ("1E3", 1000),
    ("1e+3", 1000),
    ("4.9e-324", .leastNonzeroMagnitude), ("1.7976931348623157e308", 1.7976931348623157e308), ("1e-400", 0),
    ("9007199254740993", 9007199254740992),
    ("0.1", 0.1), ("123456789012345678901234567890", 123456789012345677877719597056), ("1.e3", 1000), ("1e22", 1e22),
    ("1e23", 1e23),
    ("0.000000000000000000000000000001", 1e-30), ("2.2250738585072014e-308", .leastNormalMagnitude), (" \t3 ", 3),
    ("1.e30", 1e30),
    ("-.00000000000000000000000000001", -1e-29),
  ])
  func readsNumbers(_ text: String, _ value: Double) {
    guard case .number(let found) = read(text) else {
      Issue.record("\(text) is a number")
      return
    }
    #expect(found.bitPattern == value.bitPattern, "\(text)")
  }

  @Test func agreesWithTheStandardLibraryToTheBit() {
    var generator = SplitMix(state: 3)
    for _ in 0..<100_000 {
      let value = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
      let short = (Double.random(in: -1e6...1e6, using: &generator) * 1000).rounded() / 1000
      for number in [value, short] where number.isFinite {
        #expect(read("\(number)") == .number(number))
      }
    }
  }

  @Test func everythingElseIsNamed() {
    for text in ["e5", ".", "-", "+", "1e", "1e+", "1x", "0x1p3", "1 2", "1,5", "é", "٣", "infinityx", "1e5e5"] {
      #expect(read(text) == .text || (text == "-" && read(text) == .missing), "\(text)")
    }
    for text in ["", " ", "NA", "n/a", "NULL"] { #expect(read(text) == .missing, "\(text)") }
    for text in ["NaN", "-inf", "+Infinity", "1e309", "-1e400"] { #expect(read(text) == .notFinite, "\(text)") }
  }
}
