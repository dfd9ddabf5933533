import Testing
import _TestSupport

@testable import GaussianProcesses

/// Covariance texts that nobody meant: a sentence, or a function.
@Suite struct CovarianceFuzzTests {
  private static let texts = [
    "constant * rbf(ard) + periodic(24) * matern52[2] + white(0.1)",
    "rbf(length_scale=2 in 0.1...10)[x,z] * constant(3 fixed)",
    "(matern12[1] + matern32[z]) * rational_quadratic(1, 2 fixed) + white", "periodic(24, length_scale=2)[1]",
    "changepoint(rbf(ard) + white, changepoint(rbf, matern32, -2 in -3...3)[x], location=1 fixed, width=0.1)[2]",
  ]

  @Test(.timeLimit(.minutes(30))) func texts() async throws {
    let bytes = Self.texts.map { Array($0.utf8) }
    let cost = try await FuzzRun("covariance", count: 10_000).run { mutator in
      let text = String(decoding: mutator.mutated(mutator.choice(bytes), with: bytes), as: UTF8.self)
      return isTaken(text)
    }
    #expect(cost.taken < cost.inputs && cost.taken > 0)
    #expect(cost.slowest.seconds < 2, "seed \(cost.slowest.seed)")
    #expect(cost.memory < 2048)
  }

  private func isTaken(_ text: String) -> Bool {
    do throws(GaussianProcessError) {
      _ = try CovarianceFunction(parsing: text, features: ["x", "y", "z"])
      return true
    } catch {
      if error.description.isEmpty { Issue.record("\(text.debugDescription)") }
      return false
    }
  }
}
