import Sampling

/// How much work an evidence is worth.
public struct EvidenceSettings: Sendable, Codable, Equatable {
  /// Chains, seed, threads, metric, acceptance. `draws` and `warmup` are not used.
  public var sampler: SamplerSettings
  /// Transitions of the warm-up at the posterior.
  public var warmup: Int
  /// Transitions that chains spend on a new stage before they draw.
  public var adaptation: Int
  /// Draws a chain and stage.
  public var draws: Int
  /// How near the next stage is: the share of this one's draws that importance weights would leave.
  public var neighbourShare: Double
  /// The least overlap of neighbours; where it is smaller, a stage is put between them.
  public var leastOverlap: Double
  /// The most stages.
  public var mostStages: Int

  /// Settings; the defaults give an error of about 0.2 nats for tens of parameters.
  public init(
    sampler: SamplerSettings = SamplerSettings(), warmup: Int = 500, adaptation: Int = 20, draws: Int = 100,
    neighbourShare: Double = 0.5, leastOverlap: Double = 0.3, mostStages: Int = 200
  ) {
    self.sampler = sampler
    self.warmup = warmup
    self.adaptation = adaptation
    self.draws = draws
    self.neighbourShare = neighbourShare
    self.leastOverlap = leastOverlap
    self.mostStages = mostStages
  }

  /// - Throws: `EvidenceError.setting` for the first setting outside its range.
  public func validate() throws(EvidenceError) {
    try Self.check("warmup", warmup, in: 0...100_000_000)
    try Self.check("adaptation", adaptation, in: 0...1_000_000)
    try Self.check("draws", draws, in: 8...100_000_000)
    try Self.check("mostStages", mostStages, in: 2...100_000)
    guard neighbourShare >= 0.05 && neighbourShare <= 0.95 else {
      throw .setting(name: "neighbourShare", value: "\(neighbourShare)", allowed: "a number from 0.05 to 0.95")
    }
    guard leastOverlap >= 0 && leastOverlap <= 0.8 else {
      throw .setting(name: "leastOverlap", value: "\(leastOverlap)", allowed: "a number from 0 to 0.8")
    }
  }

  private static func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws(EvidenceError) {
    guard range.contains(value) else {
      throw .setting(
        name: name, value: "\(value)", allowed: "an integer from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
