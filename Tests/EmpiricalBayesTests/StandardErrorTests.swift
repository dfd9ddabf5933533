import EmpiricalBayes
import Foundation
import LogDensities
import Testing

/// Whether every standard error is what it says: over 400 repetitions with autocorrelated draws, z-scores against the truth
/// have standard deviation 1.
///
/// The standard error of such a deviation is 0.035. The error itself is estimated from some 120 effective draws, which
/// widens z by about 5 %, and by more for the skewed entropy terms: [0.85, 1.25] leaves four standard errors on
/// either side, a false alarm in 10,000.
@Test(arguments: [0.0, 0.5]) func standardErrorsAreCalibrated(_ correlation: Double) async throws {
  var model = GaussianHierarchy(y: [0.8, -0.5, 1.9], noise: [1, 0.7, 1.2], location: 0.2, scale: 0.9)
  model.allocates = true
  let lambda = model.hyperparameters
  let posterior = try model.posterior(given: lambda)
  let objective = try Objective(entropyWeight: 1.5)
  // The truth from one long run of independent draws: its own error is 1/40 of a repetition's.
  let (long, _) = try await NormalSampler(seed: 1000).sample(
    posterior, from: nil, plan: plan(draws: 40_000), iteration: 0)
  let truth = try objective.estimate(WeightedSample(long), of: model, at: lambda)

  var squares = [Double](repeating: 0, count: 5)
  for repetition in 0..<400 {
    let (sample, _) = try await NormalSampler(seed: 77, correlation: correlation).sample(
      posterior, from: nil, plan: plan(draws: 100), iteration: UInt32(repetition))
    let found = try objective.estimate(WeightedSample(sample), of: model, at: lambda)
    let pairs =
      [
        (found.expectedLogLikelihood, truth.expectedLogLikelihood), (found.surrogate, truth.surrogate),
        (try #require(found.entropy), try #require(truth.entropy)),
      ] + Array(zip(found.gradient, truth.gradient))
    for (index, (estimate, truth)) in pairs.enumerated() {
      let z = (estimate.value - truth.value) / estimate.standardError
      squares[index] += z * z / 400
    }
  }
  for square in squares { #expect((0.85...1.25).contains(square.squareRoot()), "\(squares.map { $0.squareRoot() })") }
}
