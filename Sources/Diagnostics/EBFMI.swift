import Sampling

/// The energy Bayesian fraction of missing information (Betancourt 2016, "Diagnosing suboptimal cotangent
/// disintegrations in Hamiltonian Monte Carlo"): how far a new momentum moves the energy, against how far the energy
/// has to move. Below 0.3 the sampler explores tails too slowly.
public enum EBFMI {
  /// One value a chain: the mean squared step of the energy over its unbiased variance (ArviZ's form; Stan's, with sums for
  /// means, differs by less than one in the number of draws). An energy that never moves gives 0.
  public static func perChain(energies: [[Double]]) -> [Double] {
    energies.map { chain in
      let variance = Moments.variance(chain)
      guard variance > 0 else { return 0 }
      let steps = zip(chain, chain.dropFirst()).map { ($1 - $0) * ($1 - $0) }
      return Moments.mean(steps) / variance
    }
  }

  /// One value a chain of a sample.
  public static func perChain(_ sample: PosteriorSample) -> [Double] {
    perChain(
      energies: (0..<sample.chains).map { chain in
        (0..<sample.drawsPerChain).map { sample.statistics[chain * sample.drawsPerChain + $0].energy }
      })
  }
}
