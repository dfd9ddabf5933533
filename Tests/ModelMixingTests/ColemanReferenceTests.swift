import Foundation
import Testing
import _TestSupport

@testable import ModelMixing

/// Taweret 1.3.0's log likelihoods of two models, with the Gaussian constant −(n/2) ln 2π put right.
@Suite(.enabled(if: SharedData.file(ColemanTable.path) != nil, "needs the shared Taweret data"))
struct ColemanReferenceTests {
  static func weights(_ table: ColemanTable.File, _ method: String) throws -> any WeightFunction {
    switch method {
    case "step": StepWeights()
    case "addstep": StepWeights(.symmetricPair(maximum: table.addstepPriorMaximum))
    case "addstepasym": StepWeights(.pair)
    case "sigmoid": SigmoidWeights()
    case "cdf": ProbitWeights()
    case "switchcos": SwitchCosineWeights()
    case "calibrate_model_1": try ConstantWeights([1, 0])
    default: try ConstantWeights([0, 1])
    }
  }

  static func mixture(
    _ table: ColemanTable.File, _ entry: ColemanTable.Case, _ rule: MixingRule
  ) throws -> LinearMixture {
    try LinearMixture(
      data: MixingData(inputNames: ["x"], inputs: [table.x], response: table.y, responseErrors: table.yErr),
      models: [ColemanModel(isFirst: true), ColemanModel(isFirst: false)], weights: weights(table, entry.method),
      rule: rule)
  }

  @Test func allSixteenCasesOfAllThreeRules() throws {
    let table = try ColemanTable.read()
    #expect(table.cases.count == 16)
    for entry in table.cases {
      let parameters = entry.mixtureParameters + [entry.theta1, entry.theta2]
      // Where Taweret calibrates one model, the other one's density is 1 and its weight 1e-15.
      let calibrates = entry.method.hasPrefix("calibrate")
      let rule = MixingRule.density(offset: calibrates ? 0 : 1e-15, background: calibrates ? 1e-15 : 0)
      let density = try Self.mixture(table, entry, rule)
      let mean = try Self.mixture(table, entry, .mean(.observation))
      let correlated = try Self.mixture(table, entry, .correlated())
      #expect(abs(density.logLikelihood(at: parameters) - entry.density) < 1e-9, "\(entry.method)")
      #expect(abs(mean.logLikelihood(at: parameters) - entry.mean) < 1e-9, "\(entry.method)")
      #expect(abs(correlated.logLikelihood(at: parameters) - entry.correlated) < 1e-9, "\(entry.method)")
      let weights = density.weights(at: parameters)
      for row in table.x.indices {
        #expect(abs(weights[2 * row] - entry.weight1[row]) < 1e-14, "\(entry.method) row \(row)")
      }
    }
  }

  /// Without the offset the rule is a density, which changes nothing to 1e-9 where two models are mixed.
  @Test func theOffsetMattersOnlyWhereOneModelIsCalibrated() throws {
    let table = try ColemanTable.read()
    for entry in table.cases {
      let parameters = entry.mixtureParameters + [entry.theta1, entry.theta2]
      let value = try Self.mixture(table, entry, .densityMixing).logLikelihood(at: parameters)
      guard entry.method.hasPrefix("calibrate") else {
        #expect(abs(value - entry.density) < 1e-9, "\(entry.method)")
        continue
      }
      let isFirst = entry.method == "calibrate_model_1"
      let model = ColemanModel(isFirst: isFirst)
      let plain = table.x.indices.reduce(0.0) { sum, row in
        let f = model.evaluate(at: [table.x[row]], parameters: [isFirst ? entry.theta1 : entry.theta2]).mean
        return sum + log(normalDensity(table.y[row], f, 0.18))
      }
      #expect(abs(value - plain) < 1e-9)
      #expect(abs(value - entry.density) > 1)
    }
  }
}
