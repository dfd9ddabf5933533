import Foundation
import LogDensities
import Testing

@testable import ModelMixing

@Suite struct MixingRuleTests {
  static let rules: [MixingRule] = [
    .density(), .density(offset: 1e-3, background: 1e-2), .mean(.weighted), .mean(.summed), .mean(.observation),
    .correlated(), .correlated(modelErrors: true),
  ]

  static func waves(_ rule: MixingRule) throws -> LinearMixture {
    try LinearMixture(
      data: colemanData(), models: [WaveModel(name: "a"), ColemanModel(isFirst: true), WaveModel(name: "c")],
      weights: SoftmaxWeights(models: 3), rule: rule, shared: ["rate"])
  }

  static func covariances(_ rule: MixingRule, correlation: Double) throws -> LinearMixture {
    let data = try colemanData(rows: 5)
    let deviations = [[0.3, 0.4, 0.2, 0.5, 0.3], [0.6, 0.1, 0.2, 0.3, 0.4]]
    let matrices = deviations.map { own in
      (0..<25).map { own[$0 / 5] * own[$0 % 5] * pow(correlation, abs(Double($0 / 5 - $0 % 5))) }
    }
    return try LinearMixture(
      data: data,
      predictions: ModelPredictions(
        names: ["a", "b"], means: [[0, 1, 2, 1, 0], [1, 1, 0.5, 0, -1]], standardDeviations: deviations,
        covariances: matrices),
      weights: ProbitWeights(), rule: rule)
  }

