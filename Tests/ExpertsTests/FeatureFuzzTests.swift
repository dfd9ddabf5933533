import Testing
import _TestSupport

@testable import Experts

/// Formulas that nobody meant: an error with a place, or terms whose text leads back to them.
@Suite struct FeatureFuzzTests {
  private static let formulas = [
    "fourier(hour,24,2)", "poly(temperature,2)", "log(wind + 1)*-2^2^x", "a:b:`wind speed`^2",
    "x,y,scale(z,3),center(z)",
    "standardize(x) - 1e-3 * (a / b)", "sin(2*pi*x/24),cos(x)", "1,x,(((x))),-x", "exp(log(sqrt(abs(x))))",
  ]

  @Test(.timeLimit(.minutes(30))) func formulas() async throws {
    let bytes = Self.formulas.map { Array($0.utf8) }
    let cost = try await FuzzRun("features", count: 20_000).run { mutator in
      let text = String(decoding: mutator.mutated(mutator.choice(bytes), with: bytes), as: UTF8.self)
      return isTaken(text)
    }
    #expect(cost.taken < cost.inputs && cost.taken > 0)
    #expect(cost.slowest.seconds < 2, "seed \(cost.slowest.seed)")
    #expect(cost.memory < 2048)
  }

  private func isTaken(_ text: String) -> Bool {
    let terms: [FeatureTerm]
    do throws(FeatureSyntaxError) {
      terms = try FeatureTerm.parse(text)
    } catch {
      if error.description.isEmpty { Issue.record("\(text.debugDescription)") }
      return false
    }
    let again = FeatureTerm.text(of: terms)
    let parsed = (try? FeatureTerm.parse(again)).map(FeatureTerm.text)
    if parsed != again { Issue.record("\(text.debugDescription) -> \(again.debugDescription)") }
    for term in terms.prefix(20) { _ = term.featureNames() }
    return true
  }
}
