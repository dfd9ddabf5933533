/// How the predictions of K models, f_k with standard deviation σ_k or covariance C_k, become a likelihood of observations y
/// with errors σ_y. W_k is the diagonal matrix of w_k(x_n), D that of σ_y².
///
/// C_k is what `ModelPredictions.covariances` has, and the diagonal of σ_k² where it has nothing.
public enum MixingRule: Sendable, Codable, Equatable {
  /// Density mixing, row by row: p(y_n) = Σ_k w_k(x_n) N(y_n; f_k, σ_k² + σ_y²). Covariances between rows do not enter.
  ///
  /// `offset` is added to every weight and `background` to every density, both finite and at least 0: both 0 for a density of
  /// y. Taweret has the offset 1e-15 or, where it calibrates one model alone, the background 1e-15, which takes over from z² of
  /// about 70.
  case density(offset: Double = 0, background: Double = 0)
  /// Mean mixing, p(y) = N(y; Σ_k W_k f_k, C) with C by the choice.
  case mean(MeanCovariance = .weighted)
  /// Taweret's correlated form, Π_k N(W_k (f_k − y); 0, C_k + D) for `modelErrors`, and D alone without. Taweret takes C_k
  /// only from models that give a covariance. No density of y: its evidence cannot be compared with that of other rules.
  case correlated(modelErrors: Bool = false)

  /// The covariance C of mean mixing. Entry by entry, for rows n and m at inputs x_n and x_m:
  ///
  ///     weighted     C_nm = Σ_k w_k(x_n) w_k(x_m) C_k(x_n, x_m) + δ_nm σ_y(x_n)²
  ///     summed       C_nm = Σ_k C_k(x_n, x_m) + δ_nm σ_y(x_n)²
  ///     observation  C_nm = δ_nm σ_y(x_n)²
  ///
  /// Errors of different models are independent of each other in all three.
  public enum MeanCovariance: String, Sendable, Codable, CaseIterable {
    /// Σ_k W_k C_k W_k + D: what Σ_k w_k f_k has where the models' errors are independent of each other.
    case weighted
    /// Σ_k C_k + D whatever the weights: Taweret's where models give covariances.
    case summed
    /// D: observation errors alone, as if models had none; Taweret's where they give no covariances.
    case observation
  }

  /// Density mixing of proper densities.
  public static let densityMixing = MixingRule.density()

  /// `density`, `mean` or `correlated`.
  public var name: String {
    switch self {
    case .density: "density"
    case .mean: "mean"
    case .correlated: "correlated"
    }
  }

  /// Whether the likelihood is a density of y, so that evidence and held-out rows can be compared with those of other rules.
  public var isDensityOfData: Bool {
    switch self {
    case .density(let offset, let background): offset == 0 && background == 0
    case .mean: true
    case .correlated: false
    }
  }

  /// Whether covariances of a model's errors between rows enter; where not, their diagonal does at most.
  public var usesCovariances: Bool {
    if case .density = self { return false }
    return usesModelErrors
  }

  /// Whether the models' own errors are part of the likelihood.
  public var usesModelErrors: Bool {
    switch self {
    case .density: true
    case .mean(let covariance): covariance != .observation
    case .correlated(let modelErrors): modelErrors
    }
  }

  func validate() throws(MixingError) {
    guard case .density(let offset, let background) = self else { return }
    for (name, value) in [("offset", offset), ("background", background)] where !(value >= 0 && value.isFinite) {
      throw .invalid("The \(name) of density mixing is \(value); allowed is a finite number of at least 0.")
    }
  }
}
