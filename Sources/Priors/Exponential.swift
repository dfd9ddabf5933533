import LogDensities

/// Exponential(rate r): p(θ) = r e^{−rθ}.
public struct Exponential: UnivariatePrior {
  /// r > 0, the inverse of the mean.
  public var rate: Double

  /// The log rate.
  public static let hyperparameters: [Hyperparameters.Kind] = [.logRate]
  /// θ > 0; u is ln θ.
  public var support: Support { .positive }

  /// A prior with that rate.
  public init(rate: Double) { self.rate = rate }

  /// The prior at (ln r).
  public init(tuningValues: HyperparameterVector) { self.init(rate: exponential(tuningValues[0])) }

  /// (ln r).
  public var tuningValues: HyperparameterVector { [logarithm(rate), 0, 0, 0] }
  /// (r).
  public var naturalValues: HyperparameterVector { [rate, 0, 0, 0] }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double { logarithm(rate) - scaled(at: u) }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double { -scaled(at: u) }

  /// ∂ ln p / ∂ (ln r).
  public func score(at u: Double) -> HyperparameterVector { [1 - scaled(at: u), 0, 0, 0] }

  /// The second derivative in ln r.
  public func curvature(at u: Double) -> HyperparameterCurvature { HyperparameterCurvature(-scaled(at: u)) }

  /// −1: θ = ξ / r.
  public func pathwiseDerivative(at u: Double) -> HyperparameterVector { [-1, 0, 0, 0] }

  /// The expected information of (ln r).
  public var information: HyperparameterVector { [1, 0, 0, 0] }

  /// rθ.
  private func scaled(at u: Double) -> Double { exponential(logarithm(rate) + u) }
}
