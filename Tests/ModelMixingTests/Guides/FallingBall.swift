import Foundation
import LogDensities
import ModelMixing

/// Two theories of one quantity, the speed of a ball that falls through air, for the guide AddingToMixing.
struct FreeFall: PredictiveModel {
  let name = "free fall"

  func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
    let t = input[0]
    return Prediction(mean: 9.81 * t, standardDeviation: 0.8 * t * t * t)
  }
}

struct LinearDrag: PredictiveModel {
  let name = "drag"
  let parameterNames = ["terminal"]

  func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
    let speed = -parameters[0] * expm1(-9.81 * input[0] / parameters[0])
    return Prediction(mean: speed, standardDeviation: 0.1 * speed)
  }
}

/// Weights of the user's own.
struct FadingWeights: WeightFunction {
  let name = "fading"
  let models = 2
  let parameterNames = ["logTime"]
  let isContinuous = true

  func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>
  ) {
    let ratio = features[0] / exp(parameters[0])
    logWeights[0] = -ratio * ratio
    logWeights[1] = log(-expm1(-ratio * ratio))
  }
}

enum FallingBall {
  /// v = 20 tanh(9.81 t / 20), observed 16 times with errors of 0.5.
  static func observations() throws -> MixingData {
    let times = (1...16).map { 0.3 * Double($0) }
    var stream = RandomStream(seed: 1, purpose: .simulation)
    let speeds = times.map { 20 * tanh(9.81 * $0 / 20) + 0.5 * stream.normal() }
    return try MixingData(
      inputNames: ["t"], inputs: [times], response: speeds, responseErrors: times.map { _ in 0.5 })
  }
}
