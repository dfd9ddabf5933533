import AnalyticModels
import Foundation
import LogDensities
import Sampling

@testable import EmpiricalBayes

/// Independent draws of a Gaussian hierarchy's posterior, which is a product of normals, with the gradients there.
struct ExactHierarchyDraws {
  let model: GaussianHierarchy

  init(_ model: GaussianHierarchy) { self.model = model }

  func sample(at lambda: Hyperparameters, seed: UInt64, chains: Int = 4, draws: Int = 100) throws -> WeightedSample {
    var stream = RandomStream(seed: seed, purpose: .test)
    let posterior = try model.posterior(given: lambda)
    let precision = exp(-2 * lambda.values[1])
    var (positions, gradients): ([Double], [Double]) = ([], [])
    for _ in 0..<chains * draws {
      let position = zip(model.measurements, model.errors).map { measurement, error in
        let data = 1 / (error * error)
        let mean = (data * measurement + precision * lambda.values[0]) / (data + precision)
        return mean + stream.normal() / (data + precision).squareRoot()
      }
      var gradient = [Double](repeating: 0, count: position.count)
      var span = gradient.mutableSpan
      _ = try posterior.evaluate(at: position.span, gradient: &span)
      positions += position
      gradients += gradient
    }
    let record = DrawStatistics(
      logDensity: 0, acceptance: 1, stepSize: 1, treeDepth: 1, leapfrogSteps: 1, isDivergent: false, energy: 0)
    return WeightedSample(
      PosteriorSample(
        dimension: model.dimension, chains: chains, drawsPerChain: draws, positions: positions, gradients: gradients,
        statistics: Array(repeating: record, count: chains * draws), gradientEvaluations: chains * draws))
  }

  func batch(
    at lambda: Hyperparameters, seed: UInt64, iteration: Int = 5, draws: Int = 100
  ) throws -> TuningBatch {
    try TuningBatch(
      iteration: iteration, lambda: lambda, draws: sample(at: lambda, seed: seed, draws: draws), of: model, .evidence)
  }
}
