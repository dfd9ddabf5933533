import Experts
import Foundation
import LogDensities
import Priors
import Testing

@testable import ModelMixing

@Suite struct WeightFunctionTests {
  static func smooth() throws -> [(any WeightFunction, [Double])] {
    let data = try MixingData(
      inputNames: ["a", "b"], inputs: [[0, 1, 2, 4], [3, -1, 2, 5]], response: [0, 0, 0, 0])
    let features = try FeatureTerm.parse("a, b, a:b")
    return [
      (SigmoidWeights(), [4.5, -1.3]), (ProbitWeights(), [4, -1]), (SwitchCosineWeights(), [2, 7.1, 4.4]),
      (SoftmaxWeights(models: 4), [0.3, -1, 2]),
      (
        try SoftmaxWeights(models: 3, features: features, data: data),
        [0.3, -1, 2, 0.1, -0.4, 0.2, 1, -0.7]
      ),
      (try ConstantWeights([0.25, 0.5, 0.25]), []),
    ]
  }

  @Test func weightsSumToOneAndDerivativesAreThoseOfDifferences() throws {
    for (function, parameters) in try Self.smooth() {
      let inputs = [[0.1, 1, 3, 4.3, 6, 7, 40], [0.2, 3, -1, 2, 2, 5, -9]]
      let columns = try function.features(of: inputs, names: ["a", "b"])
      for row in 0..<7 {
        let features = columns.map { $0[row] }
        let weights = function.weights(at: features, parameters: parameters)
        #expect(abs(weights.reduce(0, +) - 1) < 1e-14, "\(function.name)")
        var logWeights = [Double](repeating: 0, count: function.models)
        var derivatives = [Double](repeating: .nan, count: function.models * parameters.count)
        var span = logWeights.mutableSpan
        var slopes = derivatives.mutableSpan
        function.logWeights(at: features.span, parameters: parameters.span, into: &span, derivatives: &slopes)
        for index in parameters.indices {
          let step = 1e-6
          var (above, below) = (parameters, parameters)
          above[index] += step
          below[index] -= step
          let (high, low) = (
            function.weights(at: features, parameters: above), function.weights(at: features, parameters: below)
          )
          for model in 0..<function.models {
            // The derivative of w itself: w d ln w.
            let slope = weights[model] * derivatives[model * parameters.count + index]
            let numeric = (high[model] - low[model]) / (2 * step)
            #expect(abs(slope - numeric) < 2e-8 * max(1, abs(numeric)), "\(function.name) \(row) \(index) \(model)")
          }
        }
      }
    }
  }

  @Test func weightsFarBelowTheRangeOfDoublesKeepTheirLogarithms() {
    var logWeights = [0.0, 0.0]
    var span = logWeights.mutableSpan
    ProbitWeights().logWeights(at: [100].span, parameters: [0, -1].span, into: &span)
    // ln Φ(−100), from Mills' ratio in higher precision.
    #expect(abs(logWeights[0] - -5005.5242086942050) < 1e-9)
    #expect(logWeights[1] == 0)
    span = logWeights.mutableSpan
    SigmoidWeights().logWeights(at: [2000].span, parameters: [0, -1].span, into: &span)
    #expect(logWeights == [-2000, 0])
    // Both branches of ln Φ meet.
    #expect(abs(logNormalProbability(-30 - 1e-12) - logNormalProbability(-30 + 1e-12)) < 1e-10)
    #expect(abs(logNormalProbability(-30) - -454.3212439563) < 1e-9)
  }

  @Test func stepsHaveTheirSidesAndTheirRemainder() {
    let epsilon = 1e-15
    func first(_ shape: StepWeights.Shape, _ x: Double, _ parameters: [Double]) -> Double {
      StepWeights(shape).weights(at: [x], parameters: parameters)[0]
    }
    #expect(abs(first(.single, 4.5, [4.5]) - (1 - epsilon)) < 1e-16)
    #expect(abs(first(.single, 4.6, [4.5]) / epsilon - 1) < 1e-12)
    #expect(abs(first(.eitherSide(maximum: 9), 6, [-3]) - 1) < 1e-14)
    #expect(first(.eitherSide(maximum: 9), 5.9, [-3]) < 2e-15)
    #expect(abs(first(.symmetricPair(maximum: 9), 2, [3, 0.3]) - 0.3) < 1e-14)
    #expect(abs(first(.symmetricPair(maximum: 9), 6, [3, 0.3]) - 0.7) < 1e-14)
    #expect(abs(first(.pair, 5, [3, 5, 0.3]) - 0.7) < 1e-14)
    #expect(abs(first(.pair, 4, [6, 2, 0.3]) - 1) < 1e-14)
  }

