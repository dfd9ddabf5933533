extension MixingProblem {
  /// SAMBA: an integral with a quartic coupling g, expanded at small and at large g; neither expansion is good between.
  /// - Parameters:
  ///   - order: N of both expansions.
  ///   - errorModel: What the models' standard deviations are made of.
  /// - Throws: `MixingError` for an order that the error model does not have: those from 2 to 160 are fine.
  public static func samba(
    order: Int = 2, errorModel: TruncationErrorModel = .uninformative
  ) throws(MixingError) -> MixingProblem {
    MixingProblem(
      name: "samba",
      summary:
        "The integral F(g) of a quartic coupling g by its expansions at small and at large g, order \(order), "
        + "\(errorModel) truncation errors.",
      inputs: [MixingInput(name: "g", lower: 0.01, upper: 1, observed: 0.1...0.6, isPositive: true)],
      models: [
        try SmallCouplingExpansion(order: order, errorModel: errorModel),
        try LargeCouplingExpansion(order: order, errorModel: errorModel),
      ],
      truth: MixingTruth("∫exp(−x²/2 − g²x⁴)dx") { quarticIntegral($0[0]) },
      design: [(0..<10).map { 0.1 + 0.5 * Double($0) / 9 }],
      noise: .relative(0.01),
      suggestion: MixingSuggestion(
        weights: "switchcos",
        weightPriors: [
          .truncatedNormal("weight[g1]", location: 0.1, scale: 0.05, lower: 0.01, upper: 0.3),
          .truncatedNormal("weight[g2]", location: 0.6, scale: 0.05, lower: 0, upper: 0.8),
          .truncatedNormal("weight[g3]", location: 0.4, scale: 0.05, lower: 0, upper: 0.55),
        ],
        constraint: "g1 < g3 < g2"),
      notes: [
        "Expansions: Honda 2014, JHEP 12, 019; truncation errors: Semposki, Furnstahl and Phillips 2022, Phys. Rev. C 106, "
          + "044002; design, noise and priors: Taweret's switchcos tutorial.",
        "Each observation's error is 1 % of the truth; Taweret takes 1 % of the noisy value.",
        "Precision mixing is usually shown at order 3 with informative errors.",
      ])
  }
}
