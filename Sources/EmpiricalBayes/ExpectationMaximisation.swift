#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Expectation maximisation with draws for the expectation: plain Monte Carlo with growing samples (Wei and Tanner 1990), or
/// the stochastic approximation that remembers earlier draws with falling weights (Delyon, Lavielle and Moulines 1999).
///
/// Sufficient statistics are replaced by the draws themselves with their weights, so that any prior family will do.
public struct ExpectationMaximisation: TuningSchedule {
  /// How earlier draws count.
  public enum Kind: String, Sendable, Codable {
    /// Not at all; samples grow instead.
    case monteCarlo = "mcem"
    /// With weights that fall as new draws enter with weight k^(−0.7) after eight iterations with weight 1.
    case stochasticApproximation = "saem"
  }

  /// What it remembers.
  public struct Memory: Sendable, Codable, Equatable {
    /// `HierarchicalModel.priorStatistics` of all draws that still count.
    var statistics: [Double] = []
    /// Their normalised weights.
    var weights: [Double] = []
    var round = 0
  }

  /// How earlier draws count.
  public let kind: Kind
  private let adaptingRounds = 4
  private let exponent = 0.7
  private let fullRounds = 8
  /// Draws with less than this share of the mean weight are forgotten.
  private let leastShare = 0.05

  /// The schedule.
  public init(_ kind: Kind) { self.kind = kind }

  /// There is no complete-data form of an entropy penalty.
  public func validate(_ objective: Objective) throws(TuningError) {
    guard objective.entropyWeight == 0 else {
      throw .undefined(
        schedule: kind.rawValue, reason: "expectation maximisation knows no entropy penalty, so gamma must be 0")
    }
  }

  /// No draws.
  public func initialMemory(at lambda: Hyperparameters) -> Memory { Memory() }

  /// Whether there is a weight for the statistics of every draw.
  public func fits<Model: HierarchicalModel>(_ memory: Memory, _ model: Model) -> Bool {
    let origin = [Double](repeating: 0, count: model.dimension)
    let width = model.priorStatistics(at: origin.span, for: model.hyperparameters).count
    return (0..<1 << 32).contains(memory.round) && memory.statistics.count == memory.weights.count * width
  }

  /// Four rounds of twelve transitions that adapt; then two transitions, or ever more.
  public func sampling(at iteration: Int, _ memory: Memory) -> InnerSampling {
    if memory.round < adaptingRounds { return InnerSampling(.moving(discarded: 4), draws: 8, isBurnIn: true) }
    switch kind {
    case .stochasticApproximation: return InnerSampling(.settled(discarded: 0), draws: 2)
    case .monteCarlo:
      let growth = pow(1.15, Double(memory.round - adaptingRounds))
      return InnerSampling(.settled(discarded: 2), draws: Int(min(400, 10 * growth)))
    }
  }

  /// The M-step over the draws that count.
  public func move<Model: HierarchicalModel>(
    after batch: TuningBatch, of model: Model, toward objective: Objective, _ memory: Memory
  ) throws(TuningError) -> TuningMove<Memory> {
    let sample = batch.draws.sample
    let fresh = batch.draws.priorStatistics(of: model, for: batch.lambda)
    let freshWeights = batch.draws.normalisedWeights
    var next = memory
    next.round += 1
    let late = next.round - fullRounds
    let share = kind == .monteCarlo || late < 1 || memory.weights.isEmpty ? 1 : pow(Double(late), -exponent)
    if share == 1 {
      (next.statistics, next.weights) = (fresh, freshWeights)
    } else {
      let width = fresh.count / sample.count
      (next.statistics, next.weights) = kept(memory, width: width, share: 1 - share)
      next.statistics += fresh
      next.weights += freshWeights.map { share * $0 }
      let sum = next.weights.reduce(0, +)
      next.weights = next.weights.map { $0 / sum }
    }
    let maximiser = CompleteDataMaximiser(statistics: next.statistics, weights: next.weights)
    return TuningMove(to: maximiser.maximum(of: model, from: batch.lambda).free, memory: next)
  }

  /// Old draws with their weights times `share`, without those that hardly count.
  private func kept(_ memory: Memory, width: Int, share: Double) -> (statistics: [Double], weights: [Double]) {
    let least = leastShare / Double(memory.weights.count)
    var (statistics, weights): ([Double], [Double]) = ([], [])
    for (draw, weight) in memory.weights.enumerated() where weight > least {
      statistics += memory.statistics[draw * width..<(draw + 1) * width]
      weights.append(share * weight)
    }
    return (statistics, weights)
  }
}
