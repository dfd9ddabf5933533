/// Where one covariance takes over from another along one column of the inputs, and over what width.
///
/// With the logistic sigmoid s(x) = 1 / (1 + exp(−(x − x₀) / w)) the processes f₁ and f₂ become (1 − s) f₁ + s f₂, which has
/// the covariance (1 − s(x)) (1 − s(x′)) k₁(x, x′) + s(x) s(x′) k₂(x, x′) (Saatçi, Turner and Rasmussen 2010; Lloyd et al.
/// 2014).
public struct Changepoint: Sendable, Codable, Equatable {
  /// x₀: where both have the weight ½.
  public var location: KernelParameter
  /// w: from x₀ − 3w to x₀ + 3w the weight of the second goes from 0.047 to 0.953.
  public var width: KernelParameter
  /// The column of the inputs that x is, counted from 0; nil where there is only one.
  public var column: Int?

  /// A changepoint; `location` must be a location.
  public init(_ location: KernelParameter, width: KernelParameter, column: Int? = nil) {
    self.location = location
    self.width = width
    self.column = column
  }
}
