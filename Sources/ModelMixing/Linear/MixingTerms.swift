/// What a rule is told of n rows and K models at one place of the parameters, row by row (each of length n · K).
struct MixingTerms: Sendable {
  let rows: Int
  let models: Int
  /// ln w_k.
  var logWeights: [Double]
  /// f_k.
  var means: [Double]
  /// σ_k.
  var deviations: [Double]

  init(rows: Int, models: Int) {
    self.rows = rows
    self.models = models
    logWeights = [Double](repeating: 0, count: rows * models)
    means = logWeights
    deviations = logWeights
  }
}

/// What a rule says: the log-likelihood of every row, and the derivatives of their sum in all terms.
struct MixingSlopes: Sendable {
  /// One a row; they sum to the log-likelihood.
  var values: [Double]
  /// In ln w_k; n · K like the terms.
  var logWeights: [Double]
  /// In f_k.
  var means: [Double]
  /// In σ_k.
  var deviations: [Double]

  init(rows: Int, models: Int) {
    values = [Double](repeating: 0, count: rows)
    logWeights = [Double](repeating: 0, count: rows * models)
    means = logWeights
    deviations = logWeights
  }
}

/// The observations as a rule needs them.
struct MixingObservations: Sendable {
  let response: [Double]
  /// σ_y².
  let variances: [Double]
  /// C_k by rows for every model that has one (K).
  let covariances: [[Double]?]

  /// Whether rows depend on each other.
  var hasCovariances: Bool { covariances.contains { $0 != nil } }
}

extension MixingRule {
  /// The log-likelihood, row by row, with its derivatives; NaN or −∞ where there is none.
  func evaluate(_ terms: MixingTerms, _ observations: MixingObservations, into slopes: inout MixingSlopes) {
    switch self {
    case .density(let offset, let background):
      DensityMixing(offset: offset, background: background).evaluate(terms, observations, into: &slopes)
    case .mean(let covariance):
      if observations.hasCovariances && covariance != .observation {
        CovariantMeanMixing(isWeighted: covariance == .weighted).evaluate(terms, observations, into: &slopes)
      } else {
        MeanMixing(covariance: covariance).evaluate(terms, observations, into: &slopes)
      }
    case .correlated(let modelErrors):
      CorrelatedMixing(modelErrors: modelErrors).evaluate(terms, observations, into: &slopes)
    }
  }
}
