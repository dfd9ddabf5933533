#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities
import Priors

extension ExpertModel {
  /// With priors that tell experts apart, the mean over all numberings takes M! priors a gradient.
  private static let mostAveraged = 6

  /// ln of the mean of p(πθ | λ) over numberings π of the experts, gate re-referenced, as a density of positions. The likelihood is
  /// the same for every numbering, so that this prior has the same ln L, and every labelling has the same mass under it: for three
  /// experts or more the gate's own prior depends on which of them is its reference.
  ///
  /// Where all experts have the same priors, the mean over the choices of the reference is all that it takes. More than six experts
  /// with different priors are not averaged.
  public func addSymmetricPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    guard let prior = try? prior(at: lambda).base else { return -.infinity }
    let numberings = averagedNumberings(at: lambda)
    guard numberings.count > 1 else { return addPriorGradient(at: position, given: lambda, to: &gradient) }
    var logs: [Double] = []
    var slopes: [[Double]] = []
    for numbering in numberings {
      var moved = (0..<dimension).map { position[$0] }
      var span = moved.mutableSpan
      architecture.permute(&span, by: numbering)
      var slope = [Double](repeating: 0, count: dimension)
      var slopeSpan = slope.mutableSpan
      logs.append(prior.addGradient(at: moved.span, to: &slopeSpan))
      slopes.append(slope)
    }
    let total = Gating.logSumExp(logs.span)
    guard total.isFinite else { return -.infinity }
    for (index, numbering) in numberings.enumerated() {
      architecture.addTransposed(slopes[index], of: numbering, weight: exp(logs[index] - total), to: &gradient)
    }
    var value = total - log(Double(numberings.count))
    for index in 0..<dimension where layout.families[index].support == .positive {
      value += position[index]
      gradient[index] += 1
    }
    return value
  }

  /// ln of the mean, over the M! numberings, of the prior that the user asked for, less that of `addSymmetricPriorGradient`: for an
  /// ordering p_ordered(sorted θ | λ) / M! takes the place of the mean, and has the ln L of the ordered model. 0 where the two are
  /// the same, and for more than 12 experts.
  public func logSymmetryWeight(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    let experts = architecture.experts
    guard experts > 1, experts <= PermutationSum.largest else { return 0 }
    let numberings = averagedNumberings(at: lambda)
    if ordering == .none && numberings.count > 1 { return 0 }
    guard let prior = try? prior(at: lambda) else { return -.infinity }
    func logPrior(_ numbering: [Int], _ value: (Span<Double>) -> Double) -> Double {
      var moved = (0..<dimension).map { position[$0] }
      var span = moved.mutableSpan
      architecture.permute(&span, by: numbering)
      return value(moved.span)
    }
    let logs = numberings.map { logPrior($0) { prior.base.logDensity(at: $0) } }
    let sampled = Gating.logSumExp(logs.span) - log(Double(numberings.count))
    let wanted =
      ordering == .none
      ? PermutationSum(architecture: architecture, priors: prior.base.priors).logSum(
        at: (0..<dimension).map { position[$0] })
      : logPrior(architecture.sorting(position, by: ordering)) { prior.logDensity(at: $0) }
    let weight = wanted - (1...experts).reduce(0.0) { $0 + log(Double($1)) } - sampled
    return weight.isNaN ? -.infinity : weight
  }

  /// The numberings whose mean is that over all M!; the identity alone where those would be too many.
  private func averagedNumberings(at lambda: Hyperparameters) -> [[Int]] {
    let experts = architecture.experts
    let identity = Array(0..<experts)
    if givesExpertsTheSamePriors(at: lambda) {
      return identity.reversed().map { reference in
        var numbering = identity
        numbering.swapAt(reference, experts - 1)
        return numbering
      }
    }
    guard experts <= Self.mostAveraged else { return [identity] }
    return identity.reduce(into: [[]]) { numberings, _ in
      numberings = numberings.flatMap { head in identity.filter { !head.contains($0) }.map { head + [$0] } }
    }
  }
}

extension ExpertArchitecture {
  /// Adds `weight` Aᵀ g, with A the linear map of `permute(_:by:)` and g a gradient at the permuted position.
  fileprivate func addTransposed(
    _ slope: [Double], of numbering: [Int], weight: Double, to gradient: inout MutableSpan<Double>
  ) {
    let reference = numbering[experts - 1]
    for index in behaviour { gradient[index] += weight * slope[index] }
    for (place, expert) in numbering.enumerated() {
      gradient[intercepts.lowerBound + expert] += weight * slope[intercepts.lowerBound + place]
      gradient[logSigmas.lowerBound + expert] += weight * slope[logSigmas.lowerBound + place]
      for (to, from) in zip(slopes(of: place), slopes(of: expert)) { gradient[from] += weight * slope[to] }
      guard place < experts - 1 else { continue }
      for feature in 0..<gateFeatures {
        let value = weight * slope[gate(column: place).lowerBound + feature]
        if expert < experts - 1 { gradient[gate(column: expert).lowerBound + feature] += value }
        if reference < experts - 1 { gradient[gate(column: reference).lowerBound + feature] -= value }
      }
    }
  }
}
