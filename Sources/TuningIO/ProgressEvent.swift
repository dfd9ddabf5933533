import EmpiricalBayes

/// One line of `--progress json`: an object on a line of its own, keys in alphabetical order, absent where they do not apply.
/// Numbers that are not finite are strings; see `JSONText`.
///
/// Keys stay what they are; new ones may come.
public struct ProgressEvent: Sendable, Codable, Equatable {
  /// What an event is about.
  public enum Kind: String, Sendable, Codable {
    /// A sentence for people, in `text`.
    case message
    /// An outer iteration has ended.
    case iteration
    /// Chains are under way, told once a second at most.
    case sampling
    /// A trial, fit or run of many has ended.
    case piece
    /// Tuning and all that follows it has ended.
    case end
  }

  /// What the event is about.
  public var event: Kind
  /// Seconds since the command began.
  public var seconds: Double
  /// Seconds that what is under way will take still, at the pace so far.
  public var secondsLeft: Double?
  /// `message`: the sentence.
  public var text: String?
  /// What is under way: `tuning`, `final draws`, `fold 2 of 5, tuning` and the like.
  public var stage: String?
  /// `iteration`: its number, from 0. `end`: the number of the last one.
  public var iteration: Int?
  /// `iteration`: how many iterations there will be; absent where the schedule stops by itself.
  public var iterationLimit: Int?
  /// `iteration`: the surrogate, expected log-likelihood + γ · ln entropy, in nats.
  public var surrogate: Estimate?
  /// `iteration`: the log evidence gained since the end of burn-in, in nats.
  public var logEvidenceGain: Estimate?
  /// `iteration`: what the proposal is expected to lack of the maximum, in nats.
  public var expectedRegret: Double?
  /// `iteration`: the largest R-hat.
  public var rHat: Double?
  /// `iteration`: whether it is the best so far.
  public var isBest: Bool?
  /// `iteration`: gradient evaluations so far.
  public var gradientEvaluations: Int?
  /// `iteration`, `end`: divergent transitions among all draws of tuning so far. `sampling`: among the draws under way.
  public var divergences: Int?
  /// `sampling`: transitions made, of all chains.
  public var transitions: Int?
  /// `sampling`: transitions to make, of all chains.
  public var transitionsPlanned: Int?
  /// `piece`: what it is called.
  public var name: String?
  /// `piece`: what came of it, for people.
  public var outcome: String?
  /// `piece`: how many have ended, those of earlier commands included.
  public var done: Int?
  /// `piece`: how many there are.
  public var total: Int?

  /// An event of which only this much is known.
  public init(_ event: Kind, seconds: Double) {
    self.event = event
    self.seconds = seconds
  }
}
