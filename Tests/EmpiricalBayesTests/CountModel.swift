import EmpiricalBayes
import Foundation
import LogDensities
import Sampling

/// The model of the guide LibraryUse: y_j ~ Poisson(t_j exp θ_j), θ_j ~ N(m, s), λ = (m, ln s).
struct CountModel: HierarchicalModel {
  let counts: [Double]
  let times: [Double]
  var hyperparameters: Hyperparameters

  init(counts: [Double], times: [Double]) {
    (self.counts, self.times) = (counts, times)
    hyperparameters = Hyperparameters(
      entries: [
        .init(name: "rates.location", kind: .location, block: "rates"),
        .init(name: "rates.scale", kind: .logScale, block: "rates"),
      ], values: [0, 0])
    hyperparameters.tune([0], name: "rates: location")
    hyperparameters.tune([1], name: "rates: scale", hyperprior: .halfCauchyScale(1))
  }

  var dimension: Int { counts.count }
  var rows: Int { counts.count }
  var parameterNames: [String] { counts.indices.map { "log rate[\($0 + 1)]" } }
  func constrained(_ theta: Span<Double>) -> [Double] { counts.indices.map { theta[$0] } }

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> CountPosterior {
    CountPosterior(model: self, lambda: lambda)
  }

  func pointwiseLogLikelihood(at theta: Span<Double>, into values: inout MutableSpan<Double>) {
    for j in counts.indices {
      values[j] = counts[j] * (theta[j] + log(times[j])) - times[j] * exp(theta[j]) - lgamma(counts[j] + 1)
    }
  }

  func logLikelihood(at theta: Span<Double>) -> Double {
    var values = [Double](repeating: 0, count: rows)
    var span = values.mutableSpan
    pointwiseLogLikelihood(at: theta, into: &span)
    return values.reduce(0, +)
  }

  func logPrior(at theta: Span<Double>, given lambda: Hyperparameters) -> Double {
    counts.indices.reduce(0) { sum, j in
      let z = (theta[j] - lambda.values[0]) / exp(lambda.values[1])
      return sum - 0.5 * z * z - lambda.values[1] - 0.5 * log(2 * .pi)
    }
  }

  func score(at theta: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    let scale = exp(lambda.values[1])
    (score[0], score[1]) = (0, 0)
    for j in counts.indices {
      let z = (theta[j] - lambda.values[0]) / scale
      score[0] += z / scale
      score[1] += z * z - 1
    }
  }

  func priorInformation(at lambda: Hyperparameters) -> [Double] {
    let members = Double(dimension)
    return lambda.pulledBack([members * exp(-2 * lambda.values[1]), 2 * members])
  }

  func addPriorGradient(
    at theta: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    for j in counts.indices { gradient[j] -= (theta[j] - lambda.values[0]) * exp(-2 * lambda.values[1]) }
    return logPrior(at: theta, given: lambda)
  }
}

/// ln p(y | θ) + ln p(θ | λ) with its gradient, for the sampler.
struct CountPosterior: LogDensity {
  let model: CountModel
  let lambda: Hyperparameters
  var dimension: Int { model.dimension }

  func evaluate(at theta: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
    for j in 0..<dimension { gradient[j] = model.counts[j] - model.times[j] * exp(theta[j]) }
    let prior = model.addPriorGradient(at: theta, given: lambda, to: &gradient)
    let value = model.logLikelihood(at: theta) + prior
    return value.isFinite ? value : -.infinity
  }
}

/// The schedule of the guide: natural-gradient steps that shrink like 1/iteration.
struct ShrinkingSteps: TuningSchedule {
  func initialMemory(at lambda: Hyperparameters) -> Memoryless { Memoryless() }

  func sampling(at iteration: Int, _ memory: Memoryless) -> InnerSampling {
    InnerSampling(.persistent(warmup: 150, adaptation: 5), draws: 25)
  }

  func move<Model: HierarchicalModel>(
    after batch: TuningBatch, of model: Model, toward objective: Objective, _ memory: Memoryless
  ) throws(TuningError) -> TuningMove<Memoryless> {
    let rate = 10 / (10 + Double(batch.iteration))
    let gradient = batch.estimate.gradient.map(\.value)
    let step = zip(gradient, batch.point.information).map { rate * $0 / $1 }
    return TuningMove(to: zip(batch.lambda.free, step).map { $0 + $1 }, memory: memory)
  }
}