  static func compare(_ mixture: LinearMixture, at parameters: [Double]) {
    let (value, gradient) = mixture.evaluate(at: parameters)
    #expect(value.isFinite)
    #expect(abs(mixture.pointwiseLogLikelihood(at: parameters).reduce(0, +) - value) < 1e-12 * max(1, abs(value)))
    for index in parameters.indices {
      let step = 1e-5
      var (above, below) = (parameters, parameters)
      above[index] += step
      below[index] -= step
      let numeric = (mixture.logLikelihood(at: above) - mixture.logLikelihood(at: below)) / (2 * step)
      #expect(
        abs(gradient[index] - numeric) < 1e-7 * max(10, abs(numeric)),
        "\(mixture.rule) \(mixture.parameterNames[index]): \(gradient[index]) is not \(numeric)")
    }
  }

  @Test func gradientsOfEveryRuleAreThoseOfDifferences() throws {
    for rule in Self.rules {
      let mixture = try Self.waves(rule)
      #expect(
        mixture.parameterNames == [
          "weight[1,bias]", "weight[2,bias]", "model[rate]", "model[a,spread]", "model[coleman1,theta]",
          "model[c,spread]",
        ])
      Self.compare(mixture, at: [0.3, -0.5, 0.7, -0.4, 3.2, 0.2])
    }
  }

  @Test func gradientsWithCovariancesAreThoseOfDifferences() throws {
    for rule in Self.rules {
      Self.compare(try Self.covariances(rule, correlation: 0.7), at: [1.5, -0.4])
    }
  }

  /// Covariances without any correlation are the standard deviations over again.
  @Test func diagonalCovariancesAreVariances() throws {
    for rule in Self.rules {
      guard rule.usesModelErrors else { continue }
      let full = try Self.covariances(rule, correlation: 0)
      let plain = try LinearMixture(
        data: full.data,
        predictions: ModelPredictions(
          names: full.modelNames, means: full.rows.known.map { $0?.means ?? [] },
          standardDeviations: full.rows.known.map { $0?.deviations ?? [] }),
        weights: ProbitWeights(), rule: rule)
      let (one, other) = (full.evaluate(at: [1.5, -0.4]), plain.evaluate(at: [1.5, -0.4]))
      #expect(abs(one.value - other.value) < 1e-11)
      for (a, b) in zip(one.gradient, other.gradient) { #expect(abs(a - b) < 1e-10) }
    }
  }

  /// Two rows by hand: C = Σ W_k C_k W_k + D, inverted as a 2 × 2 matrix.
  @Test func theWeightedCovarianceIsThatOfTheMixedErrors() throws {
    let mixture = try LinearMixture(
      data: MixingData(inputNames: ["x"], inputs: [[0, 1]], response: [1, 3], responseErrors: [0.1, 0.2]),
      predictions: ModelPredictions(
        names: ["a", "b"], means: [[0, 2], [2, 5]], standardDeviations: [[1, 2], [0.5, 1]],
        covariances: [[1, 0.6, 0.6, 4], [0.25, -0.1, -0.1, 1]]),
      weights: ConstantWeights([0.25, 0.75]), rule: .mean(.weighted))
    let (r0, r1) = (1 - 0.75 * 2, 3 - 0.25 * 2 - 0.75 * 5)
    let (a, b, d) = (
      0.0625 * 1 + 0.5625 * 0.25 + 0.01, 0.0625 * 0.6 - 0.5625 * 0.1, 0.0625 * 4 + 0.5625 * 1 + 0.04
    )
    let determinant = a * d - b * b
    let square = (d * r0 * r0 - 2 * b * r0 * r1 + a * r1 * r1) / determinant
    let expected = -0.5 * square - 0.5 * log(determinant) - log(2 * Double.pi)
    #expect(abs(mixture.logLikelihood(at: []) - expected) < 1e-12)
  }

  /// ln N(r; 0, C) by elimination, without the library: the determinant is the product of the pivots.
  private static func logNormal(_ residual: [Double], _ covariance: [[Double]]) -> Double {
    var (matrix, right) = (covariance, residual)
    var (logDeterminant, square) = (0.0, 0.0)
    for pivot in right.indices {
      logDeterminant += log(matrix[pivot][pivot])
      square += right[pivot] * right[pivot] / matrix[pivot][pivot]
      for row in (pivot + 1)..<max(pivot + 1, right.count) {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        right[row] -= factor * right[pivot]
        for column in right.indices { matrix[row][column] -= factor * matrix[pivot][column] }
      }
    }
    return -0.5 * (square + logDeterminant + Double(residual.count) * log(2 * Double.pi))
  }

  /// C_nm = Σ_k w_k(x_n) w_k(x_m) C_k(x_n, x_m) + δ_nm σ_y(x_n)² entry by entry, with weights that vary, and its variants.
  @Test func meanCovarianceIsAsStated() throws {
    let (x, y, errors) = ([0.0, 0.7, 1.5, 2], [0.1, 0.9, 1.2, 0.4], [0.1, 0.2, 0.15, 0.3])
    func entry(_ k: Int, _ n: Int, _ m: Int) -> Double {
      let z = (x[n] - x[m]) / (k == 0 ? 0.5 : 1.5)
      let scale = [0.4, 0.6][k] * [0.4, 0.6][k] * (1 + 0.2 * x[n]) * (1 + 0.2 * x[m])
      return scale * (exp(-0.5 * z * z) + (n == m ? 0.1 : 0))
    }
    let means = [x.map { 0.5 * $0 }, x.map { 1 - 0.3 * $0 }]
    let predictions = try ModelPredictions(
      names: ["a", "b"], means: means,
      standardDeviations: (0..<2).map { k in x.indices.map { entry(k, $0, $0).squareRoot() } },
      covariances: (0..<2).map { k in x.indices.flatMap { n in x.indices.map { entry(k, n, $0) } } })
    let data = try MixingData(inputNames: ["x"], inputs: [x], response: y, responseErrors: errors)
    let first = x.map { 1 / (1 + exp(-($0 - 0.8) / 0.6)) }
    let weights = [first, first.map { 1 - $0 }]
    let residual = x.indices.map { y[$0] - weights[0][$0] * means[0][$0] - weights[1][$0] * means[1][$0] }
    for kind in MixingRule.MeanCovariance.allCases {
      let covariance = x.indices.map { n in
        x.indices.map { m -> Double in
          let models = (0..<2).reduce(0.0) { sum, k in
            switch kind {
            case .weighted: sum + weights[k][n] * weights[k][m] * entry(k, n, m)
            case .summed: sum + entry(k, n, m)
            case .observation: sum
            }
          }
          return models + (n == m ? errors[n] * errors[n] : 0)
        }
      }
      let mixture = try LinearMixture(
        data: data, predictions: predictions, weights: SigmoidWeights(), rule: .mean(kind))
      #expect(abs(mixture.logLikelihood(at: [0.8, 0.6]) - Self.logNormal(residual, covariance)) < 1e-10, "\(kind)")
      Self.compare(mixture, at: [0.8, 0.6])
    }
  }

  /// One model with weight 1 is that model under every rule that is a density.
  @Test func oneModelIsItself() throws {
    let data = try colemanData()
    for rule in [MixingRule.density(), .mean(.weighted), .mean(.summed), .correlated(modelErrors: true)] {
      let mixture = try LinearMixture(
        data: data, models: [ColemanModel(isFirst: true)], weights: ConstantWeights(equal: 1), rule: rule)
      let plain = data.response.indices.reduce(0.0) {
        $0 + log(normalDensity(data.response[$1], 0.5 * (data.inputs[0][$1] + 3) - 2, 0.18))
      }
      #expect(abs(mixture.logLikelihood(at: [3]) - plain) < 1e-11)
      Self.compare(mixture, at: [3])
    }
  }

  /// Models that agree exactly leave the weights without any influence on density mixing.
  @Test func modelsThatAgreeMakeWeightsIrrelevant() throws {
    let predictions = try ModelPredictions(
      names: ["a", "b"], means: [[1, 2, 3], [1, 2, 3]], standardDeviations: [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]])
    let data = try MixingData(
      inputNames: ["x"], inputs: [[0, 1, 2]], response: [1, 2.5, 2], responseErrors: [0.1, 0.1, 0.1])
    let mixture = try LinearMixture(data: data, predictions: predictions, weights: ProbitWeights())
    let (value, gradient) = mixture.evaluate(at: [0.3, -2])
    #expect(abs(value - mixture.logLikelihood(at: [-4, 1])) < 1e-13)
    #expect(gradient.allSatisfy { abs($0) < 1e-13 })
  }

  @Test func tenModelsMix() throws {
    let data = try colemanData()
    let models: [any PredictiveModel] = (0..<10).map { WaveModel(name: "m\($0)") }
    let mixture = try LinearMixture(
      data: data, models: models,
      weights: SoftmaxWeights(models: 10, features: [.init(.column("x"))], data: data), shared: ["spread"])
    #expect(mixture.parameterCount == 18 + 11)
    var stream = RandomStream(seed: 3, purpose: .test)
    Self.compare(mixture, at: (0..<29).map { _ in 0.5 * stream.normal() })
  }

  @Test func aDatumFarFromAllModelsHasALogLikelihoodAndAGradient() throws {
    let mixture = try LinearMixture(
      data: MixingData(inputNames: ["x"], inputs: [[5]], response: [1e6], responseErrors: [0.3]),
      models: [ColemanModel(isFirst: true), ColemanModel(isFirst: false)], weights: ProbitWeights())
    let (value, gradient) = mixture.evaluate(at: [0, 0, 3, 3])
    #expect(value < -1e11 && value.isFinite)
    #expect(gradient.allSatisfy { $0.isFinite })
  }

  @Test func whatCannotBeMixedIsNamed() throws {
    let data = try MixingData(inputNames: ["x"], inputs: [[0, 1]], response: [0, 1])
    let sure = try ModelPredictions(
      names: ["a", "b"], means: [[0, 1], [1, 0]], standardDeviations: [[1, 0], [1, 1]])
    let zero = MixingError.invalid(
      "Neither the model a nor the observation has an error in row 2: where both are 0 there is no likelihood; give one of"
        + " them an error.")
    #expect(throws: zero) { try LinearMixture(data: data, predictions: sure, weights: ProbitWeights()) }
    #expect(throws: zero) {
      try LinearMixture(data: data, predictions: sure, weights: ProbitWeights(), rule: .mean(.weighted))
    }
    #expect(throws: MixingError.self) {
      try LinearMixture(data: data, predictions: sure, weights: ProbitWeights(), rule: .mean(.observation))
    }
    #expect(throws: MixingError.invalid("The cdf weights are for 2 models, found 1.")) {
      try LinearMixture(data: data, models: [ColemanModel(isFirst: true)], weights: ProbitWeights())
    }
    #expect(throws: MixingError.repeatedName("coleman1")) {
      try LinearMixture(
        data: data, models: [ColemanModel(isFirst: true), ColemanModel(isFirst: true)], weights: ProbitWeights())
    }
    #expect(throws: MixingError.invalid("The parameter mass cannot be shared: fewer than two models have it.")) {
      try LinearMixture(
        data: data, models: [ColemanModel(isFirst: true), ColemanModel(isFirst: false)], weights: ProbitWeights(),
        shared: ["mass"])
    }
    #expect(throws: MixingError.ragged(what: "The list of predictions", expected: 10, found: 2)) {
      try LinearMixture(data: colemanData(), predictions: sure, weights: ProbitWeights())
    }
    let indefinite = try ModelPredictions(
      names: ["a"], means: [[0, 1]], standardDeviations: [[1, 1]], covariances: [[1, 1.5, 1.5, 1]])
    #expect(throws: MixingError.invalid("The covariance of a is none: it has a negative eigenvalue.")) {
      try LinearMixture(
        data: data, predictions: indefinite, weights: ConstantWeights(equal: 1), rule: .mean(.weighted))
    }
    struct Named: PredictiveModel {
      let name: String
      let parameterNames: [String]
      func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
        Prediction(mean: 0, standardDeviation: 1)
      }
    }
    let clash = MixingError.invalid("Two parameters would be called model[a,b,c]; rename a model or a parameter.")
    #expect(throws: clash) {
      try LinearMixture(
        data: data, models: [Named(name: "a,b", parameterNames: ["c"]), Named(name: "a", parameterNames: ["b,c"])],
        weights: ProbitWeights())
    }
    // With an error of the observation a model may be sure.
    let noisy = try MixingData(inputNames: ["x"], inputs: [[0, 1]], response: [0, 1], responseErrors: [1, 0.5])
    let mixture = try LinearMixture(data: noisy, predictions: sure, weights: ProbitWeights())
    Self.compare(mixture, at: [0.1, 0.2])
  }
}
