/// Precision weighting at one input. Precisions are taken relative to the surest model's, so that variances may span the
/// whole range of numbers.
struct IndependentPrecision {
  let weights: [Double]
  let mixed: Prediction

  init(_ predictions: ModelPredictions, row: Int) throws(MixingError) {
    let means = predictions.means.map { $0[row] }
    let deviations = predictions.standardDeviations.map { $0[row] }
    guard let surest = deviations.indices.min(by: { deviations[$0] < deviations[$1] }) else { throw .noModels }
    let (least, anchor) = (deviations[surest], means[surest])
    if least == 0 {
      for model in means.indices where deviations[model] == 0 && !agree(means[model], anchor) {
        throw .sureModelsDisagree(predictions.names[surest], predictions.names[model], row: row)
      }
    }
    let precisions = deviations.map { deviation -> Double in
      guard least > 0 else { return deviation == 0 ? 1 : 0 }
      let ratio = least / deviation
      return ratio * ratio
    }
    let total = precisions.reduce(0, +)
    let weights = precisions.map { $0 / total }
    // About the surest mean, so that models which agree exactly give exactly that; differences themselves could overflow.
    let mean = zip(weights, means).reduce(anchor) { $0 + ($1.0 * $1.1 - $1.0 * anchor) }
    self.weights = weights
    mixed = Prediction(mean: mean, standardDeviation: least / total.squareRoot())
  }
}
