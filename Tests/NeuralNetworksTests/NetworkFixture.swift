import Foundation
import LogDensities
import NeuralNetworks

/// Rows of a smooth curve with noise: features `x1` … from a stream, response sin(2 x1) + x2/2 + noise.
func syntheticRows(_ count: Int, features: Int = 2, noise: Double = 0.2, seed: UInt64) -> NeuralNetworkRows {
  var stream = RandomStream(seed: seed, purpose: .simulation)
  let columns = (0..<features).map { _ in (0..<count).map { _ in stream.normal() } }
  let response = (0..<count).map { row in
    sin(2 * columns[0][row]) + (features > 1 ? 0.5 * columns[1][row] : 0) + noise * stream.normal()
  }
  return NeuralNetworkRows(
    featureNames: (1...features).map { "x\($0)" }, features: columns.flatMap { $0 }, response: response)
}

/// The network in plain Swift: output of a row.
func plainMean(_ rows: NeuralNetworkRows, _ row: Int, _ network: NeuralNetworkArchitecture, _ q: [Double]) -> Double {
  var mean = q[network.outputBias]
  for unit in 0..<network.hiddenUnits {
    var activation = q[network.hiddenBiases.lowerBound + unit]
    for (feature, index) in network.inputWeights(of: unit).enumerated() {
      activation += q[index] * rows.features[feature * rows.count + row]
    }
    mean += q[network.outputWeights.lowerBound + unit] * tanh(activation)
  }
  return mean
}

/// ln N(y; mean, exp(logSigma)).
func logNormalDensity(_ y: Double, _ mean: Double, _ logSigma: Double) -> Double {
  let z = (y - mean) * exp(-logSigma)
  return -0.5 * z * z - logSigma - 0.5 * log(2 * Double.pi)
}

/// ln p(y_r | x_r, θ) of every row in plain Swift.
func plainPointwise(_ rows: NeuralNetworkRows, _ network: NeuralNetworkArchitecture, _ q: [Double]) -> [Double] {
  (0..<rows.count).map { logNormalDensity(rows.response[$0], plainMean(rows, $0, network, q), q[network.logSigma]) }
}

/// A central difference with Richardson extrapolation.
func numericDerivative(_ step: Double, _ f: (Double) -> Double) -> Double {
  let coarse = (f(2 * step) - f(-2 * step)) / (4 * step)
  let fine = (f(step) - f(-step)) / (2 * step)
  return (4 * fine - coarse) / 3
}

extension NeuralNetworkLikelihood {
  func evaluate(at position: [Double]) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: .nan, count: dimension)
    var span = gradient.mutableSpan
    let value = evaluate(at: position.span, gradient: &span)
    return (value, gradient)
  }

  func pointwise(at position: [Double]) -> [Double] {
    var values = [Double](repeating: .nan, count: rows)
    var span = values.mutableSpan
    pointwiseLogLikelihood(at: position.span, into: &span)
    return values
  }
}

extension NeuralNetworkModel {
  func scores(_ position: [Double], given lambda: Hyperparameters) -> [Double] {
    var result = [Double](repeating: .nan, count: lambda.count)
    var span = result.mutableSpan
    score(at: position.span, given: lambda, into: &span)
    return result
  }

  func priorGradient(_ position: [Double], given lambda: Hyperparameters) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: dimension)
    var span = gradient.mutableSpan
    let value = addPriorGradient(at: position.span, given: lambda, to: &span)
    return (value, gradient)
  }

  func paths(_ position: [Double], _ gradient: [Double], given lambda: Hyperparameters) -> [Double]? {
    pathwiseScore(at: position.span, likelihoodGradient: gradient.span, given: lambda)
  }
}
