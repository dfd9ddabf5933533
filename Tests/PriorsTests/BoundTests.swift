import Foundation
import LogDensities
import Testing

@testable import Priors

/// Bounds are hyperparameters that nothing moves.
@Suite struct BoundTests {
  private static func start() -> (layout: PriorLayout, hyperparameters: Hyperparameters) {
    PriorLayout.arranging(
      [
        .uniform(lower: 0, upper: 2), .truncatedNormal(location: 0.5, scale: 1.5, lower: 0, upper: 3),
        .normal(location: 0, scale: 1),
      ], names: ["a", "b", "c"], blocks: ["edge", "inside", "inside"])
  }

  @Test func `entries have names of their own and values as they are`() {
    let (layout, lambda) = Self.start()
    #expect(
      lambda.entries.map(\.name) == [
        "a.lower", "a.upper", "b.location", "b.scale", "b.lower", "b.upper", "c.location", "c.scale",
      ])
    #expect(lambda.values == [0, 2, 0.5, log(1.5), 0, 3, 0, 0])
    #expect(layout.supports == [.interval(lower: 0, upper: 2), .interval(lower: 0, upper: 3), .real])
    let all = layout.prior(1, at: lambda.values)
    #expect(all.support == .interval(lower: 0, upper: 3))
  }

  @Test(arguments: TuningRoles.allCases) func `no role moves a bound`(roles: TuningRoles) throws {
    let lambda = Self.start().hyperparameters.assigned(roles)
    for (entry, coordinate) in zip(lambda.entries, lambda.membership) {
      #expect(!entry.kind.isBound || coordinate == nil, "\(entry.name)")
    }
    #expect(lambda.coordinates.count == [TuningRoles.none: 0, .blockScales: 1, .all: 4][roles])
    let freed = try Self.start().hyperparameters.assigned(
      TuningPlan(roles: roles, rules: [.init(ParameterPattern("edge"), .free), .init(ParameterPattern("b"), .free)]))
    #expect(zip(freed.entries, freed.membership).allSatisfy { !$0.kind.isBound || $1 == nil })
  }

  @Test func `bounds alone cannot be tied`() {
    let error = #expect(throws: ModelError.self) {
      try Self.start().hyperparameters.assigned(TuningPlan(rules: [.init(ParameterPattern("edge"), .tied)]))
    }
    #expect(error?.description == "edge cannot be tied: its priors have no scale and no rate.")
  }

  @Test func `a λ with other bounds has no prior`() throws {
    let (layout, lambda) = Self.start()
    #expect(layout.isInRange(lambda.values))
    _ = try ProductPrior(layout, at: lambda.values)
    for (entry, value) in [(1, 2.5), (0, 2), (4, -1), (5, .nan), (3, -800)] {
      var values = lambda.values
      values[entry] = value
      #expect(!layout.isInRange(values))
      #expect(throws: ModelError.self) { try ProductPrior(layout, at: values) }
    }
  }

  @Test func `a parameter takes the support that it needs, or a part of it where that will do`() throws {
    func resolve(_ prior: ScalarPrior, _ support: Support, narrower: Bool) throws(ModelError) -> [ScalarPrior] {
      try PriorLayout.resolving(
        [prior], overrides: [:], names: ["slope[1,x]"], supports: [support], allowingNarrower: narrower)
    }
    let uniform = ScalarPrior.uniform(lower: -1, upper: 2)
    let error = #expect(throws: ModelError.self) { try resolve(uniform, .real, narrower: false) }
    #expect(error?.description == "The parameter slope[1,x] needs a prior on all real numbers, found uniform.")
    #expect(try resolve(uniform, .real, narrower: true) == [uniform])
    #expect(throws: ModelError.self) { try resolve(uniform, .positive, narrower: true) }
    #expect(throws: ModelError.self) {
      try resolve(.logNormal(location: 0, scale: 1), .real, narrower: true)
    }
  }
}
