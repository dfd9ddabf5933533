/// (37): ELL(λ) ≈ 1/S Σₛ [ln p(y | θₛ) + ln p(θₛ | λ)] over draws θₛ of p(θ | y, λ).
///
/// It is not the log evidence, ln L = ELL + the posterior's entropy: it rewards priors that shrink the posterior.
public enum ExpectedLogLikelihood {
  /// The estimate and its Monte Carlo standard error.
  public static func estimate(_ draws: EvaluatedDraws) -> Estimate {
    draws.mean(of: perDraw(draws))
  }

  /// ln p(y | θ) + ln p(θ | λ) of every draw.
  static func perDraw(_ draws: EvaluatedDraws) -> [Double] {
    zip(draws.logLikelihood, draws.logPrior).map { $0 + $1 }
  }
}
