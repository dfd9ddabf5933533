import EmpiricalBayes
import Evaluation
import Experts
import LogDensities

/// Calibration of some rows in a few numbers, for `report.json`.
struct RowCalibration: Sendable, Codable {
  /// `held out` or `training`.
  let name: String
  /// How many rows were looked at: at most 2000.
  let rows: Int
  /// Whether probability integral transforms are uniform.
  let uniformity: KolmogorovSmirnov
  /// How often central predictive intervals hold the response.
  let coverage: [Calibration.Coverage]
  /// The largest absolute difference between a level and its share of rows.
  let coverageError: Double
  /// What the numbers amount to.
  let sentence: String

  init(_ name: String, _ calibration: Calibration) {
    self.name = name
    rows = calibration.probabilities.count
    uniformity = calibration.test
    coverage = calibration.coverage
    coverageError = calibration.coverage.map { abs($0.share.value - $0.level) }.max() ?? 0
    sentence = calibration.sentence
  }

  /// Of held-out rows, where there are any, and of training rows.
  static func all(of draws: WeightedSample, _ run: TuningRun) throws -> [RowCalibration] {
    let groups = [("held out", run.study.test), ("training", run.study.training)]
    let step = max(1, (draws.sample.count + Calibration.mostDraws - 1) / Calibration.mostDraws)
    let chosen = Array(stride(from: 0, to: draws.sample.count, by: step))
    let dimension = run.model.dimension
    let positions = chosen.flatMap { draws.sample.positions[$0 * dimension..<($0 + 1) * dimension] }
    let logWeights = draws.logWeights.map { logs in chosen.map { logs[$0] } }
    return try groups.compactMap { name, rows in
      try rows.map { rows in
        RowCalibration(
          name,
          try Calibration(of: rows) {
            try PosteriorPredictive(
              run.model.architecture, positions: positions, logWeights: logWeights, rows: $0)
          })
      }
    }
  }
}

extension Calibration {
  /// Enough draws for transforms of rows.
  static let mostDraws = 500

  /// The probability integral transforms of at most 2000 rows, evenly through all.
  init(of rows: ExpertRows, _ predictive: (ExpertRows) throws -> PosteriorPredictive) throws {
    let step = max(1, (rows.count + 1999) / 2000)
    let rows = step == 1 ? rows : rows.selected(Array(stride(from: 0, to: rows.count, by: step)))
    var probabilities: [Double] = []
    try predictive(rows).forEachMixture { row, mixture in
      probabilities.append(min(max(mixture.distribution(at: rows.response[row]).probability, 0), 1))
    }
    try self.init(probabilities: probabilities, bins: 20)
  }
}
