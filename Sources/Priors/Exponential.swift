import LogDensities

/// Exponential(rate r): p(θ) = r e^{−rθ}.
public struct Exponential: UnivariatePrior {
  /// r > 0, the inverse of the mean.
  public var rate: Double

  public static let hyperparameters: [Hyperparameters.Kind] = [.logRate]
  public static let support = Support.positive

  /// A prior with that rate.
  public init(rate: Double) { self.rate = rate }

  public init(tuningValues: HyperparameterVector) { self.init(rate: exponential(tuningValues[0])) }

  public var tuningValues: HyperparameterVector { [logarithm(rate), 0, 0, 0] }
  public var naturalValues: HyperparameterVector { [rate, 0, 0, 0] }

  public func logDensity(at u: Double) -> Double { logarithm(rate) - scaled(at: u) }

  public func derivative(at u: Double) -> Double { -scaled(at: u) }

  public func score(at u: Double) -> HyperparameterVector { [1 - scaled(at: u), 0, 0, 0] }

  public var information: HyperparameterVector { [1, 0, 0, 0] }

  /// rθ.
  private func scaled(at u: Double) -> Double { exponential(logarithm(rate) + u) }
}
