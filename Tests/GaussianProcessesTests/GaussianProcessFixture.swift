import Foundation
import GaussianProcesses
import _TestSupport

/// Values by scikit-learn; see `make_gaussian_process.py`.
struct GaussianProcessFixture: Decodable {
  struct Case: Decodable {
    let kernel: String
    let alpha: Double
    /// How many of the columns it uses.
    let columns: Int
    let parameters: [Double]
    let logMarginalLikelihood: Double
    let gradient: [Double]
    let mean: [Double]
    let deviation: [Double]
  }

  struct Fit: Decodable {
    let kernel: String
    let inputs: [[Double]]
    let response: [Double]
    let logMarginalLikelihood: Double
    let parameters: [Double]
  }

  let inputs: [[Double]]
  let response: [Double]
  let new: [[Double]]
  let cases: [Case]
  let fits: [Fit]

  static func read() throws -> Self {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: Fixtures.file("gaussian_process.json")))
  }

  static let features = ["hour", "temperature", "day"]

  /// The kernel of a case at its hyperparameters.
  func kernel(_ one: Case) throws -> CovarianceFunction {
    try CovarianceFunction(parsing: one.kernel, features: Array(Self.features.prefix(one.columns)))
      .settingFree(logValues: one.parameters.map { log($0) })
  }

  /// The data of a case.
  func data(_ one: Case) throws -> GaussianProcessData {
    try GaussianProcessData(
      inputs: Array(inputs.prefix(one.columns)), response: response, noise: .variance(one.alpha))
  }
}

/// Whether two numbers agree relative to the larger of 1 and the second.
func agrees(_ value: Double, _ expected: Double, within tolerance: Double = 1e-8) -> Bool {
  abs(value - expected) <= tolerance * max(1, abs(expected))
}
