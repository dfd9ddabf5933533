import Foundation
import Sampling

/// What these tests judge a sample by: batch-means standard errors, kept here so that the sampler is proved without the
/// library's own diagnostics.
struct MonteCarlo {
  let mean: Double
  let sd: Double
  /// Standard error of the mean.
  let meanError: Double
  /// Standard error of the standard deviation.
  let sdError: Double

  init(_ chains: [[Double]]) {
    let all = chains.flatMap { $0 }
    let mean = all.reduce(0, +) / Double(all.count)
    let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)
    self.mean = mean
    sd = variance.squareRoot()
    meanError = Self.standardError(chains)
    sdError = Self.standardError(chains.map { $0.map { ($0 - mean) * ($0 - mean) } }) / (2 * variance.squareRoot())
  }

  /// The sample's standard error by at least 20 batches a chain.
  private static func standardError(_ chains: [[Double]]) -> Double {
    let batches = 25
    var means: [Double] = []
    for chain in chains {
      let size = chain.count / batches
      for batch in 0..<batches { means.append(chain[batch * size..<(batch + 1) * size].reduce(0, +) / Double(size)) }
    }
    let mean = means.reduce(0, +) / Double(means.count)
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(means.count - 1)
    return (variance / Double(means.count)).squareRoot()
  }
}

extension PosteriorSample {
  /// The diagnostics of coordinate `index`.
  func monteCarlo(_ index: Int) -> MonteCarlo { MonteCarlo(map { $0[index] }) }

  var divergences: Int { statistics.count { $0.isDivergent } }

  var leapfrogSteps: Int { statistics.reduce(0) { $0 + $1.leapfrogSteps } }
}
