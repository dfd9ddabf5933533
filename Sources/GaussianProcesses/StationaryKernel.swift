/// A correlation that depends on the distance of two rows only, 1 at distance 0.
///
/// With the scaled distance r² = Σ_f ((x_f − x′_f) / ℓ_f)² over the columns in use.
public struct StationaryKernel: Sendable, Codable, Equatable {
  /// How the correlation falls with distance.
  public enum Shape: Sendable, Codable, Equatable {
    /// exp(−r²/2), the squared exponential (Rasmussen and Williams 2006, equation 4.9).
    case rbf
    /// exp(−r), the Ornstein–Uhlenbeck process.
    case matern12
    /// (1 + √3 r) exp(−√3 r) (equation 4.17).
    case matern32
    /// (1 + √5 r + 5 r²/3) exp(−√5 r) (equation 4.17).
    case matern52
    /// (1 + r² / 2α)^−α (equation 4.19).
    case rationalQuadratic(alpha: KernelParameter)
    /// exp(−2 sin²(π d / p) / ℓ²) of the distance d, which is not scaled: the definition of scikit-learn's ExpSineSquared, but on
    /// one column only, as it is not positive definite in Euclidean distances on several.
    case periodic(period: KernelParameter)
  }

  /// How the correlation falls with distance, with the parameters that the shape has of its own.
  public var shape: Shape
  /// One for all columns in use, or one for each of them (automatic relevance determination).
  public var lengthScales: [KernelParameter]
  /// The columns of the inputs in use, counted from 0; nil for all.
  public var columns: [Int]?

  /// A correlation.
  public init(_ shape: Shape, lengthScales: [KernelParameter], columns: [Int]? = nil) {
    self.shape = shape
    self.lengthScales = lengthScales
    self.columns = columns
  }

  /// The name in texts and in the names of hyperparameters.
  var name: String {
    switch shape {
    case .rbf: "rbf"
    case .matern12: "matern12"
    case .matern32: "matern32"
    case .matern52: "matern52"
    case .rationalQuadratic: "rational_quadratic"
    case .periodic: "periodic"
    }
  }
}
