import LogDensities
import Testing

private struct Quartic: LogDensity {
  enum Fault { case none, sign, nan, infiniteGradient, throwing, plusInfinity }
  let dimension = 3
  var fault = Fault.none

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
    var value = 0.0
    for i in 0..<3 {
      let square = q[i] * q[i]
      value -= 0.25 * square * square + 0.5 * square
      gradient[i] = -q[i] * square - q[i]
    }
    switch fault {
    case .none: break
    case .sign: gradient[1] = -gradient[1]
    case .nan: if q[0] > 100 { return .nan }
    case .infiniteGradient: if q[2] < -1 { gradient[2] = .infinity }
    case .throwing: if q[0] > 0 { throw .failed("positive") }
    case .plusInfinity: if q[0] > 1 { return .infinity }
    }
    return value
  }
}

@Suite struct StressTestTests {
  private func run(_ fault: Quartic.Fault) -> [StressTest.Finding] {
    var stream = RandomStream(seed: 1, purpose: .test)
    return StressTest().run(Quartic(fault: fault), stream: &stream)
  }

  @Test func passesASoundDensity() { #expect(run(.none).isEmpty) }

  @Test func findsAWrongDerivative() {
    let findings = run(.sign)
    #expect(findings.count >= 90)
    for finding in findings {
      guard case .wrongGradient(let coordinate, let analytic, let numeric) = finding.problem else {
        Issue.record("\(finding)")
        continue
      }
      #expect(coordinate == 1)
      #expect(abs(analytic + numeric) < 1e-4 * (1 + abs(analytic)))
    }
  }

  @Test func findsNaNAtExtremes() {
    let findings = run(.nan)
    #expect(!findings.isEmpty)
    #expect(findings.allSatisfy { $0.problem == .valueIsNaN && $0.position[0] > 100 })
  }

  @Test func findsOtherBreaches() {
    #expect(run(.infiniteGradient).contains { $0.problem == .gradientNotFinite(coordinate: 2) })
    #expect(run(.throwing).contains { $0.problem == .threw(.failed("positive")) })
    #expect(run(.plusInfinity).contains { $0.problem == .valueIsInfinite })
    #expect(run(.plusInfinity).allSatisfy { !$0.description.isEmpty })
  }
}
