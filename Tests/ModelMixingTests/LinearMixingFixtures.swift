import Foundation
import LogDensities
import _TestSupport

@testable import ModelMixing

extension ColemanModel {
  /// Coleman's two models, f1 = 0.5 (x + θ) − 2 and f2 = −0.5 (x − θ) + 3.7, with names to share a parameter by.
  init(isFirst: Bool, deviation: Double = 0.3, parameterName: String = "theta") {
    self.init(
      name: isFirst ? "coleman1" : "coleman2", parameterNames: [parameterName], slope: isFirst ? 0.5 : -0.5,
      parameterSlope: 0.5, intercept: isFirst ? -2 : 3.7, standardDeviation: deviation)
  }
}

/// A wave whose frequency and error both have a parameter, for derivatives.
struct WaveModel: PredictiveModel {
  let name: String
  let parameterNames = ["rate", "spread"]
  func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
    Prediction(mean: sin(parameters[0] * input[0]), standardDeviation: 0.2 + 0.3 * exp(parameters[1]))
  }
  func derivatives(at input: [Double], parameters: [Double]) -> [Prediction] {
    [
      Prediction(mean: input[0] * cos(parameters[0] * input[0]), standardDeviation: 0),
      Prediction(mean: 0, standardDeviation: 0.3 * exp(parameters[1])),
    ]
  }
}

enum ColemanTable {
  struct Case: Decodable {
    let method: String
    let mixtureParameters: [Double]
    let theta1: Double
    let theta2: Double
    let weight1: [Double]
    let density: Double
    let correlated: Double
    let mean: Double

    private enum CodingKeys: String, CodingKey {
      case method, weight1
      case mixtureParameters = "mixture_params"
      case theta1 = "model1_theta"
      case theta2 = "model2_theta"
      case density = "loglik_BMMC"
      case correlated = "loglik_BMMcor_correct_gaussian_constant"
      case mean = "loglik_mean_mix_correct_gaussian_constant"
    }
  }

  struct File: Decodable {
    let x: [Double]
    let y: [Double]
    let yErr: [Double]
    let addstepPriorMaximum: Double
    let cases: [Case]

    private enum CodingKeys: String, CodingKey {
      case x, y, cases
      case yErr = "y_err"
      case addstepPriorMaximum = "addstep_prior_maximum"
    }
  }

  static let path = "data/taweret/coleman_loglikelihoods.json"

  static func read() throws -> File {
    guard let file = SharedData.file(path) else { throw MixingError.noRows }
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: file))
  }
}

/// Rows of the SAMBA table by column name.
enum SambaTable {
  static let path = "data/taweret/samba_models_orders2_3.csv"

  static func read() throws -> [String: [Double]] {
    guard let file = SharedData.file(path) else { throw MixingError.noRows }
    let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
    let names = lines[0].split(separator: ",").map(String.init)
    let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    return Dictionary(uniqueKeysWithValues: names.enumerated().map { index, name in (name, rows.map { $0[index] }) })
  }
}

/// Coleman's data with seeded noise of standard deviation 0.3, independent of the shared files.
func colemanData(rows: Int = 10, seed: UInt64 = 11) throws -> MixingData {
  var stream = RandomStream(seed: seed, purpose: .simulation)
  let x = (0..<rows).map { 9 * Double($0) / Double(max(1, rows - 1)) }
  let y = x.map { 2 - 0.1 * ($0 - 4) * ($0 - 4) + 0.3 * stream.normal() }
  return try MixingData(
    inputNames: ["x"], inputs: [x], response: y, responseErrors: [Double](repeating: 0.3, count: rows))
}

/// Gauss–Legendre nodes and weights on an interval, by Newton's method on the Legendre polynomial.
func legendreNodes(_ count: Int, _ lower: Double, _ upper: Double) -> [(x: Double, weight: Double)] {
  (0..<count).map { index in
    var z = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
    var slope = 0.0
    for _ in 0..<20 {
      var (last, now) = (1.0, z)
      for k in 2...count { (last, now) = (now, ((2 * Double(k) - 1) * z * now - (Double(k) - 1) * last) / Double(k)) }
      slope = Double(count) * (z * now - last) / (z * z - 1)
      z -= now / slope
    }
    let weight = 2 / ((1 - z * z) * slope * slope)
    return (0.5 * (lower + upper) + 0.5 * (upper - lower) * z, 0.5 * (upper - lower) * weight)
  }
}

/// The ordinary normal density, written out here and not taken from the library.
func normalDensity(_ y: Double, _ mean: Double, _ variance: Double) -> Double {
  exp(-0.5 * (y - mean) * (y - mean) / variance) / (2 * Double.pi * variance).squareRoot()
}
