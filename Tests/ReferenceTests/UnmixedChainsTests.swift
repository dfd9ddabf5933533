import AnalyticModels
import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

/// Chains that begin in a mode of negligible mass: they are found and restarted, their draws do not enter, and tuning ends where
/// it ends with chains in the right mode.
struct UnmixedChainsTests {
  private let model = TwinHierarchy(seed: 6)

  private func run(trapped: Set<Int>, seed: UInt64) async throws -> (
    state: TuningState<[ChainState], CatalogueSchedule.Memory>, regret: Double
  ) {
    let loop = try TuningLoop(
      model: model, sampler: NUTSPosteriorSampler<TwinHierarchy.Posterior>(SamplerSettings(seed: seed, threads: 1)),
      objective: Objective(), schedule: CatalogueSchedule(.pooledNewton), selector: LastIterate(),
      stopping: ExpectedRegret(iterations: 60))
    let chains = (0..<4).map { chain in
      ChainState(position: trapped.contains(chain) ? model.twin : model.single.measurements)
    }
    let state = try await loop.run(from: loop.initialState(from: chains))
    let best = model.single.logEvidence(at: model.single.maximiser())
    return (state, best - model.single.logEvidence(at: try #require(state.proposal)))
  }

  @Test(arguments: [Set([1]), [0, 2], [0, 1, 3]]) func trappedChainsDoNotWin(_ trapped: Set<Int>) async throws {
    var restarted = 0
    for seed in UInt64(1)...4 {
      let clean = try await run(trapped: [], seed: seed)
      let found = try await run(trapped: trapped, seed: seed)
      #expect(clean.state.remarks.isEmpty && clean.regret < 0.1)
      print(
        "trapped \(trapped.sorted()), seed \(seed): regret \(found.regret), clean \(clean.regret),", found.state.remarks
      )
      restarted += found.state.remarks.count
      // Every chain stands in the right mode at the end.
      for chain in found.state.chains ?? [] {
        #expect(chain.position.reduce(0, +) / Double(chain.position.count) > -10)
      }
      // Both proposals are within 0.1 nats of the one maximum that counts.
      #expect(found.regret < 0.1, "\(found.state.lambda.free), clean \(clean.state.lambda.free)")
      #expect(found.state.iteration < 60)
    }
    // While λ is far off a chain may find its way by itself; most do not.
    #expect(restarted >= 2 * trapped.count, "\(restarted)")
  }
}

/// A Gaussian hierarchy whose likelihood has a twin far off with e⁻⁶⁰ of the weight: ln (p(y | θ) + e⁻⁶⁰ p(y | θ + shift)).
/// Its ln L near the maximum is that of the hierarchy.
private struct TwinHierarchy: HierarchicalModel {
  struct Posterior: LogDensity {
    let model: TwinHierarchy
    let location: Double
    let scale: Double
    var dimension: Int { model.dimension }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
      for index in 0..<dimension { gradient[index] = 0 }
      var value = model.addLikelihood(at: position, to: &gradient)
      for index in 0..<dimension {
        let z = (position[index] - location) / scale
        gradient[index] -= z / scale
        value -= 0.5 * z * z
      }
      return value
    }
  }

  let single: GaussianHierarchy
  let shift = 30.0

  init(seed: UInt64) { single = GaussianHierarchy.simulated(groups: 20, seed: seed) }

  /// The centre of the twin.
  var twin: [Double] { single.measurements.map { $0 - shift } }
  var dimension: Int { single.dimension }
  var parameterNames: [String] { single.parameterNames }
  var rows: Int { single.rows }
  var hyperparameters: Hyperparameters { single.hyperparameters }

  func addLikelihood(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double {
    var (here, there) = ([Double](repeating: 0, count: dimension), [Double](repeating: 0, count: dimension))
    var span = here.mutableSpan
    let first = single.addLikelihoodGradient(at: position, to: &span)
    let moved = (0..<dimension).map { position[$0] + shift }
    var other = there.mutableSpan
    let second = single.addLikelihoodGradient(at: moved.span, to: &other) - 60
    let top = max(first, second)
    let (a, b) = (exp(first - top), exp(second - top))
    for index in 0..<dimension { gradient[index] += (a * here[index] + b * there[index]) / (a + b) }
    return top + log(a + b)
  }

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior {
    Posterior(model: self, location: lambda.values[0], scale: exp(lambda.values[1]))
  }

  func logLikelihood(at position: Span<Double>) -> Double {
    var gradient = [Double](repeating: 0, count: dimension)
    var span = gradient.mutableSpan
    return addLikelihood(at: position, to: &span)
  }

  func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    single.logPrior(at: position, given: lambda)
  }

  func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double { single.addPriorGradient(at: position, given: lambda, to: &gradient) }

  func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    single.score(at: position, given: lambda, into: &score)
  }

  func priorInformation(at lambda: Hyperparameters) -> [Double] { single.priorInformation(at: lambda) }

  func priorStatistics(at position: Span<Double>, for lambda: Hyperparameters) -> [Double] {
    single.priorStatistics(at: position, for: lambda)
  }

  func priorTable(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable {
    single.priorTable(of: statistics, draws: draws, given: lambda)
  }

  func priorCurvature(
    of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters
  ) -> [Double] { single.priorCurvature(of: statistics, draws: draws, weights: weights, given: lambda) }

  func pathwiseScore(
    at position: Span<Double>, likelihoodGradient: Span<Double>, given lambda: Hyperparameters
  ) -> [Double]? { single.pathwiseScore(at: position, likelihoodGradient: likelihoodGradient, given: lambda) }

  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    single.pointwiseLogLikelihood(at: position, into: &values)
  }

  func constrained(_ position: Span<Double>) -> [Double] { single.constrained(position) }
}
