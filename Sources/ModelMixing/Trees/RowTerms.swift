/// What every row adds to the statistics of its leaf: f fᵀ/s² (packed lower triangle), then f r/s² with the residual r.
struct RowTerms: Sendable {
  /// Numbers a row, `TreeProblem.termWidth`.
  let width: Int
  private(set) var values: [Double]

  init(_ problem: TreeProblem, residual: [Double]) {
    let models = problem.models
    width = problem.termWidth
    values = []
    values.reserveCapacity(problem.rows * width)
    for row in 0..<problem.rows {
      for i in 0..<models {
        for j in 0...i { values.append(problem.weighted[row * models + i] * problem.predictions[row * models + j]) }
      }
      for _ in 0..<models { values.append(0) }
    }
    setResiduals(residual, problem)
  }

  /// Takes the residual of every row.
  mutating func setResiduals(_ residual: [Double], _ problem: TreeProblem) {
    let models = problem.models
    let first = width - models
    for row in residual.indices {
      for model in 0..<models {
        values[row * width + first + model] = problem.weighted[row * models + model] * residual[row]
      }
    }
  }
}
