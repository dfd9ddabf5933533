import Foundation
import GaussianProcesses
import ModelMixing
import Priors
import _TestSupport

/// Taweret's Gaussian-process mixing of two expansions of order 3: data, kernels, priors and what they give.
struct SambaProcess: Decodable {
  struct Kernel: Decodable {
    struct Release: Decodable {
      let mapTheta: [Double]
      let logPosterior: Double
      let mean: [Double]
      let std: [Double]
    }

    let mapTheta: [Double]
    let logPosterior: Double
    let mean: [Double]
    let std: [Double]
    let taweret130: Release
  }

  let xTrain: [Double]
  let yTrain: [Double]
  let trainCovariance: [[Double]]
  let x: [Double]
  let stationary: Kernel
  let changepoint: Kernel

  static let file = SharedData.file("data/taweret/gp_mixing_samba_order3.json")

  static func read(_ file: URL) throws -> SambaProcess {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(SambaProcess.self, from: Data(contentsOf: file))
  }

  /// The first 10 rows are the expansion for small g, the others that for large g.
  var data: ProcessMixingData {
    get throws {
      func block(_ name: String, _ rows: Range<Int>) throws -> CorrelatedPredictions {
        try CorrelatedPredictions(
          name: name, inputs: [Array(xTrain[rows])], means: Array(yTrain[rows]),
          covariance: rows.flatMap { row in Array(trainCovariance[row][rows]) })
      }
      return try ProcessMixingData(
        inputNames: ["g"], models: [block("small", 0..<10), block("large", 10..<xTrain.count)])
    }
  }

  func stationaryModel() throws -> ProcessMixingModel {
    try ProcessMixingModel(
      data: data, kernel: .constant(1) * .rbf(0.05),
      priors: [
        "constant.variance": .truncatedNormal(location: 1, scale: 0.25, lower: 0.25, upper: 2.25),
        "rbf.length_scale": .truncatedNormal(location: 0.1, scale: 0.05, lower: 0.02, upper: 0.1),
      ])
  }

  func changepointModel() throws -> ProcessMixingModel {
    try ProcessMixingModel(
      data: data,
      kernel: .changepoint(
        .constant(.fixed(500)) * .rbf(.fixed(0.15)), .constant(.fixed(5)) * .rbf(.fixed(0.15)), at: 0.4, width: 0.2),
      priors: [
        "changepoint.location": .truncatedNormal(location: 0.5, scale: 0.1, lower: 0.2, upper: 0.6),
        "changepoint.width": .truncatedNormal(location: 0.1, scale: 0.1, lower: 0.1, upper: 0.3),
      ])
  }

  /// ln of the mass of N(m, s) on (a, b): what the file's priors, which are not normalised on their bounds, leave out.
  static func logMass(_ m: Double, _ s: Double, _ a: Double, _ b: Double) -> Double {
    log(0.5 * (erf((b - m) / (s * 2.0.squareRoot())) - erf((a - m) / (s * 2.0.squareRoot()))))
  }
}
