#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities
import Sampling

extension ChainModes {
  /// The chains' states with those of negligible modes replaced by copies of others', a different one for each as far as
  /// they go, and what was done, a sentence a chain. Step size and metric are copied, too; random streams are the chains' own,
  /// so that copies part at once. Chains count from 1 in sentences.
  public func repaired(_ chains: [ChainState]) -> (chains: [ChainState], remarks: [String]) {
    precondition(chains.count == logLikelihoods.count, "one state a chain")
    let victims = negligibleChains
    let donors = modes.filter { !$0.isNegligible }.flatMap(\.chains).sorted()
    guard !victims.isEmpty, !donors.isEmpty else { return (chains, []) }
    var repaired = chains
    var remarks: [String] = []
    for (place, victim) in victims.enumerated() {
      let donor = donors[place % donors.count]
      repaired[victim] = chains[donor]
      remarks.append(
        "Chain \(victim + 1) sat \(gap(of: victim)) in a mode of negligible mass and was restarted from chain"
          + " \(donor + 1).")
    }
    return (repaired, remarks)
  }

  /// One log weight a draw with which the draws of all modes together have the posterior's mass; −∞ for those of negligible
  /// modes. nil where all chains are in one mode.
  public func logWeights(drawsPerChain: Int) -> [Double]? {
    guard !isSingle else { return nil }
    var weights = [Double](repeating: -.infinity, count: logLikelihoods.count * drawsPerChain)
    for mode in modes where !mode.isNegligible {
      let weight = log(mode.share) - log(Double(mode.chains.count * drawsPerChain))
      for chain in mode.chains {
        for draw in chain * drawsPerChain..<(chain + 1) * drawsPerChain { weights[draw] = weight }
      }
    }
    return weights
  }

  /// What a reader of weighted draws must know, a sentence each; empty where all chains are in one mode and none is low.
  public var remarks: [String] {
    var result: [String] = []
    for mode in modes where mode.isNegligible {
      let below = decimalText(-(mode.logMass?.value ?? 0), places: 0)
      let error = decimalText(mode.logMass?.standardError ?? 0, places: 1)
      result.append(
        "\(name(mode.chains)) sat \(gap(of: mode.chains[0])); the mass of that mode is about \(below) ± \(error) nats"
          + " below that of the others and is left out.")
    }
    let kept = modes.filter { !$0.isNegligible }
    if kept.count > 1 {
      let shares = kept.map { mode -> String in
        let share = decimalText(100 * mode.share, places: 0)
        guard let mass = mode.logMass else { return "\(name(mode.chains)) \(share) % (by number of chains)" }
        let error = mass.standardError > 0 ? ", ± \(decimalText(mass.standardError, places: 1)) nats" : ""
        return "\(name(mode.chains)) \(share) %\(error)"
      }
      result.append(
        "The posterior has \(kept.count) modes between which chains do not move; their draws are weighted by the modes'"
          + " estimated mass: \(shares.joined(separator: "; ")).")
    }
    let explained = Set(negligibleChains)
    for chain in lowChains where !explained.contains(chain) {
      result.append(
        "\(name([chain])) sat \(gap(of: chain)), and nothing shows that it should be left out: its draws are kept.")
    }
    return result
  }

  private func name(_ chains: [Int]) -> String {
    chains.count == 1
      ? "Chain \(chains[0] + 1)" : "Chains \(chains.map { "\($0 + 1)" }.joined(separator: ", "))"
  }

  /// How far a chain's mean log-likelihood is from the mean over the chains that are kept.
  private func gap(of chain: Int) -> String {
    let others = modes.filter { !$0.isNegligible && !$0.chains.contains(chain) }.flatMap(\.chains)
    guard !others.isEmpty else { return "apart from the others" }
    let level = others.reduce(0) { $0 + logLikelihoods[$1] } / Double(others.count)
    let gap = logLikelihoods[chain] - level
    return "\(decimalText(abs(gap), places: 0)) nats of log-likelihood \(gap < 0 ? "below" : "above") the others"
  }
}
