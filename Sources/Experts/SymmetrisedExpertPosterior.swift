#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// ln Σ_k p(y | X, θ) p(T_k θ | λ) over numberings T_k of the experts: the likelihood knows no numbering, so that only
/// the prior is summed, at no evaluation of the likelihood.
///
/// For three experts and more the gate's zero reference column makes the prior depend on which expert it is. Chains of
/// the posterior itself stay with one; here every reference is part of one density without barriers.
struct SymmetrisedExpertPosterior: SymmetrisedLogDensity {
  let posterior: ExpertPosterior
  let symmetry: PriorSymmetry

  var dimension: Int { posterior.dimension }

  func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    let value = try posterior.evaluate(at: position, gradient: &gradient)
    guard value > -.infinity else { return value }
    let sum = value + symmetry.addGradient(at: position, to: &gradient)
    return sum.isFinite ? sum : -.infinity
  }

  func restore(
    position: inout MutableSpan<Double>, gradient: inout MutableSpan<Double>, stream: inout RandomStream
  ) -> RestoredDraw {
    let q = (0..<dimension).map { position[$0] }
    var shares = [Double](repeating: 0, count: symmetry.numberings.count)
    var span = shares.mutableSpan
    _ = symmetry.shares(at: q.span, into: &span)
    let choice = Self.index(at: stream.uniform(), of: shares)
    let numbering = symmetry.numberings[choice]
    if gradient.count == dimension { restore(&gradient, at: q, numbering) }
    for index in 0..<dimension { position[index] = numbering.value(index, at: q.span) }
    return RestoredDraw(map: choice, logShare: log(shares[choice]))
  }

  /// The gradient of the prior, Jacobian included, is exchanged for that at T q; the likelihood's is carried over by T⁻ᵀ.
  private func restore(_ gradient: inout MutableSpan<Double>, at q: [Double], _ numbering: Renumbering) {
    var own = [Double](repeating: 0, count: dimension)
    var span = own.mutableSpan
    _ = symmetry.addGradient(at: q.span, to: &span)
    _ = posterior.prior.addGradient(at: q.span, to: &span)
    let back = numbering.inverse(posterior.likelihood.architecture)
    let moved = numbering.applied(to: q)
    var result = [Double](repeating: 0, count: dimension)
    var resultSpan = result.mutableSpan
    for index in 0..<dimension { back.addTransposed(gradient[index] - own[index], of: index, to: &resultSpan) }
    _ = posterior.prior.addGradient(at: moved.span, to: &resultSpan)
    for index in 0..<dimension { gradient[index] = resultSpan[index] }
  }

  /// The first index whose cumulative share passes `uniform`.
  private static func index(at uniform: Double, of shares: [Double]) -> Int {
    var sum = 0.0
    for (index, share) in shares.enumerated() {
      sum += share
      if uniform < sum { return index }
    }
    return shares.indices.max { shares[$0] < shares[$1] } ?? 0
  }
}

extension ExpertPosterior {
  /// The sum over numberings of experts; nil where the prior makes no difference between them, as for two experts with
  /// equal priors.
  public var symmetrised: (any SymmetrisedLogDensity)? {
    PriorSymmetry(likelihood.architecture, prior.priors).map {
      SymmetrisedExpertPosterior(posterior: self, symmetry: $0)
    }
  }
}
