import EmpiricalBayes
import LogDensities

/// Independent samples of 4000 exact draws of a Gaussian hierarchy's posterior at λ, one a seed.
func samples(
  of model: GaussianHierarchy, at lambda: Hyperparameters, replicates: Int, correlation: Double = 0
) async throws -> [WeightedSample] {
  var result: [WeightedSample] = []
  for seed in 0..<replicates {
    let (sample, _) = try await NormalSampler(seed: UInt64(seed) + 100, correlation: correlation).sample(
      model.posterior(given: lambda), from: nil, plan: plan(draws: 1000), iteration: 0)
    result.append(WeightedSample(sample))
  }
  return result
}

/// The mean of replicates with the standard error that their spread gives.
func pooled(_ replicates: [Double]) -> Estimate {
  let count = Double(replicates.count)
  let mean = replicates.reduce(0, +) / count
  let variance = replicates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
  return Estimate(value: mean, standardError: (variance / count).squareRoot())
}

/// How far an estimate lies from the truth, in its standard errors.
func distance(_ estimate: Estimate, _ truth: Double) -> Double {
  abs(estimate.value - truth) / estimate.standardError
}

/// −∇² of a function of the coordinates, by rows and central differences.
func information(
  at lambda: Hyperparameters, step: Double = 1e-3, of body: (Hyperparameters) throws -> Double
) rethrows -> [Double] {
  let q = lambda.free.count
  func value(_ moves: [(Int, Double)]) throws -> Double {
    var free = lambda.free
    for (index, move) in moves { free[index] += move }
    return try body(lambda.moved(to: free))
  }
  return try (0..<q * q).map { index in
    let (i, j) = (index / q, index % q)
    let up = try value([(i, step), (j, step)]) + value([(i, -step), (j, -step)])
    let across = try value([(i, step), (j, -step)]) + value([(i, -step), (j, step)])
    return -(up - across) / (4 * step * step)
  }
}
