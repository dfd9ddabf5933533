import Experts
import LogDensities
import TuningIO

/// Rows, features and priors, ready for a model: what the data options amount to.
struct Study: Sendable {
  let name: String
  let summary: String
  let isSimulated: Bool
  let notes: [String]
  /// What about the data makes results doubtful.
  let warnings: [String]
  let target: String
  let expertTerms: String
  let gateTerms: String
  /// From the target's units to the model's.
  let scaling: ResponseScaling
  let standardizes: Bool
  /// From columns to the experts' features and to the gate's, with the statistics of the training rows.
  let designs: (expert: Design, gate: Design)
  /// The columns that features are made of, over all rows that were read for training.
  let columns: StudyColumns
  var training: ExpertRows
  /// Held-out rows; nil where there are none.
  var test: ExpertRows?
  /// M unless the user says otherwise.
  let experts: Int
  /// Priors chosen by hand for that M and these features; nil for the defaults.
  let handPriors: HandPriors?
  let source: RunConfiguration.DataSource

  /// What columns and terms make of the data.
  struct Rows {
    let training: ExpertRows
    let test: ExpertRows?
    let scaling: ResponseScaling
    let warnings: [String]
    let designs: (expert: Design, gate: Design)
    let columns: StudyColumns
  }

  /// Expert and gate features of training and test rows.
  static func rows(
    target: String, scaling: (([Double]) throws -> ResponseScaling), expertTerms: String, gateTerms: String,
    standardizes: Bool, training: some ColumnSource, test: (some ColumnSource)?
  ) throws -> Rows {
    let expertFeatures = try features(expertTerms, without: target)
    let gateFeatures = try features(gateTerms, without: target)
    let response = try training.column(target)
    guard response.count >= 2 else {
      throw Failure("There is 1 row to fit; a model needs at least as many rows as parameters.", .data)
    }
    let scaling = try scaling(response)
    let warnings = ties(response, target: target)
    let expert = try Design.fit(
      expertFeatures, to: training, rows: response.count, bias: false, standardizesColumns: standardizes)
    let gate = try Design.fit(
      gateFeatures, to: training, rows: response.count, bias: true, standardizesColumns: standardizes)
    let fitted = ExpertRows(expert.matrix, gate.matrix, response: scaling.apply(response))
    let heldOut = try test.map { test in
      let response = try test.column(target)
      return ExpertRows(
        try expert.design.matrix(for: test, rows: response.count),
        try gate.design.matrix(for: test, rows: response.count), response: scaling.apply(response))
    }
    return Rows(
      training: fitted, test: heldOut, scaling: scaling,
      warnings: warnings + expert.design.scaleWarnings + gate.design.scaleWarnings,
      designs: (expert.design, gate.design),
      columns: try StudyColumns(
        of: expertFeatures + gateFeatures, training,
        levels: expert.design.levels.merging(gate.design.levels) { own, _ in own }))
  }

  private static func features(_ terms: String, without target: String) throws -> [FeatureTerm] {
    let terms = try FeatureTerm.parse(terms)
    if let term = terms.first(where: { $0.expression.columns.contains(target) }) {
      throw Failure("Feature \(term) is computed from the target \(target), which it is to predict.", .usage)
    }
    return terms
  }

  /// One value of the target in 5 % of the rows or more: an expert that fits these rows exactly has an unbounded
  /// likelihood as its σ falls, and a log density of such rows means nothing.
  private static func ties(_ response: [Double], target: String) -> [String] {
    var counts: [Double: Int] = [:]
    for value in response { counts[value, default: 0] += 1 }
    guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.value * 20 >= response.count,
      most.value > 1
    else { return [] }
    return [
      "\(target) is exactly \(NumberText.significant(most.key)) in \(most.value) of \(response.count) rows: a Gaussian"
        + " expert can fit them with a standard deviation near 0, which makes densities there meaningless; a count, a class"
        + " or a value that is cut off needs another model."
    ]
  }
}
