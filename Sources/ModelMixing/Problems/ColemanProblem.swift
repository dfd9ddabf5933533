/// One of Coleman's two models: a line in x whose one parameter θ moves it (Coleman 2019, "Topics in Bayesian computer
/// model emulation and calibration").
public struct ColemanModel: PredictiveModel {
  /// What reports call it.
  public let name: String
  /// The parameter that is calibrated.
  public let parameterNames: [String]
  /// The slope in x.
  public let slope: Double
  /// The slope in θ.
  public let parameterSlope: Double
  /// The value where x and θ are 0.
  public let intercept: Double
  /// The same everywhere.
  public let standardDeviation: Double

  /// f1 = 0.5 (x + θ1) − 2, standard deviation 0.3.
  public static let first = ColemanModel(
    name: "model1", parameterNames: ["theta1"], slope: 0.5, parameterSlope: 0.5, intercept: -2,
    standardDeviation: 0.3)
  /// f2 = −0.5 (x − θ2) + 3.7, standard deviation 0.3.
  public static let second = ColemanModel(
    name: "model2", parameterNames: ["theta2"], slope: -0.5, parameterSlope: 0.5, intercept: 3.7,
    standardDeviation: 0.3)

  /// The line at x = `input[0]` for θ = `parameters[0]`.
  public func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
    Prediction(
      mean: slope * input[0] + parameterSlope * parameters[0] + intercept, standardDeviation: standardDeviation)
  }

  /// The slope in θ.
  public func derivatives(at input: [Double], parameters: [Double]) -> [Prediction] {
    [Prediction(mean: parameterSlope, standardDeviation: 0)]
  }
}

extension MixingProblem {
  /// Coleman's problem: two straight lines, one for each side of a parabola, calibrated while they are mixed.
  public static let coleman = MixingProblem(
    name: "coleman",
    summary: "Two straight lines, each with a parameter to calibrate, for the two sides of a parabola.",
    inputs: [MixingInput(name: "x", lower: 0, upper: 9, observed: 0...9, isPositive: false)],
    models: [ColemanModel.first, ColemanModel.second],
    truth: MixingTruth("2 − 0.1 (x − 4)²") { 2 - 0.1 * ($0[0] - 4) * ($0[0] - 4) },
    design: [(0..<10).map(Double.init)],
    noise: .constant(0.3),
    suggestion: MixingSuggestion(
      weights: "cdf",
      weightPriors: [
        .normal("weight[theta0]", location: 0, scale: 1), .normal("weight[theta1]", location: 0, scale: 1),
      ],
      modelPriors: [.uniform("model[model1,theta1]", 1, 6), .uniform("model[model2,theta2]", -2, 3)],
      referenceValues: ["model[model1,theta1]": 4.75, "model[model2,theta2]": 1.25]),
    notes: [
      "Models, design, noise and priors: Taweret's Coleman models, its unit test and its cdf tutorial.",
      "Taweret observes the truth without noise (`noiselessObservations`); simulated observations have noise of standard "
        + "deviation 0.3, the error that it states.",
      "The slopes of the lines are not those of the parabola, so no θ makes a model true.",
    ])
}
