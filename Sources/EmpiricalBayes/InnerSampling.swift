/// What the inner sampler does in one outer iteration: how chains get used to the new λ, and how many draws they make.
public struct InnerSampling: Sendable, Codable, Equatable {
  /// What chains owe to those of the iteration before.
  public enum Adaptation: Sendable, Codable, Equatable {
    /// Nothing, the paper's way: new starts and a full warm-up of `warmup` transitions.
    case fresh(warmup: Int)
    /// Their positions only: a full warm-up of `warmup` transitions where they stand. For final draws, whose metric is worth
    /// learning anew.
    case rewarmed(warmup: Int)
    /// Everything: chains go on where they stood, with their step size and metric, after `adaptation` transitions to the new
    /// λ. New chains have a full warm-up of `warmup` transitions.
    case persistent(warmup: Int, adaptation: Int)
    /// Everything, while λ still moves far: after `discarded` transitions all draws of the round go on adapting the step
    /// size, and the metric is learnt from the round. New chains start like this too: no warm-up is spent on a λ that will
    /// be left at once.
    case moving(discarded: Int)
    /// Everything, and nothing adapts during the round, after `discarded` transitions.
    case settled(discarded: Int)
  }

  /// What chains owe to those of the iteration before.
  public var adaptation: Adaptation
  /// Draws of each chain, at least 1.
  public var draws: Int
  /// Whether the gradient of every draw is kept.
  public var keepsGradients: Bool
  /// Whether chains that began without a warm-up are still on their way: their draws tell λ where to go, but are none of the
  /// posterior yet.
  public var isBurnIn: Bool

  /// A plan.
  public init(_ adaptation: Adaptation, draws: Int, keepingGradients: Bool = false, isBurnIn: Bool = false) {
    precondition(draws > 0, "an iteration needs draws")
    self.adaptation = adaptation
    self.draws = draws
    keepsGradients = keepingGradients
    self.isBurnIn = isBurnIn
  }
}
