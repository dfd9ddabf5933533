import Foundation
import LogDensities
import Testing

@testable import Priors

/// Three parameters of each family, entries one after the other, hyperparameters made up from a stream.
private func everyFamily() -> (layout: PriorLayout, lambda: Hyperparameters) {
  var stream = RandomStream(seed: 11, purpose: .test)
  var families: [PriorFamily] = []
  var entries: [[Int]] = []
  var kinds: [Hyperparameters.Kind] = []
  for family in PriorFamily.allCases {
    for _ in 0..<3 {
      families.append(family)
      entries.append(Array(kinds.count..<kinds.count + family.hyperparameters.count))
      kinds += family.hyperparameters
    }
  }
  let names = families.indices.map { "theta[\($0)]" }
  let list = kinds.indices.map {
    Hyperparameters.Entry(name: "\($0)", kind: kinds[$0], block: "block\($0 % 3)")
  }
  let values = kinds.map { kind in
    switch kind {
    case .logDegreesOfFreedom: 1.2 + 0.3 * stream.normal()
    case .lowerBound: -1.5
    case .upperBound: 0.5
    default: 0.5 * stream.normal()
    }
  }
  let supports = families.map { $0.support ?? .interval(lower: -1.5, upper: 0.5) }
  return (
    PriorLayout(families: families, entries: entries, names: names, supports: supports),
    Hyperparameters(entries: list, values: values)
  )
}

/// Which entries move, and with which others.
enum Roles: String, CaseIterable, Sendable {
  /// All entries of one kind, whatever their family.
  case tiedByKind
  /// Scales and rates only, family by family.
  case scalesByFamily
  /// Locations only, all together.
  case locations
  /// Shapes and degrees of freedom.
  case shapes
  case all
  /// Every other entry, in random groups that mix families and kinds.
  case random
  case none

  func assign(_ layout: PriorLayout, _ lambda: Hyperparameters) -> Hyperparameters {
    var result = lambda
    func tune(_ members: [Int]) {
      let movable = members.filter { !lambda.entries[$0].kind.isBound }
      result.tune(movable, name: "c\(result.coordinates.count)")
    }
    func entries(_ kinds: [Hyperparameters.Kind], _ family: PriorFamily? = nil) -> [Int] {
      zip(layout.families, layout.entries).flatMap { own, entry in
        entry.filter { kinds.contains(lambda.entries[$0].kind) && (family == nil || own == family) }
      }
    }
    switch self {
    case .tiedByKind:
      for kind in [Hyperparameters.Kind.location, .logScale, .logShape, .logRate, .logDegreesOfFreedom] {
        tune(entries([kind]))
      }
    case .scalesByFamily: for family in PriorFamily.allCases { tune(entries([.logScale, .logRate], family)) }
    case .locations: tune(entries([.location]))
    case .shapes: tune(entries([.logShape, .logDegreesOfFreedom]))
    case .all: for entry in lambda.entries.indices { tune([entry]) }
    case .random: for start in 0..<4 { tune(lambda.entries.indices.filter { $0 % 9 == 2 * start }) }
    case .none: break
    }
    return result
  }
}

@Suite struct SufficientStatisticsTests {
  @Test(arguments: Roles.allCases) func `tables are the product prior's, up to a constant a draw`(roles: Roles) throws {
    let (layout, initial) = everyFamily()
    let start = roles.assign(layout, initial)
    let plan = SufficientStatistics(layout, for: start)
    var stream = RandomStream(seed: 12, purpose: .test)
    let positions = (0..<7).map { _ in layout.families.map { _ in 1.5 * stream.normal() } }
    let statistics = positions.flatMap { plan.statistics(at: $0.span) }
    #expect(statistics.count == 7 * plan.width)
    var constants = [Double?](repeating: nil, count: 7)
    for _ in 0..<4 {
      let lambda = start.moved(to: start.free.map { $0 + 0.6 * stream.normal() })
      #expect(plan.serve(lambda))
      let again = SufficientStatistics(layout, for: lambda)
      #expect(positions.flatMap { again.statistics(at: $0.span) } == statistics)
      let prior = try ProductPrior(layout, at: lambda.values)
      let table = plan.table(of: statistics, draws: 7, given: lambda)
      for (draw, q) in positions.enumerated() {
        let constant = prior.logDensity(at: q.span) - table.logPrior[draw]
        let expected = constants[draw] ?? constant
        constants[draw] = expected
        #expect(abs(constant - expected) < 1e-11 * max(1, abs(prior.logDensity(at: q.span))))
        var score = [Double](repeating: 0, count: lambda.count)
        var span = score.mutableSpan
        prior.hyperparameterScore(at: q.span, into: &span)
        let size = lambda.pulledBack(score.map { abs($0) })
        for (coordinate, value) in lambda.pulledBack(score).enumerated() {
          let found = table.scores[coordinate][draw]
          #expect(abs(found - value) < 1e-11 * max(1, size[coordinate]), "coordinate \(coordinate)")
        }
      }
    }
  }

