import Evaluation

/// What the paper prints of one model: of one random split or simulation, rounded, mean ± standard error.
public struct PublishedScores: Sendable, Codable, Equatable {
  /// What the table calls the model.
  public var model: String
  /// The printed figures; none where the paper leaves the cell blank.
  public var scores: [PaperMetric: Score]
  /// R-hat of Table 5; nil where it is not listed.
  public var largestRHat: Double?

  /// The figure of a metric; nil where there is none.
  public subscript(metric: PaperMetric) -> Score? { scores[metric] }

  /// Whether ours lies more than two joint standard errors away: |d| > 2 √(SE² + SE²); true where ours is not finite. nil where
  /// one of the two has no figure or no error, as R² in the paper. A published error of 0.00 is taken as 0.005, the largest
  /// that is printed so.
  public func differs(_ metric: PaperMetric, from ours: Score?) -> Bool? {
    guard let ours, let published = scores[metric], let printed = published.standardError else { return nil }
    guard ours.value.isFinite else { return true }
    guard let own = ours.standardError else { return nil }
    let error = printed == 0 ? 0.005 : printed
    return abs(ours.value - published.value) > 2 * (own * own + error * error).squareRoot()
  }
}

extension PublishedScores {
  /// A row of Tables 1, 2, 3, 7 or 8; R² in the percent that the paper prints.
  fileprivate init(
    _ model: String, loo: (Double, Double)? = nil, lppd: (Double, Double)? = nil, _ coverage: (Double, Double),
    _ length: (Double, Double), _ squaredError: (Double, Double), r2: Double? = nil, rHat: Double? = nil
  ) {
    self.model = model
    largestRHat = rHat
    scores = [
      .coverage: Score(value: coverage.0, standardError: coverage.1),
      .length: Score(value: length.0, standardError: length.1),
      .squaredError: Score(value: squaredError.0, standardError: squaredError.1),
    ]
    if let loo { scores[.loo] = Score(value: loo.0, standardError: loo.1) }
    if let lppd { scores[.lppd] = Score(value: lppd.0, standardError: lppd.1) }
    if let r2 { scores[.r2] = Score(value: r2 / 100, standardError: nil) }
  }
}

extension PaperExperiment {
  /// What the paper prints of that model; nil of models that it does not have here.
  public func published(_ model: String) -> PublishedScores? { published.first { $0.model == model } }

  /// The paper's table, in its order.
  public var published: [PublishedScores] {
    switch self {
    case .switch:
      [
        .init("MoE", loo: (-96.75, 18.10), lppd: (-100.51, 18.63), (0.94, 0.01), (3.15, 0.12), (3.98, 0.35)),
        .init("BoE", loo: (-646.62, 41.13), lppd: (-680.61, 41.78), (0.89, 0.01), (3.33, 0.08), (3.05, 0.26)),
        .init("CoCoAFusE", loo: (-97.72, 18.15), lppd: (-101.73, 18.65), (0.94, 0.01), (3.11, 0.12), (3.97, 0.35)),
      ]
    case .transition:
      [
        .init("MoE3", loo: (-144.99, 19.53), lppd: (-112.49, 14.45), (0.97, 0.01), (1.40, 0.02), (0.24, 0.01)),
        .init("MoE2", loo: (-400.22, 21.95), lppd: (-415.83, 21.86), (0.98, 0.01), (2.12, 0.04), (0.58, 0.03)),
        .init("BoE", loo: (-141.10, 22.15), lppd: (-104.30, 15.37), (0.96, 0.01), (1.21, 0.00), (0.19, 0.01)),
        .init("CoCoAFusE", loo: (-113.61, 17.70), lppd: (-97.81, 14.71), (0.96, 0.01), (1.22, 0.01), (0.19, 0.01)),
      ]
    case .wind: Self.publishedWind
    case .motorcycle: Self.publishedMotorcycle
    case .pdb: Self.publishedLoad
    }
  }

  private static let publishedWind: [PublishedScores] = [
    .init(
      "MoE", loo: (756, 39), lppd: (779, 32), (0.96, 0.01), (0.44, 0.01), (0.0276, 0.0040), r2: 88.10, rHat: 1.013),
    .init(
      "BoE", loo: (871, 48), lppd: (849, 61), (0.93, 0.01), (0.29, 0.01), (0.0251, 0.0042), r2: 87.87, rHat: 1.036),
    .init(
      "CoCoAFusE", loo: (947, 51), lppd: (639, 203), (0.97, 0.01), (0.27, 0.01), (0.0222, 0.0042), r2: 87.66,
      rHat: 1.023),
    .init(
      "BNN", loo: (468, 67), lppd: (310, 106), (0.96, 0.01), (0.37, 0.00), (0.0246, 0.0041), r2: 88.21, rHat: 1.245),
    .init("GPR", (0.91, 0.01), (0.24, 0.00), (0.0196, 0.0037), r2: 88.34),
  ]

  private static let publishedMotorcycle: [PublishedScores] = [
    .init(
      "MoE", loo: (46.78, 12.35), lppd: (28.69, 9.09), (0.98, 0.02), (0.80, 0.04), (0.0851, 0.0099), r2: 63.72,
      rHat: 1.011),
    .init(
      "BoE", loo: (53.36, 12.02), lppd: (25.36, 9.47), (0.90, 0.04), (0.68, 0.05), (0.0810, 0.0094), r2: 58.93,
      rHat: 1.009),
    .init(
      "CoCoAFusE", loo: (53.17, 12.10), lppd: (20.62, 10.98), (0.95, 0.03), (0.70, 0.05), (0.0807, 0.0094),
      r2: 59.54, rHat: 1.010),
    .init(
      "BNN", loo: (4.29, 5.17), lppd: (10.95, 4.00), (0.98, 0.02), (0.93, 0.00), (0.0942, 0.0076), r2: 62.53,
      rHat: 1.257),
    .init("GPR", (0.86, 0.05), (0.70, 0.03), (0.0778, 0.0084), r2: 58.32),
  ]

  private static let publishedLoad: [PublishedScores] = [
    .init(
      "MoE", loo: (-566, 24), lppd: (-109, 11), (0.96, 0.01), (1.69, 0.02), (0.32, 0.02), r2: 87.34, rHat: 1.007),
    .init("BoE", loo: (-243, 25), lppd: (-53, 10), (0.95, 0.01), (1.18, 0.01), (0.19, 0.01), r2: 89.90, rHat: 1.010),
    .init(
      "CoCoAFusE", loo: (-209, 25), lppd: (-52, 11), (0.94, 0.01), (1.13, 0.01), (0.18, 0.01), r2: 90.41, rHat: 1.019),
    .init("BNN", loo: (-37, 33), lppd: (-21, 15), (0.95, 0.01), (0.98, 0.00), (0.13, 0.01), r2: 92.62, rHat: 2.762),
    .init("GPR", (0.83, 0.02), (0.80, 0.01), (0.13, 0.01), r2: 91.21),
  ]
}
