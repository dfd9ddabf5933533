import Foundation
import ModelMixing
import TuningIO

extension MixOutcome {
  /// Precision mixing, which is a formula: no prior, no draw, weights that are known.
  init(precisionOf study: MixStudy, _ band: MixBand) throws {
    guard band != .mean else {
      throw Failure(
        "--band mean is for methods with draws; precision mixing has a mixed mean without uncertainty.", .usage)
    }
    let mixture = try PrecisionMixture(study.new.predictions)
    let errors = band == .observation ? study.new.errors : nil
    let limits = try mixture.band(probability: 0.9, observationErrors: errors)
    let deviations = zip(mixture.standardDeviations, errors ?? mixture.means.map { _ in 0 }).map { hypot($0, $1) }
    let observed = try PrecisionMixture(study.predictions)
    var heldOut: HeldOut?
    if let test = study.test {
      let rows = try PrecisionMixture(test.predictions).logDensities(of: test.data)
      heldOut = HeldOut(rows: rows, untuned: nil, Checks(checks: []))
    }
    self.init(
      samplerName: "closed form", gamma: 0, result: nil, coordinates: [], tuning: [], posterior: [],
      chains: [], parameters: [],
      meanWeights: zip(study.predictions.names, observed.weights).compactMap { name, weights in
        Quantity(name, [[weights.reduce(0, +) / Double(weights.count)]])
      },
      predictions: MixPredictions(
        band: band,
        mixture: .init(
          mean: mixture.means, standardDeviation: deviations, lower: limits.lower, upper: limits.upper),
        weights: mixture.weights.map {
          .init(mean: $0, standardDeviation: $0.map { _ in 0 }, lower: $0, upper: $0)
        }),
      heldOut: heldOut, writeDraws: nil)
  }
}
