import Foundation
import LogDensities
import Priors
import Testing

@testable import Experts

struct ParameterUnitsTests {
  private static let rows = 40

  private var columns: NumericColumns {
    var stream = RandomStream(seed: 5, purpose: .prediction)
    func column(_ centre: Double, _ spread: Double) -> [Double] {
      (0..<Self.rows).map { _ in centre + spread * (2 * stream.uniform() - 1) }
    }
    return NumericColumns(
      names: ["temperature", "wind", "hour", "pressure", "rain", "snow", "demand"],
      values: [
        column(283, 14), column(9, 6), (0..<Self.rows).map { Double($0 % 24) }, column(1013, 20), column(4, 3),
        column(0, 2), column(41_000, 9000),
      ])
  }

  /// Every kind of term, with the feature in the data's units computed by hand.
  private static let terms =
    "temperature, poly(wind,3), fourier(hour,24,1), a=standardize(log(wind)), center(wind^2), scale(pressure,-4),"
    + " scale(standardize(rain),2), standardize(scale(hour,10)), temperature:wind, poly(temperature,2):fourier(hour,24,1),"
    + " log(temperature)*wind, exp(standardize(wind)), -standardize(snow)"

  private func dataFeatures(_ columns: NumericColumns) throws -> [[Double]] {
    let (t, w, h) = (try columns.column("temperature"), try columns.column("wind"), try columns.column("hour"))
    let (pressure, rain) = (try columns.column("pressure"), try columns.column("rain"))
    let snow = try columns.column("snow")
    func centred(_ x: [Double]) -> [Double] {
      let mean = x.reduce(0, +) / Double(x.count)
      return x.map { $0 - mean }
    }
    func product(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { $0 * $1 } }
    func spread(_ x: [Double]) -> Double {
      (centred(x).reduce(0) { $0 + $1 * $1 } / Double(x.count)).squareRoot()
    }
    let (tc, wc) = (centred(t), centred(w))
    let (sine, cosine) = (h.map { sin(2 * Double.pi * $0 / 24) }, h.map { cos(2 * Double.pi * $0 / 24) })
    let (tc2, wc2) = (product(tc, tc), product(wc, wc))
    return [
      tc, wc, wc2, product(wc, wc2), sine, cosine, centred(w.map { log($0) }), centred(product(w, w)),
      pressure.map { -$0 }, centred(rain), centred(h), product(tc, wc), product(tc, sine), product(tc, cosine),
      product(tc2, sine), product(tc2, cosine), product(t.map { log($0) }, w), wc.map { exp($0 / spread(w)) },
      centred(snow).map { -$0 / spread(snow) },
    ]
  }

  /// One architecture of every combination, with all terms in experts and gate.
  private func fitted(_ combination: Combination) throws -> (
    units: ParameterUnits, likelihood: ExpertLikelihood, scaling: ResponseScaling, features: [[Double]]
  ) {
    let columns = columns
    let terms = try FeatureTerm.parse(Self.terms)
    let (expert, x) = try Design.fit(terms, to: columns, bias: false)
    let (gate, z) = try Design.fit(terms, to: columns, bias: true)
    let response = try columns.column("demand")
    let scaling = try ResponseScaling.standardizing(response, name: "demand")
    let architecture = ExpertArchitecture(
      combination: combination, experts: 3, expertFeatures: x.columns, gateFeatures: z.columns)
    let units = ParameterUnits(architecture, scaling: scaling, target: "demand", expert: expert, gate: gate)
    let likelihood = ExpertLikelihood(
      architecture: architecture, expertFeatures: x.values, gateFeatures: z.values, response: scaling.apply(response))
    return (units, likelihood, scaling, try dataFeatures(columns))
  }

  /// Experts' means, gate weights and β from parameters in the data's units and features without their scaling are those of
  /// the model, for every kind of term: to 1e-12 of the sum of the absolute terms.
  @Test(arguments: Combination.allCases) func predictionsAgree(combination: Combination) throws {
    let (units, likelihood, scaling, features) = try fitted(combination)
    let architecture = likelihood.architecture
    #expect(features.count == architecture.expertFeatures)
    var stream = RandomStream(seed: 11, purpose: .prediction)
    let position = (0..<architecture.dimension).map { _ in 1.2 * (2 * stream.uniform() - 1) }
    let (weights, means, behaviour) = likelihood.components(at: position.span)
    let data = zip(units.parameters, position.enumerated()).map { parameter, entry in
      parameter.undo(architecture.logSigmas.contains(entry.offset) ? exp(entry.element) : entry.element)
    }
    func sum(_ start: Double, _ range: Range<Int>, _ row: Int) -> (value: Double, size: Double) {
      zip(range, features).reduce((start, abs(start))) { sum, term in
        let product = data[term.0] * term.1[row]
        return (sum.0 + product, sum.1 + abs(product))
      }
    }
    for row in 0..<Self.rows {
      var logits = [0.0, 0, 0]
      for expert in 0..<3 {
        let mean = sum(data[expert], architecture.slopes(of: expert), row)
        #expect(abs(mean.value - scaling.undo(means[expert * Self.rows + row])) < 1e-12 * mean.size)
        #expect(
          abs(
            data[architecture.logSigmas.lowerBound + expert] / scaling.scale
              - exp(position[architecture.logSigmas.lowerBound + expert])) < 1e-12)
        guard expert < 2 else { continue }
        let column = architecture.gate(column: expert)
        logits[expert] = sum(data[column.lowerBound], column.dropFirst(), row).value
      }
      let total = logits.reduce(0) { $0 + exp($1) }
      for expert in 0..<3 { #expect(abs(exp(logits[expert]) / total - weights[expert * Self.rows + row]) < 1e-12) }
      if combination == .cocoafuse {
        let logit = sum(data[architecture.behaviour.lowerBound], architecture.behaviour.dropFirst(), row).value
        #expect(abs(1 / (1 + exp(-logit)) - behaviour[row]) < 1e-12)
      }
    }
  }

