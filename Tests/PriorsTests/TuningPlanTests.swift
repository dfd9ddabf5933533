import Foundation
import LogDensities
import Testing

@testable import Priors

@Suite struct TuningPlanTests {
  private static let names = ["slope[1,x]", "slope[1,z]", "slope[2,x]", "slope[2,z]", "sigma[1]", "sigma[2]"]
  private static let blocks = ["slopes", "slopes", "slopes", "slopes", "noise", "noise"]

  /// Scales 1, 2, 3, 4 of the slopes; σ has a log-normal scale and a gamma rate.
  private static func start() -> (layout: PriorLayout, hyperparameters: Hyperparameters) {
    PriorLayout.arranging(
      [
        .laplace(location: 0.1, scale: 1), .normal(location: 0, scale: 2), .laplace(location: -0.2, scale: 3),
        .normal(location: 0.3, scale: 4), .logNormal(location: 0, scale: 0.5),
        ScalarPrior(.gamma, tuningValues: [log(2), log(3), 0, 0]),
      ], names: names, blocks: blocks)
  }

  private static func rule(_ exception: TuningPlan.Exception, _ text: String) -> TuningPlan.Rule {
    .init(ParameterPattern(text), exception)
  }

  /// The parameters of each coordinate, by the coordinate's name.
  private func coordinates(_ lambda: Hyperparameters) -> [String: [String]] {
    var result: [String: [String]] = [:]
    for (entry, coordinate) in lambda.membership.enumerated() {
      if let coordinate { result[lambda.coordinates[coordinate].name, default: []].append(lambda.entries[entry].name) }
    }
    return result
  }

