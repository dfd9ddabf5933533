import LogDensities
import Synchronization

/// Counts nanoseconds, from any thread.
final class Stopwatch: Sendable {
  private let nanoseconds = Atomic<Int>(0)
  private let calls = Atomic<Int>(0)

  var seconds: Double { Double(nanoseconds.load(ordering: .relaxed)) * 1e-9 }
  var count: Int { calls.load(ordering: .relaxed) }

  func add(_ duration: Duration) {
    nanoseconds.add(
      Int(duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000),
      ordering: .relaxed)
    calls.add(1, ordering: .relaxed)
  }
}

/// A log density whose evaluations are timed where they happen.
struct TimedDensity<Base: LogDensity>: LogDensity {
  let base: Base
  let stopwatch: Stopwatch

  var dimension: Int { base.dimension }

  func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
    let start = ContinuousClock.now
    let value = try base.evaluate(at: position, gradient: &gradient)
    stopwatch.add(start.duration(to: .now))
    return value
  }

  var symmetrised: (any SymmetrisedLogDensity)? {
    base.symmetrised.map { TimedSymmetrisedDensity(base: $0, stopwatch: stopwatch) }
  }
}

/// A symmetrised density whose evaluations are timed where they happen.
struct TimedSymmetrisedDensity: SymmetrisedLogDensity {
  let base: any SymmetrisedLogDensity
  let stopwatch: Stopwatch

  var dimension: Int { base.dimension }

  func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
    let start = ContinuousClock.now
    let value = try base.evaluate(at: position, gradient: &gradient)
    stopwatch.add(start.duration(to: .now))
    return value
  }

  func restore(
    position: inout MutableSpan<Double>, gradient: inout MutableSpan<Double>, stream: inout RandomStream
  ) -> RestoredDraw {
    base.restore(position: &position, gradient: &gradient, stream: &stream)
  }
}

/// A model whose posterior's gradients are timed; all else is the model's own.
struct TimedModel<Base: HierarchicalModel>: HierarchicalModel where Base.Posterior: LogDensity {
  let base: Base
  let stopwatch: Stopwatch

  var dimension: Int { base.dimension }
  var parameterNames: [String] { base.parameterNames }
  var rows: Int { base.rows }
  var hyperparameters: Hyperparameters { base.hyperparameters }
  var convergenceQuantityNames: [String] { base.convergenceQuantityNames }

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> TimedDensity<Base.Posterior> {
    TimedDensity(base: try base.posterior(given: lambda), stopwatch: stopwatch)
  }
  func smoothedPosterior(given lambda: Hyperparameters) throws(ModelError) -> TimedDensity<Base.Posterior> {
    TimedDensity(base: try base.smoothedPosterior(given: lambda), stopwatch: stopwatch)
  }
  func logLikelihood(at position: Span<Double>) -> Double { base.logLikelihood(at: position) }
  func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    base.logPrior(at: position, given: lambda)
  }
  func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    base.score(at: position, given: lambda, into: &score)
  }
  func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    base.addPriorGradient(at: position, given: lambda, to: &gradient)
  }
  func priorStatistics(at position: Span<Double>, for lambda: Hyperparameters) -> [Double] {
    base.priorStatistics(at: position, for: lambda)
  }
  func priorTable(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable {
    base.priorTable(of: statistics, draws: draws, given: lambda)
  }
  func priorCurvature(
    of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters
  ) -> [Double] {
    base.priorCurvature(of: statistics, draws: draws, weights: weights, given: lambda)
  }
  func pathwiseScore(
    at position: Span<Double>, likelihoodGradient: Span<Double>, given lambda: Hyperparameters
  ) -> [Double]? {
    base.pathwiseScore(at: position, likelihoodGradient: likelihoodGradient, given: lambda)
  }
  func scoreIsContinuous(for lambda: Hyperparameters) -> [Bool] { base.scoreIsContinuous(for: lambda) }
  func priorInformation(at lambda: Hyperparameters) -> [Double] { base.priorInformation(at: lambda) }
  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    base.pointwiseLogLikelihood(at: position, into: &values)
  }
  func logAllocationEntropy(at position: Span<Double>) -> Double? { base.logAllocationEntropy(at: position) }
  func constrained(_ position: Span<Double>) -> [Double] { base.constrained(position) }
  func convergenceQuantities(at position: Span<Double>) -> [Double] { base.convergenceQuantities(at: position) }
  func canonicalise(_ position: inout MutableSpan<Double>, given lambda: Hyperparameters) -> Double {
    base.canonicalise(&position, given: lambda)
  }
  func canonicalise(draws: inout [Double], given lambda: Hyperparameters) -> [Double] {
    base.canonicalise(draws: &draws, given: lambda)
  }
  func addSymmetricPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    base.addSymmetricPriorGradient(at: position, given: lambda, to: &gradient)
  }
  func logSymmetryWeight(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    base.logSymmetryWeight(at: position, given: lambda)
  }
  func tunesExpertsApart(_ lambda: Hyperparameters) -> Bool { base.tunesExpertsApart(lambda) }
  func align(
    draws: inout [Double], to labelling: Labelling?, given lambda: Hyperparameters
  ) -> (labelling: Labelling?, logWeights: [Double]) {
    base.align(draws: &draws, to: labelling, given: lambda)
  }
  func prepared(for lambda: Hyperparameters) -> Self {
    TimedModel(base: base.prepared(for: lambda), stopwatch: stopwatch)
  }
}
