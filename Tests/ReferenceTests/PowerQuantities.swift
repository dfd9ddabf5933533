import Diagnostics
import Experts
import Foundation
import Sampling

/// The label-invariant quantities of every draw: runs × (chains × draws).
struct PowerQuantities {
  private var scalars: [(name: String, runs: [[[Double]]])] = []
  private var means: [[[[Double]]]] = []
  private var secondMoments: [[[[Double]]]] = []

  init(_ runs: [PosteriorSample], of model: ExpertModel, rows: ExpertRows) throws {
    let first = rows.selected(Array(0..<20))
    let names = ["log-likelihood", "mean behaviour", "sigma 1", "sigma 2", "sigma 3"]
    let perRun = runs.map { run in
      (0..<run.count).map { draw in Array(run.withPosition(draw, model.convergenceQuantities)[..<5]) }
    }
    let predictive = try runs.map { run in
      try (0..<run.count).map { draw in
        let position = Array(run.positions[draw * run.dimension..<(draw + 1) * run.dimension])
        var moments: [(Double, Double)] = []
        try PosteriorPredictive(model.architecture, positions: position, rows: first).forEachMixture { _, mixture in
          let (mean, sd) = (mixture.mean, mixture.standardDeviation)
          moments.append((mean, mean * mean + sd * sd))
        }
        return moments
      }
    }
    func shaped(_ value: (Int, Int) -> Double) -> [[[Double]]] {
      runs.indices.map { run in
        (0..<runs[run].chains).map { chain in
          (0..<runs[run].drawsPerChain).map { value(run, chain * runs[run].drawsPerChain + $0) }
        }
      }
    }
    scalars = names.indices.map { index in (names[index], shaped { perRun[$0][$1][index] }) }
    means = (0..<20).map { row in shaped { predictive[$0][$1][row].0 } }
    secondMoments = (0..<20).map { row in shaped { predictive[$0][$1][row].1 } }
  }

  func comparisons(weights: [Double], with reference: PowerReference) throws -> [Comparison] {
    var result: [Comparison] = []
    for ((name, runs), (_, expected)) in zip(scalars, reference.quantities) {
      let (found, error) = estimate(runs, weights)
      let expectedError = reference.error(expected.mcse, sd: expected.sd)
      result.append(Comparison(name, found, error, expected.mean, expectedError))
    }
    for (row, expected) in reference.rows.enumerated() {
      let (mean, error) = estimate(means[row], weights)
      let expectedError = reference.error(expected.mcseMean, sd: expected.posteriorSdOfMean)
      result.append(Comparison("predictive mean of row \(row + 1)", mean, error, expected.mean, expectedError))
      let sd = (estimate(secondMoments[row], weights).value - mean * mean).squareRoot()
      // The delta method: the influence of a draw on √(E[s] − E[m]²).
      let influence = zip(secondMoments[row], means[row]).map { runs in
        zip(runs.0, runs.1).map { chain in zip(chain.0, chain.1).map { ($0 - 2 * mean * $1) / (2 * sd) } }
      }
      let sdError = estimate(influence, weights).error
      // The reference leaves this error out; it has about as many draws.
      result.append(
        Comparison("predictive sd of row \(row + 1)", sd, sdError, expected.predictiveSd, sdError))
    }
    return result
  }

  /// The weighted mean, with its error from the runs apart: their chains differ by right.
  private func estimate(_ runs: [[[Double]]], _ weights: [Double]) -> (value: Double, error: Double) {
    let value = ImportanceWeights(normalised: weights).mean(runs.flatMap { $0 })
    var index = 0
    var variance = 0.0
    for run in runs {
      let influence = run.map { chain in
        chain.map { draw in
          defer { index += 1 }
          return Double(weights.count) * weights[index] * (draw - value)
        }
      }
      variance += pow(MonteCarloError.mean(influence) / Double(runs.count), 2)
    }
    return (value, variance.squareRoot())
  }
}
