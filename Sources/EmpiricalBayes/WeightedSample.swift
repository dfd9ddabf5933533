import Diagnostics
import LogDensities
import Sampling

/// Draws with optional importance weights: plain posterior draws, draws moved to the support that a user asked for, or draws
/// of one λ that stand for another.
public struct WeightedSample: Sendable {
  /// The draws.
  public var sample: PosteriorSample
  /// One log weight a draw, chain by chain, up to a constant; nil where all are equal.
  public var logWeights: [Double]?

  /// Draws and their weights.
  public init(_ sample: PosteriorSample, logWeights: [Double]? = nil) {
    precondition(logWeights.map { $0.count == sample.count } ?? true, "one weight a draw")
    self.sample = sample
    self.logWeights = logWeights
  }

  /// The weights, normalised; nil where all are equal.
  public var weights: ImportanceWeights? { logWeights.map { ImportanceWeights(logWeights: $0) } }

  /// The weights, normalised, one a draw; equal ones where there are none.
  var normalisedWeights: [Double] {
    weights?.values ?? [Double](repeating: 1 / Double(sample.count), count: sample.count)
  }

  /// `HierarchicalModel.priorStatistics` of every draw, one after the other.
  func priorStatistics<Model: HierarchicalModel>(of model: Model, for lambda: Hyperparameters) -> [Double] {
    (0..<sample.count).flatMap { draw in
      sample.withPosition(draw) { model.priorStatistics(at: $0, for: lambda) }
    }
  }

  /// Whether weights leave enough effective draws to move λ by.
  public var isUsable: Bool { weights.map { !$0.isDegenerate } ?? true }

  /// The draws of `model`'s posterior at λ moved to the support that its user asked for, with the weights that this owes.
  /// - Throws: `TuningError.noWeight` where no draw can be moved there.
  public init<Model: HierarchicalModel>(
    canonicalising sample: PosteriorSample, of model: Model, at lambda: Hyperparameters
  ) throws(TuningError) {
    let model = model.prepared(for: lambda)
    var moved = sample
    let logWeights = model.canonicalise(draws: &moved.positions, given: lambda)
    guard logWeights.contains(where: { $0 > -.infinity }) || logWeights.isEmpty else { throw .noWeight }
    self.init(moved, logWeights: logWeights.contains { $0 != 0 } ? logWeights : nil)
  }
}