  @Test func namesAndUnits() throws {
    let (units, likelihood, scaling, _) = try fitted(.cocoafuse)
    #expect(units.parameters.count == likelihood.architecture.dimension && !units.isIdentity)
    func unit(_ name: String) -> String? { units.parameters.first { $0.name == name }?.unit }
    #expect(unit("intercept[2]") == "demand" && unit("sigma[3]") == "demand")
    #expect(unit("slope[1,wind^2]") == "demand per wind^2")
    #expect(unit("gate[1,bias]") == "log odds" && unit("behaviour[temperature]") == "log odds per temperature")
    #expect(units.parameters[0].offset == scaling.location && units.parameters[0].factor == scaling.scale)
    let decoded = try JSONDecoder().decode(ParameterUnits.self, from: JSONEncoder().encode(units))
    #expect(decoded == units)
  }

  @Test func withoutScalingNothingIsUndone() throws {
    let terms = try FeatureTerm.parse("temperature, wind:temperature, fourier(hour,24,1)")
    let (expert, x) = try Design.fit(terms, to: columns, bias: false, standardizesColumns: false)
    let (gate, z) = try Design.fit(terms, to: columns, bias: true, standardizesColumns: false)
    let architecture = ExpertArchitecture(
      combination: .moe, experts: 2, expertFeatures: x.columns, gateFeatures: z.columns)
    #expect(
      ParameterUnits(architecture, scaling: .identity, target: "demand", expert: expert, gate: gate).isIdentity)
  }

  /// Powers whose scale overflows leave factors that are finite and positive.
  @Test func extremePowersStayFinite() throws {
    let large = NumericColumns(names: ["x"], values: [[-3e90, -2.2e90, -1e90, 0, 0.4e90, 1e90, 2e90, 5e90]])
    let (expert, x) = try Design.fit(FeatureTerm.parse("poly(x,5)"), to: large, bias: false)
    let (gate, _) = try Design.fit([], to: large, rows: 8, bias: true)
    let units = ParameterUnits(
      ExpertArchitecture(combination: .moe, experts: 1, expertFeatures: x.columns, gateFeatures: 1),
      scaling: ResponseScaling(location: 0, scale: 1e-80), target: "y", expert: expert, gate: gate)
    #expect(units.parameters.allSatisfy { $0.factor > 0 && $0.factor.isFinite })
  }

  /// The density of offset + factor · θ is that of θ over the factor, for every family; offsets are for those on ℝ.
  @Test func priorsMove() {
    let priors: [ScalarPrior] = [
      .laplace(location: 0.3, scale: 1.7), .normal(location: -2, scale: 0.4),
      .studentT(StudentT(location: 1, scale: 2, degreesOfFreedom: 4)), .logNormal(location: -0.5, scale: 0.8),
      .halfNormal(HalfNormal(scale: 1.3)), .halfCauchy(HalfCauchy(scale: 0.7)), .gamma(Gamma(shape: 2.5, rate: 3)),
      .exponential(Exponential(rate: 0.4)), .uniform(lower: 0.01, upper: 7),
      .truncatedNormal(location: 1, scale: 0.6, lower: 0.01, upper: 5),
    ]
    #expect(Set(priors.map(\.family)) == Set(PriorFamily.allCases))
    for prior in priors {
      let isPositive = prior.support == .positive
      let parameter = ParameterUnits.Parameter(
        name: "p", offset: isPositive ? 0 : -41, factor: 12.5, unit: "demand")
      let moved = prior.inUnits(of: parameter)
      #expect(moved.family == prior.family)
      for value in [0.05, 0.6, 1, 4.2] {
        let expected = prior.univariate.logDensity(ofValue: value) - log(12.5)
        #expect(abs(moved.univariate.logDensity(ofValue: parameter.undo(value)) - expected) < 1e-12, "\(prior)")
      }
    }
  }

  /// A normal in the target's units has the log density of z less ln s_y, row by row.
  @Test func logDensitiesMove() {
    let scaling = ResponseScaling(location: 41, scale: 9)
    let z = [0.3, -1.2, 2]
    let own = Normal(location: scaling.undo(0.1), scale: 9 * 0.7)
    let model = Normal(location: 0.1, scale: 0.7)
    let (first, second) = (
      z.reduce(0) { $0 + own.logDensity(ofValue: scaling.undo($1)) },
      z.reduce(0) { $0 + model.logDensity(ofValue: $1) }
    )
    #expect(abs(first - second - scaling.logDensityShift(rows: 3)) < 1e-12)
    #expect(ResponseScaling.identity.logDensityShift(rows: 7) == 0)
  }
}
