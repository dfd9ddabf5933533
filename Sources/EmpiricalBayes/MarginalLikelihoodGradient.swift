/// (38), Fisher's identity: ∇ ln L(λ) ≈ 1/S Σₛ ∇λ ln p(θₛ | λ) over draws θₛ of p(θ | y, λ).
public enum MarginalLikelihoodGradient {
  /// One estimate a coordinate of λ, each with its Monte Carlo standard error.
  public static func estimate(_ draws: EvaluatedDraws) -> [Estimate] {
    draws.scores.enumerated().map { draws.derivative(in: $0, from: $1) }
  }
}
