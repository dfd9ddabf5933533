import Testing

@testable import Priors

@Suite struct ParameterPatternTests {
  private static let names = [
    "intercept[1]", "intercept[2]", "slope[1,x]", "slope[1,max(a, b)]", "slope[1,x:z^2]", "slope[2,x]",
    "slope[2,max(a, b)]", "slope[2,x:z^2]", "gate[1,bias]", "gate[1,wind speed]", "behaviour[bias]",
    "behaviour[a,b]", "sigma[1]", "sigma[2]",
  ]
  private static let blocks =
    [String](repeating: "intercepts", count: 2) + [String](repeating: "slopes", count: 6)
    + ["gate", "gate", "behaviour", "behaviour", "noise", "noise"]

  @Test(arguments: [
    ("slopes", [2, 3, 4, 5, 6, 7]), ("noise", [12, 13]), ("behaviour", [10, 11]), ("slope[2,x]", [5]),
    ("slope[*,x]", [2, 5]), ("slope[2,*]", [5, 6, 7]), ("slope[*,*]", [2, 3, 4, 5, 6, 7]),
    ("slope[*]", [2, 3, 4, 5, 6, 7]), ("slope[*,max(a, b)]", [3, 6]), ("slope[*, x:z^2 ]", [4, 7]),
    ("gate[*,wind speed]", [9]), ("gate[1,*]", [8, 9]), ("behaviour[*]", [10, 11]), ("behaviour[a,b]", [11]),
    ("sigma[*]", [12, 13]), ("sigma[ 2 ]", [13]), ("intercept[*]", [0, 1]),
    ("slope", []), ("slope[3,x]", []), ("slope[*,X]", []), ("slope[*,max(a]", []), ("sigma[*,x]", []),
    ("slope[2]", []), ("slope[*,x", []), ("", []), ("*", []), ("[*]", []), ("slope[]", []), ("slope[*x,x]", []),
  ])
  func placesArePointedAt(text: String, places: [Int]) {
    #expect(ParameterPattern(text).places(among: Self.names, blocks: Self.blocks) == places)
  }

  @Test func everyNamePointsAtItselfAndItsVariantsAtItToo() {
    for (place, name) in Self.names.enumerated() {
      #expect(ParameterPattern(name).places(among: Self.names, blocks: Self.blocks) == [place])
      for variant in ParameterPattern.variants(of: name) {
        #expect(ParameterPattern(variant).matches(name, in: ""), "\(variant)")
      }
    }
    #expect(ParameterPattern.variants(of: "slope[1,x]") == ["slope[*,x]", "slope[1,*]", "slope[*,*]"])
    #expect(ParameterPattern.variants(of: "sigma[1]") == ["sigma[*]"])
  }
}
