#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// n_j Bernoulli trials a group with success probability 1 / (1 + e^{−θ_j}), θ_j ~ N(m, s), λ = (m, ln s). The evidence is a
/// product of integrals in one dimension, which quadrature knows to all digits.
public struct LogisticHierarchy: AnalyticModel {
  /// Successes of every group.
  public let successes: [Int]
  /// Trials of every group.
  public let trials: [Int]
  /// N(m, s) of every θ_j.
  public let prior: GroupPrior
  /// λ at its start, (0, ln 1).
  public var hyperparameters: Hyperparameters
  /// One row a group.
  public var rows: Int { trials.count }

  /// Groups with their successes and trials; as many of both, and at least one.
  public init(successes: [Int], trials: [Int]) {
    precondition(successes.count == trials.count, "every group has successes and trials")
    precondition(zip(successes, trials).allSatisfy { 0...$1 ~= $0 }, "successes are no more than trials")
    self.successes = successes
    self.trials = trials
    prior = GroupPrior(.normal, members: trials.count)
    hyperparameters = prior.hyperparameters(tunesLocation: true)
  }

  /// Groups of 5 to 40 trials with θ_j ~ N(`location`, `scale`).
  public static func simulated(
    groups: Int = 30, location: Double = 1, scale: Double = 1.5, seed: UInt64
  ) -> LogisticHierarchy {
    var stream = RandomStream(seed: seed, purpose: .simulation)
    let trials = (0..<groups).map { _ in 5 + stream.integer(below: 36) }
    let successes = trials.map { trials in
      let probability = 1 / (1 + exp(-(location + scale * stream.normal())))
      return (0..<trials).count { _ in stream.uniform() < probability }
    }
    return LogisticHierarchy(successes: successes, trials: trials)
  }

  /// Adds y_j − n_j p_j.
  public func addLikelihoodGradient(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double {
    var value = 0.0
    for group in trials.indices {
      let part = LogisticLikelihood(successes[group], of: trials[group]).evaluate(at: position[group])
      value += part.value
      gradient[group] += part.slope
    }
    return value
  }

  /// ln p of all trials of a group, in their order.
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    for group in trials.indices {
      values[group] = LogisticLikelihood(successes[group], of: trials[group]).evaluate(at: position[group]).value
    }
  }

  /// Σ_j ln ∫ p(y_j | θ) N(θ; m, s) dθ.
  public func logEvidence(at lambda: Hyperparameters) -> Double {
    let (location, scale) = prior.unchecked(lambda)
    return trials.indices.reduce(0) {
      $0 + LogisticLikelihood(successes[$1], of: trials[$1]).logEvidence(location: location, scale: scale)
    }
  }
}
