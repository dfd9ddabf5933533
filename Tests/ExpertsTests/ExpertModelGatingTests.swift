import Foundation
import LogDensities
import Testing

@testable import Experts

@Suite struct ExpertModelGatingTests {
  @Test func `log-softmax is exact for extreme logits`() {
    var logits = [800.0, 0, -800]
    var span = logits.mutableSpan
    Gating.logSoftmax(&span)
    #expect(logits == [0, -800, -1600])
    var even = [1e300, 1e300]
    var evenSpan = even.mutableSpan
    Gating.logSoftmax(&evenSpan)
    #expect(even == [0, 0], "ln 2 is below the spacing of doubles at 1e300")
  }

  @Test func `entropy: 0 for equal shares, closed form for two, nil for one`() throws {
    #expect(Gating.logNormalisedEntropy(of: [1]) == nil)
    #expect(Gating.logNormalisedEntropy(of: []) == nil)
    for m in 2...6 {
      let value = try #require(Gating.logNormalisedEntropy(of: Array(repeating: 1 / Double(m), count: m)))
      #expect(value <= 0 && value > -1e-14)
    }
    for p in [0.5, 0.3, 0.01, 1e-5] {
      let expected = log(-(p * log(p) + (1 - p) * log1p(-p)) / log(2))
      let value = try #require(Gating.logNormalisedEntropy(of: [1 - p, p]))
      #expect(abs(value - expected) < 1e-12 * max(1, abs(expected)))
    }
    #expect(Gating.logNormalisedEntropy(of: [0, 1, 0]) == -.infinity)
    // A share of exactly 0 adds nothing to the entropy of the others.
    let two = try #require(Gating.logNormalisedEntropy(of: [0.25, 0.75]))
    let three = try #require(Gating.logNormalisedEntropy(of: [0.25, 0, 0.75]))
    #expect(abs(three - two - log(log(2.0) / log(3.0))) < 1e-14)
  }

  @Test func `on collapse ln H falls as ln ε + ln(1 + ln 1/ε), far below the smallest double`() throws {
    for logShare in [-20.0, -36.9, -37.1, -100, -700, -5000] {
      // −ε ln ε − (1 − ε) ln(1 − ε) = ε (ln 1/ε + 1) up to a relative ε.
      let expected = logShare + log(1 - logShare) - log(log(2))
      let value = try #require(Gating.logNormalisedEntropy(ofLogShares: [log1p(-exp(logShare)), logShare]))
      #expect(abs(value - expected) < 1e-8 * abs(expected), "ln ε = \(logShare)")
    }
  }

  @Test func `a model's entropy agrees with its allocation and survives collapse`() throws {
    let model = try ExpertModel(.moe, experts: 3, data: syntheticRows(25, seed: 9))
    var stream = RandomStream(seed: 10, purpose: .test)
    for _ in 0..<20 {
      let q = (0..<model.dimension).map { _ in 2 * stream.normal() }
      let found = try #require(model.logEntropy(of: q))
      let logged = try #require(model.logEntropyInLogSpace(of: q))
      #expect(abs(found - logged) < 1e-11 * max(1, abs(logged)))
    }
    // Two experts share the rows evenly but for ε of the first: −ε ln ε − (1 − ε) ln(1 − ε), from 1/2 to below the least
    // double and over the change from the kernel's shares to those in log space.
    let pair = try ExpertModel(.moe, experts: 2, data: syntheticRows(25, seed: 9))
    for logit in [0.0, -5, -20, -27, -28, -40, -46, -200, -700, -760, -3000] {
      var q = [Double](repeating: 0, count: pair.dimension)
      q[pair.architecture.gate(column: 0).lowerBound] = logit
      let expected =
        logit < -30
        ? logit + log1p(-logit) - log(log(2)) : log(log1p(exp(logit)) - logit / (1 + exp(-logit))) - log(log(2))
      let found = try #require(pair.logEntropy(of: q))
      #expect(abs(found - expected) < 1e-11 * max(1, abs(expected)), "logit \(logit)")
    }
    var q = [Double](repeating: 0, count: model.dimension)
    q[model.architecture.gate(column: 0).lowerBound] = 3000
    let collapsed = try #require(model.logEntropy(of: q))
    #expect(collapsed > -3000 && collapsed < -2900)
    let one = try ExpertModel(.moe, experts: 1, data: syntheticRows(5, seed: 1))
    #expect(one.logEntropy(of: [Double](repeating: 0, count: one.dimension)) == nil)
  }
}
