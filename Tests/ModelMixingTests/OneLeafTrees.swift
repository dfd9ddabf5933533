import Foundation
import LogDensities

@testable import ModelMixing

/// Tree mixing without a cut point, so that every tree is one leaf and the evidence is a Gaussian: with m trees
/// y ~ N(m F β, σ² S + m F D Fᵀ). Where σ is not known, an integral over it.
struct OneLeafTrees {
  let model: TreeMixingModel
  let sampler: TreePosteriorSampler

  /// - Parameter models: Each has a weight of its own, one draw of its leaf prior: with several models under one scale
  ///   the evidence in that has a clear maximum.
  init(models: Int = 6, knownSigma: Bool = true, seed: UInt64 = 4, threads: Int = 2) throws {
    var stream = RandomStream(seed: 51, purpose: .simulation)
    let rows = 24
    let predictions = (0..<models).map { _ in (0..<rows).map { _ in stream.normal() } }
    let weights = (0..<models).map { _ in 0.5 + 0.9 * stream.normal() }
    let response = (0..<rows).map { row in
      (0..<models).reduce(0.4 * stream.normal()) { $0 + weights[$1] * predictions[$1][row] }
    }
    let data = TreeMixingData(
      rows: MixingRows(inputs: [[Double](repeating: 0, count: rows)], predictions: predictions), response: response,
      noiseScales: (0..<rows).map { 1 + 0.3 * Double($0 % 2) })
    let trees = 5
    model = try TreeMixingModel(
      TreeMixing(
        data,
        prior: TreeMixingPrior(
          trees: trees, leaves: .nonInformative(models: models, trees: trees),
          noise: knownSigma ? .known(0.4) : .around(0.3, degrees: 5)), grid: CutGrid([[]])))
    sampler = try TreePosteriorSampler(
      TreeSamplingSettings(chains: 4, warmup: 50, thinning: 1, seed: seed, threads: threads))
  }

  /// ln p(y | λ), by quadrature over ln σ where that is not known.
  func logEvidence(_ lambda: Hyperparameters) throws -> Double {
    let mixing = try model.posterior(given: lambda)
    guard case .scaledInverseChiSquare = mixing.prior.noise else { return logEvidence(mixing, sigma: 0.4) }
    let step = 0.02
    let terms = stride(from: -4.0, to: 2, by: step).map {
      logEvidence(mixing, sigma: exp($0)) + mixing.prior.noise.logDensity(sigma: exp($0)) + $0
    }
    let top = terms.max() ?? 0
    return top + log(terms.reduce(0) { $0 + step * exp($1 - top) })
  }

  private func logEvidence(_ mixing: TreeMixing, sigma: Double) -> Double {
    let (data, leaves, trees) = (mixing.data, mixing.prior.leaves, Double(mixing.prior.trees))
    let f = (0..<data.count).map { row in mixing.predictions.means.map { $0[row] } }
    let residual = f.indices.map { row in
      data.response[row] - trees * zip(f[row], leaves.means).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var covariance = f.map { one in
      f.map { other in trees * one.indices.reduce(0) { $0 + one[$1] * other[$1] * pow(leaves.scales[$1], 2) } }
    }
    for row in f.indices { covariance[row][row] += pow(sigma * mixing.problem.scales[row], 2) }
    return Dense.logNormal(residual, covariance)
  }

  /// The largest ln L + ln p(λ), by a search along coordinates.
  func best(from lambda: Hyperparameters) throws -> Double {
    func value(_ free: [Double]) throws -> Double {
      let moved = lambda.moved(to: free)
      return try logEvidence(moved) + moved.logHyperprior
    }
    var free = lambda.free
    var step = 0.5
    var top = try value(free)
    while step > 1e-3 {
      var improved = false
      for index in free.indices {
        for sign in [-1.0, 1] {
          var trial = free
          trial[index] += sign * step
          let found = try value(trial)
          if found > top { (top, free, improved) = (found, trial, true) }
        }
      }
      if !improved { step /= 2 }
    }
    return top
  }
}