  @Test(arguments: Roles.allCases) func `curvature is the pulled-back sum of the scalar priors'`(roles: Roles) {
    let (layout, initial) = everyFamily()
    let start = roles.assign(layout, initial)
    let plan = SufficientStatistics(layout, for: start)
    var stream = RandomStream(seed: 13, purpose: .test)
    let positions = (0..<5).map { _ in layout.families.map { _ in 1.5 * stream.normal() } }
    let statistics = positions.flatMap { plan.statistics(at: $0.span) }
    let weights = [0.1, 0.5, 0, 1.2, 0.3]
    let lambda = start.moved(to: start.free.map { $0 + 0.4 * stream.normal() })
    let q = lambda.coordinates.count
    var expected = [Double](repeating: 0, count: q * q)
    var size = expected
    for (weight, position) in zip(weights, positions) {
      for (parameter, entry) in layout.entries.enumerated() {
        let curvature = layout.prior(parameter, at: lambda.values).curvature(at: position[parameter])
        for (lane, row) in entry.enumerated() {
          for (other, column) in entry.enumerated() {
            guard let row = lambda.membership[row], let column = lambda.membership[column] else { continue }
            expected[row * q + column] += weight * curvature[lane, other]
            size[row * q + column] += weight * abs(curvature[lane, other])
          }
        }
      }
    }
    let found = plan.curvature(of: statistics, draws: 5, weights: weights, given: lambda)
    #expect(found.count == q * q)
    for index in found.indices { #expect(abs(found[index] - expected[index]) < 1e-11 * max(1, size[index])) }
  }

  @Test func `tied scales with fixed locations are one sum a family`() {
    let (layout, initial) = everyFamily()
    // Laplace, normal, log-normal, half-normal, gamma (rate) and exponential: one each; Student-t, half-Cauchy
    // and truncated normal: each value.
    #expect(SufficientStatistics(layout, for: Roles.scalesByFamily.assign(layout, initial)).width == 6 + 3 * 3)
    // One location for all: a mean for normal and log-normal together, values for Laplace, Student-t and truncated normal.
    #expect(SufficientStatistics(layout, for: Roles.locations.assign(layout, initial)).width == 1 + 3 * 3)
    #expect(SufficientStatistics(layout, for: Roles.none.assign(layout, initial)).width == 0)
  }

  @Test func `a sum of squares keeps its digits far from zero`() throws {
    let layout = PriorLayout(families: [.normal, .normal], entries: [[0, 1], [2, 3]], names: ["a", "b"])
    var lambda = Hyperparameters(
      entries: (0..<4).map { .init(name: "\($0)", kind: $0 % 2 == 0 ? .location : .logScale, block: "b") },
      values: [1e6, -2, 1e6, -2])
    lambda.tune([0, 2], name: "location", bounds: 0...1e7)
    lambda.tune([1, 3], name: "scale")
    let plan = SufficientStatistics(layout, for: lambda)
    let q = [1e6 + 0.25, 1e6 - 0.5]
    let table = plan.table(of: plan.statistics(at: q.span), draws: 1, given: lambda)
    let square = (0.25 * 0.25 + 0.5 * 0.5) * exp(4)
    #expect(abs(table.scores[1][0] - (square - 2)) < 1e-12 * square)
    #expect(abs(table.scores[0][0] - (-0.25 * exp(4))) < 1e-12 * exp(4))
  }

  @Test func `other coordinates, offsets or fixed values need statistics of their own`() {
    let (layout, initial) = everyFamily()
    let lambda = Roles.scalesByFamily.assign(layout, initial)
    let plan = SufficientStatistics(layout, for: lambda)
    #expect(!plan.serve(Roles.all.assign(layout, initial)))
    #expect(!plan.serve(initial))
    var values = initial.values
    values[0] += 1
    let other = Hyperparameters(entries: initial.entries, values: values)
    #expect(!plan.serve(Roles.scalesByFamily.assign(layout, other)))
    values = initial.values
    values[3] += 1
    let shifted = Hyperparameters(entries: initial.entries, values: values)
    #expect(!plan.serve(Roles.scalesByFamily.assign(layout, shifted)))
  }

  @Test func `a layout knows where there is a prior`() {
    let (layout, lambda) = everyFamily()
    #expect(layout.isInRange(lambda.values))
    for (entry, value) in [(0, Double.infinity), (0, .nan), (1, 800), (1, -800), (1, .nan)] {
      var values = lambda.values
      values[entry] = value
      #expect(!layout.isInRange(values))
      #expect(throws: ModelError.self) { try ProductPrior(layout, at: values) }
    }
  }
}
