import LogDensities

/// Gamma(shape k, rate r): p(θ) = rᵏ θᵏ⁻¹ e^{−rθ} / Γ(k).
public struct Gamma: UnivariatePrior {
  /// k > 0.
  public var shape: Double
  /// r > 0.
  public var rate: Double

  /// Log shape and log rate.
  public static let hyperparameters: [Hyperparameters.Kind] = [.logShape, .logRate]
  /// θ > 0; u is ln θ.
  public var support: Support { .positive }

  /// A prior with that shape and rate.
  public init(shape: Double, rate: Double) {
    self.shape = shape
    self.rate = rate
  }

  /// The prior at (ln k, ln r).
  public init(tuningValues: HyperparameterVector) {
    self.init(shape: exponential(tuningValues[0]), rate: exponential(tuningValues[1]))
  }

  /// (ln k, ln r).
  public var tuningValues: HyperparameterVector { [logarithm(shape), logarithm(rate), 0, 0] }
  /// (k, r).
  public var naturalValues: HyperparameterVector { [shape, rate, 0, 0] }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double {
    shape * (logarithm(rate) + u) - logGamma(shape) - u - scaled(at: u)
  }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double { shape - 1 - scaled(at: u) }

  /// ∂ ln p / ∂ (ln k, ln r).
  public func score(at u: Double) -> HyperparameterVector {
    [shape * (logarithm(rate) + u - digamma(shape)), shape - scaled(at: u), 0, 0]
  }

  /// The second derivatives in (ln k, ln r).
  public func curvature(at u: Double) -> HyperparameterCurvature {
    HyperparameterCurvature(
      shape * (logarithm(rate) + u - digamma(shape)) - shape * shape * trigamma(shape), shape, -scaled(at: u))
  }

  /// −1 for ln r; a shape has no such function.
  public func pathwiseDerivative(at u: Double) -> HyperparameterVector { [.nan, -1, 0, 0] }

  /// The expected information of (ln k, ln r).
  public var information: HyperparameterVector { [shape * shape * trigamma(shape), shape, 0, 0] }

  /// rθ.
  private func scaled(at u: Double) -> Double { exponential(logarithm(rate) + u) }
}
