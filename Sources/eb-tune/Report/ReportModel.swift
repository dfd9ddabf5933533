import Evaluation
import Experts
import Foundation
import LogDensities
import TuningIO

/// The model of a finished run with posterior draws: what it predicts, in the user's units.
struct ReportModel: Sendable {
  let run: TuningRun
  /// Unconstrained positions of all draws, one after the other.
  private let positions: [Double]
  private let logWeights: [Double]?
  private let draws: ReportDraws

  init(_ evidence: EvidenceRun, _ draws: ReportDraws) throws {
    run = evidence.run
    self.draws = draws
    let model = run.model
    guard draws.names == model.parameterNames else {
      throw Failure("The parameters of draws.csv are not those of the model.", .data)
    }
    let supports = model.layout.supports
    positions = (0..<draws.count).flatMap { draw in
      draws.values.indices.map { supports[$0].coordinate(of: draws.values[$0][draw]) }
    }
    guard positions.allSatisfy(\.isFinite) else {
      throw Failure("draws.csv holds a value that its parameter cannot have.", .data)
    }
    logWeights = draws.logWeights
  }

  var architecture: ExpertArchitecture { run.model.architecture }

  /// Predictions from at most `most` draws.
  func predictive(of rows: ExpertRows, draws most: Int) throws -> PosteriorPredictive {
    let chosen = draws.thinned(to: most)
    return try PosteriorPredictive(
      architecture, positions: chosen.flatMap { position($0) },
      logWeights: logWeights.map { logs in chosen.map { logs[$0] } },
      rows: rows)
  }

  /// One draw's position.
  func position(_ draw: Int) -> ArraySlice<Double> {
    positions[draw * architecture.dimension..<(draw + 1) * architecture.dimension]
  }

  /// The draws that curves over features are made of, with weights that sum to 1.
  func curveDraws(_ most: Int) -> (draws: [Int], weights: [Double]) {
    let chosen = draws.thinned(to: most)
    let logs = chosen.map { logWeights?[$0] ?? 0 }
    let largest = logs.max() ?? 0
    let weights = logs.map { exp($0 - largest) }
    let total = weights.reduce(0, +)
    return (chosen, weights.map { $0 / total })
  }

  /// PSIS-LOO with every row's Pareto k.
  func leaveOneOut() throws -> PSISLOO {
    let likelihood = PointwiseLogLikelihood(
      of: run.model, at: positions, chains: draws.chains, drawsPerChain: draws.drawsPerChain)
    return try PSISLOO(likelihood, logWeights: logWeights)
  }

  /// The probability integral transforms of at most 2000 rows, from at most 500 draws.
  func calibration(of rows: ExpertRows) throws -> Calibration {
    try Calibration(of: rows) { try predictive(of: $0, draws: Calibration.mostDraws) }
  }
}