  @Test func jumpsAreNamedWhereRangesAllowThem() {
    let real = -Double.infinity...Double.infinity
    #expect(StepWeights().discontinuity(over: [real]) != nil)
    #expect(SigmoidWeights().discontinuity(over: [real, real]) != nil)
    #expect(SigmoidWeights().discontinuity(over: [real, 0 ... .infinity]) == nil)
    #expect(SigmoidWeights().discontinuity(over: [real, -3...0]) == nil)
    #expect(ProbitWeights().discontinuity(over: [real, real]) == nil)
    #expect(SwitchCosineWeights().discontinuity(over: [0...1, 2...3, 1...2]) == nil)
    #expect(SwitchCosineWeights().discontinuity(over: [0...1.1, 2...3, 1...2]) != nil)
    let outOfOrder = SwitchCosineWeights().isDefined(at: [0, 1, 2].span)
    let withoutWidth = SigmoidWeights().isDefined(at: [1, 0].span)
    #expect(!outOfOrder && !withoutWidth)
  }

  @Test func aClosureIsAWeightFunction() {
    let custom = CustomWeights(name: "ratio", models: 2, parameterNames: ["scale"]) { input, parameters in
      let share = input[0] / (input[0] + exp(parameters[0]))
      return [share, 1 - share]
    }
    var logWeights = [0.0, 0.0]
    var derivatives = [0.0, 0.0]
    var span = logWeights.mutableSpan
    var slopes = derivatives.mutableSpan
    custom.logWeights(at: [2].span, parameters: [0.5].span, into: &span, derivatives: &slopes)
    let share = 2 / (2 + exp(0.5))
    #expect(abs(logWeights[0] - log(share)) < 1e-15)
    // d ln w_1 / dθ = −w_2, d ln w_2 / dθ = w_1.
    #expect(abs(derivatives[0] + (1 - share)) < 1e-8)
    #expect(abs(derivatives[1] - share) < 1e-8)
  }

  @Test func everyFamilyMakesItsFunction() throws {
    let data = try MixingData(inputNames: ["a", "b"], inputs: [[0, 1, 2], [5, 4, 9]], response: [0, 0, 0])
    for family in WeightFamily.allCases {
      let function = try family.function(models: 2, data: data, column: 1)
      #expect(function.name == family.rawValue)
      #expect(function.models == 2)
      #expect(function.supports.count == function.parameterNames.count)
      let features = try function.features(of: data.inputs, names: data.inputNames)
      let priors = function.defaultPriors(for: features)
      #expect(zip(function.supports, priors).allSatisfy { $0.includes($1.support) })
      #expect(priors.count == function.parameterNames.count)
      guard family.isForTwoModels else { continue }
      #expect(features == [[5, 4, 9]])
      #expect(throws: MixingError.self) { try family.function(models: 3, data: data) }
    }
    #expect(throws: MixingError.invalid("There is no input column 3: [\"a\", \"b\"].")) {
      try WeightFamily.step.function(models: 2, data: data, column: 2)
    }
    #expect(throws: MixingError.self) {
      try SigmoidWeights(column: 2).features(of: data.inputs, names: data.inputNames)
    }
    let constant = try MixingData(inputNames: ["a"], inputs: [[1, 1]], response: [0, 0])
    #expect(throws: MixingError.self) {
      try WeightFamily.softmax.function(models: 2, data: constant, features: [.init(.column("a"))])
    }
  }

  @Test func constantWeightsMustBeWeights() {
    #expect(throws: MixingError.noModels) { try ConstantWeights([]) }
    #expect(throws: MixingError.self) { try ConstantWeights([0.5, 0.6]) }
    #expect(throws: MixingError.self) { try ConstantWeights([1.5, -0.5]) }
  }
}
