#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

extension ExpertModel {
  /// ln p̄(θ) − ln p(θ), with p the unordered product of priors and p̄ the mean of the model's prior over the M! numberings of
  /// the experts, gate re-referenced: (1 / M!) Σ_π p(πθ | λ), or p_ordered(sorted θ | λ) / M! where an ordering is asked for.
  /// The likelihood is the same for every numbering, so that ∫ p(y | θ) p̄(θ) dθ is ln L of the model as it was asked for.
  ///
  /// 0 for more than 12 experts, whose numberings are too many to sum over; −∞ where λ has no prior.
  public func logSymmetryWeight(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    let experts = architecture.experts
    guard experts > 1, experts <= PermutationSum.largest else { return 0 }
    guard let prior = try? prior(at: lambda) else { return -.infinity }
    let own = prior.base.logDensity(of: 0..<dimension, at: position)
    let logNumberings = (1...experts).reduce(0.0) { $0 + log(Double($1)) }
    var moved = (0..<dimension).map { position[$0] }
    let mean: Double
    if ordering == .none {
      mean = PermutationSum(architecture: architecture, priors: prior.base.priors).logSum(at: moved)
    } else {
      let permutation = architecture.sorting(position, by: ordering)
      var span = moved.mutableSpan
      architecture.permute(&span, by: permutation)
      mean = prior.logDensity(at: moved.span)
    }
    let weight = mean - logNumberings - own
    return weight.isNaN ? -.infinity : weight
  }
}
