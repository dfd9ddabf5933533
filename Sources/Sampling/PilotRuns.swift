import LogDensities

/// Short runs from every optimum that a start search found, to see which of them lies in the mode with most mass.
///
/// The height of an optimum says little of that: a prior with kinks has high and narrow ones where coefficients vanish. Nor
/// can chains tell once they have all been started from the same wrong one, for they agree. A run of some dozen draws knows
/// enough for `NormalMass`, and that is enough where modes differ by tens of nats.
struct PilotRuns: Sendable {
  static let warmup = 50
  static let draws = 30
  /// Pilots whose mass is that close to the largest, in nats, are starts, too: their difference is noise, or real modes.
  static let margin = 5.0

  /// The settings of runs from `count` starts.
  static func settings(_ settings: SamplerSettings, count: Int) -> SamplerSettings {
    var settings = settings
    settings.chains = count
    settings.maximumTreeDepth = min(settings.maximumTreeDepth, 7)
    return settings
  }

  /// The random numbers of pilots: an iteration that no run has.
  static func iteration(for iteration: UInt32) -> UInt32 { iteration ^ 0x2000_0000 }

  /// The runs, one a chain, heaviest first, by chain index; without those that have no finite mass.
  static func ranked(_ sample: PosteriorSample) -> [Int] {
    let masses = (0..<sample.chains).map { logMass(sample, chain: $0) }
    let best = masses.max() ?? -.infinity
    guard best.isFinite else { return [] }
    return masses.indices.filter { masses[$0] > best - margin }.sorted { masses[$0] > masses[$1] }
  }

  private static func logMass(_ sample: PosteriorSample, chain: Int) -> Double {
    let (draws, d) = (sample.drawsPerChain, sample.dimension)
    let range = chain * draws..<(chain + 1) * draws
    let mean = sample.statistics[range].reduce(0) { $0 + $1.logDensity } / Double(draws)
    return NormalMass.logMass(
      of: range.map { sample.positions[$0 * d..<($0 + 1) * d] }, meanLogDensity: mean) ?? -.infinity
  }
}
