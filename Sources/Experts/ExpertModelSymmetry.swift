#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities
import Priors

extension ExpertModel {
  /// ln of the mean of p(πθ | λ) over numberings π of the experts (those of `PriorSymmetry`), gate re-referenced, as a density of
  /// positions. The likelihood is the same for every numbering, so that this prior has the same ln L, and every labelling has the
  /// same mass under it: for three experts or more the gate's own prior depends on which of them is its reference.
  public func addSymmetricPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    let value = addPriorGradient(at: position, given: lambda, to: &gradient)
    guard let symmetry = symmetry(at: lambda) else { return value }
    return value + symmetry.addGradient(at: position, to: &gradient) - log(Double(symmetry.numberings.count))
  }

  /// ln of the mean, over the M! numberings, of the prior that the user asked for, less that of `addSymmetricPriorGradient`: for an
  /// ordering p_ordered(sorted θ | λ) / M! takes the place of the mean, and has the ln L of the ordered model. 0 where the two are
  /// the same, and for more than 12 experts.
  public func logSymmetryWeight(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    let experts = architecture.experts
    guard ordering != .none, experts > 1, experts <= PermutationSum.largest else { return 0 }
    let numberings = averagedNumberings(at: lambda)
    guard let prior = try? prior(at: lambda) else { return -.infinity }
    func logPrior(_ numbering: [Int], _ value: (Span<Double>) -> Double) -> Double {
      var moved = (0..<dimension).map { position[$0] }
      var span = moved.mutableSpan
      architecture.permute(&span, by: numbering)
      return value(moved.span)
    }
    let logs = numberings.map { logPrior($0) { prior.base.logDensity(at: $0) } }
    let sampled = Gating.logSumExp(logs.span) - log(Double(numberings.count))
    let wanted = logPrior(architecture.sorting(position, by: ordering)) { prior.logDensity(at: $0) }
    let weight = wanted - (1...experts).reduce(0.0) { $0 + log(Double($1)) } - sampled
    return weight.isNaN ? -.infinity : weight
  }

  /// The numberings that the sampled prior is the mean over; the identity alone where they make no difference.
  private func averagedNumberings(at lambda: Hyperparameters) -> [[Int]] {
    symmetry(at: lambda)?.numberings.map(\.permutation) ?? [Array(0..<architecture.experts)]
  }

  /// The numberings between which the prior at λ makes a difference; see `prepared(for:)`.
  private func symmetry(at lambda: Hyperparameters) -> PriorSymmetry? {
    if let preparedPrior, preparedPrior.values == lambda.values { return preparedPrior.symmetry }
    return (try? prior(at: lambda).base).flatMap { PriorSymmetry(architecture, $0.priors) }
  }
}
