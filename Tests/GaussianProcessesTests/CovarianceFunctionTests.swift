import Foundation
import GaussianProcesses
import Testing

@Suite struct CovarianceFunctionTests {
  private let features = ["hour", "temperature", "day"]

  private func parse(_ text: String) throws -> CovarianceFunction {
    try CovarianceFunction(parsing: text, features: features)
  }

  private func sentence(_ text: String) -> String {
    do {
      _ = try parse(text)
      return ""
    } catch { return "\(error)" }
  }

  @Test func textIsTheTree() throws {
    #expect(try parse("rbf + white") == .rbf() + .white(1))
    #expect(
      try parse("constant*rbf + periodic(24)[hour]*matern52 + white(1e-2)")
        == .constant(1) * .rbf() + .periodic(24).on([0]) * .matern52(1) + .white(0.01))
    #expect(try parse("rbf(2)*(white+matern12(3))") == .rbf(2) * (.white(1) + .matern12(3)))
    #expect(try parse("rbf(ard)") == .rbf(lengthScales: [1, 1, 1]))
    #expect(try parse("rbf(2, ard)[day, 1]") == .rbf(lengthScales: [2, 2]).on([2, 0]))
    #expect(
      try parse("periodic(24 fixed, length_scale=2 in 0.1...10)[1]")
        == .periodic(.fixed(24), lengthScale: KernelParameter(2, in: 0.1...10)).on([0]))
    #expect(try parse("rational_quadratic(alpha=3)") == .rationalQuadratic(alpha: 3))
  }

  @Test func wrongTextIsRefusedWithWhatIsAllowed() {
    #expect(sentence("rbg").contains("There is no kernel “rbg”; kernels are constant, white, rbf"))
    #expect(sentence("rbf +").contains("the end where a kernel"))
    #expect(sentence("rbf rbf").contains("“rbf” where “+” or “*”"))
    #expect(sentence("(rbf").contains("the end where “)”"))
    #expect(sentence("rbf(1,2)").contains("length_scale or ard takes no more numbers"))
    #expect(sentence("rbf(width=2)").contains("it has no “width”"))
    #expect(sentence("rbf[week]").contains("columns are hour, temperature, day"))
    #expect(sentence("rbf(-2)").contains("must be a positive number"))
    #expect(sentence("rbf(20 in 0.1...10)").contains("outside its bounds"))
    #expect(sentence("rbf(1 in 10...1)").contains("ascending order"))
    #expect(sentence("rbf(1..2)").contains("not a number"))
    #expect(sentence("periodic(24)").contains("acts on 3 columns"))
    #expect(sentence("rbf ? white").contains("“?”"))
    #expect(sentence("").contains("the end"))
    #expect(sentence(String(repeating: "(", count: 100_000)).contains("nested parentheses"))
    #expect(sentence(String(repeating: "rbf+", count: 100_000) + "rbf").contains("more than"))
  }

  @Test func namesAreForPeople() throws {
    let kernel = try parse("constant*rbf(ard)[hour,temperature] + rbf(2) + rational_quadratic + periodic[3] + white")
    #expect(
      kernel.namedParameters(features: features).map(\.name) == [
        "constant.variance", "rbf#1.length_scale[hour]", "rbf#1.length_scale[temperature]", "rbf#2.length_scale",
        "rational_quadratic.length_scale", "rational_quadratic.alpha", "periodic.length_scale", "periodic.period",
        "white.variance",
      ])
    #expect(kernel.settingFree(logValues: kernel.freeLogValues) == kernel)
  }

  @Test func survivesJSON() throws {
    let kernel = try parse("constant(0.1)*rbf(ard) + rational_quadratic*matern12(3 fixed)[2] + white")
    #expect(try JSONDecoder().decode(CovarianceFunction.self, from: JSONEncoder().encode(kernel)) == kernel)
  }
}