  @Test(arguments: TuningRoles.allCases)
  func withoutExceptionsItIsTheRoles(roles: TuningRoles) throws {
    let start = Self.start().hyperparameters
    #expect(try start.assigned(TuningPlan(roles: roles)) == start.assigned(roles))
    #expect(
      try start.assigned(TuningPlan(roles: roles, rules: [Self.rule(.fixed, "slopes")]))
        == start.assigned(roles, fixing: ["slopes"]))
    #expect(
      try start.assigned(TuningPlan(roles: roles, densities: [])) == start.assigned(roles, hyperprior: nil))
  }

  @Test func tiesTakeScalesOutOfTheirBlock() throws {
    let start = Self.start().hyperparameters
    let lambda = try start.assigned(
      TuningPlan(rules: [Self.rule(.tied, "slope[*,x]"), Self.rule(.free, "slope[1,z]")]))
    #expect(
      lambda.coordinates.map(\.name) == [
        "slope[*,x]: scale", "slope[1,z]: scale", "slopes: scale", "noise: scale", "noise: rate",
      ])
    #expect(coordinates(lambda)["slope[*,x]: scale"] == ["slope[1,x].scale", "slope[2,x].scale"])
    #expect(coordinates(lambda)["slopes: scale"] == ["slope[2,z].scale"])
    // Ratios stay as they were.
    let moved = lambda.moved(to: [log(10), 0, 0, 0, 0])
    #expect(abs(exp(moved.values[5]) - 30) < 1e-12)
    let all = try start.assigned(TuningPlan(roles: .all, rules: [Self.rule(.tied, "slopes")]))
    #expect(coordinates(all)["slopes: scale"]?.count == 4)
    #expect(coordinates(all)["slope[1,x].location"] == ["slope[1,x].location"])
  }

  @Test func laterRulesWin() throws {
    let start = Self.start().hyperparameters
    func groups(_ rules: [TuningPlan.Rule]) throws -> [String: [String]] {
      try coordinates(start.assigned(TuningPlan(rules: rules)))
    }
    let tie = Self.rule(.tied, "slope[*,x]")
    #expect(try groups([tie, Self.rule(.fixed, "slopes")])["slope[*,x]: scale"] == nil)
    #expect(try groups([Self.rule(.fixed, "slopes"), tie])["slope[*,x]: scale"]?.count == 2)
    #expect(try groups([tie, Self.rule(.fixed, "slope[1,*]")])["slope[*,x]: scale"] == ["slope[2,x].scale"])
    let rows = try groups([tie, Self.rule(.tied, "slope[2,*]")])
    #expect(rows["slope[*,x]: scale"] == ["slope[1,x].scale"])
    #expect(rows["slope[2,*]: scale"] == ["slope[2,x].scale", "slope[2,z].scale"])
    #expect(rows["slopes: scale"] == ["slope[1,z].scale"])
  }

  /// Central differences: their own error is of order h² = 1e-10, rounding 1e-10.
  @Test func scoreAlongATieIsTheSlopeOfTheLogPrior() throws {
    let (layout, start) = Self.start()
    let lambda = try start.assigned(TuningPlan(rules: [Self.rule(.tied, "slope[*,x]"), Self.rule(.free, "noise")]))
    let position = [0.7, -1.1, 2.3, 0.4, -0.3, 0.2]
    func value(_ free: [Double]) throws -> Double {
      try ProductPrior(layout, at: lambda.moved(to: free).values).logDensity(at: position.span)
    }
    var score = [Double](repeating: 0, count: lambda.count)
    var span = score.mutableSpan
    try ProductPrior(layout, at: lambda.values).hyperparameterScore(at: position.span, into: &span)
    let slopes = lambda.pulledBack(score)
    #expect(slopes.count == 4)
    let step = 1e-5
    for index in slopes.indices {
      var (up, down) = (lambda.free, lambda.free)
      up[index] += step
      down[index] -= step
      #expect(abs(slopes[index] - (try value(up) - value(down)) / (2 * step)) < 1e-8)
    }
  }

  @Test func densitiesAreThoseOfTheLastPatternThatCoversACoordinate() throws {
    let start = Self.start().hyperparameters
    func hyperpriors(_ densities: [TuningPlan.Density], _ rules: [TuningPlan.Rule]) throws -> [String: Hyperprior] {
      let lambda = try start.assigned(TuningPlan(rules: rules, densities: densities))
      return Dictionary(
        uniqueKeysWithValues: lambda.coordinates.compactMap { coordinate in
          coordinate.hyperprior.map { (coordinate.name, $0) }
        })
    }
    let tie = Self.rule(.tied, "slope[2,*]")
    let own = try hyperpriors(
      [
        .init(nil, .halfCauchyScale(1)), .init(ParameterPattern("slopes"), .halfCauchyScale(2)),
        .init(ParameterPattern("slope[2,*]"), .normal(location: 0.5, scale: 0.7)),
        .init(ParameterPattern("noise"), nil),
      ], [tie])
    #expect(own["slope[2,*]: scale"] == .normal(location: log(3) + 0.5, scale: 0.7), "in units of where it starts")
    #expect(own["slopes: scale"] == .halfCauchyScale(2) && own["noise: scale"] == nil && own["noise: rate"] == nil)
    let later = try hyperpriors([.init(ParameterPattern("slopes"), .halfCauchyScale(2)), .init(nil, nil)], [])
    #expect(later.isEmpty)
    let fixed = try hyperpriors(
      [.init(ParameterPattern("slope[2,*]"), .halfCauchyScale(2))], [Self.rule(.fixed, "slope[2,*]")])
    #expect(fixed.isEmpty, "a density on what is fixed changes nothing")
    #expect(throws: ModelError.self) { try hyperpriors([.init(ParameterPattern("slope[2,*]"), nil)], []) }
  }

  @Test func scalesAndRatesAreNotTied() throws {
    let start = Self.start().hyperparameters
    let error = #expect(throws: ModelError.self) {
      try start.assigned(TuningPlan(rules: [Self.rule(.tied, "sigma[*]")]))
    }
    #expect(error?.description.contains("sigma[*] cannot be tied") == true)
    #expect(try start.assigned(TuningPlan(rules: [Self.rule(.tied, "nothing")])) == start.assigned(.blockScales))
    let bare = Hyperparameters(entries: [.init(name: "a.location", kind: .location, block: "b")], values: [0])
    #expect(throws: ModelError.self) { try bare.assigned(TuningPlan(rules: [Self.rule(.tied, "b")])) }
  }

  @Test func codable() throws {
    let plan = TuningPlan(
      roles: .all, rules: [Self.rule(.tied, "slope[*,x]"), Self.rule(.fixed, "noise")],
      densities: [.init(nil, nil), .init(ParameterPattern("slopes"), .halfCauchyScale(2))])
    #expect(try JSONDecoder().decode(TuningPlan.self, from: JSONEncoder().encode(plan)) == plan)
  }
}
