import Evaluation
import LogDensities
import Testing

/// y_n ~ N(θ, 1), as little of a model as there can be.
private struct NormalMean: HierarchicalModel {
  struct Posterior: LogDensity {
    let dimension = 1

    func evaluate(
      at position: Span<Double>, gradient: inout MutableSpan<Double>
    ) throws(LogDensityError) -> Double { 0 }
  }

  let y: [Double]
  let dimension = 1
  let parameterNames = ["theta"]
  var rows: Int { y.count }
  let hyperparameters = Hyperparameters(entries: [], values: [])

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior { Posterior() }
  func logLikelihood(at position: Span<Double>) -> Double { 0 }
  func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double { 0 }
  func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {}
  func priorInformation(at lambda: Hyperparameters) -> [Double] { [] }
  func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double { 0 }
  func constrained(_ position: Span<Double>) -> [Double] { [position[0]] }

  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    for row in 0..<y.count { values[row] = -0.5 * (y[row] - position[0]) * (y[row] - position[0]) }
  }
}

@Suite struct PointwiseLogLikelihoodTests {
  /// More draws than one block holds, and a last block that is not full.
  @Test func rowsOfAModelLieTogether() {
    let y = [1.0, -2, 0.5]
    let positions = (0..<90).map { Double($0) / 7 }
    let found = PointwiseLogLikelihood(of: NormalMean(y: y), at: positions, chains: 2, drawsPerChain: 45)
    #expect(found.rows == 3 && found.draws == 90)
    #expect(found.values == y.flatMap { y in positions.map { -0.5 * (y - $0) * (y - $0) } })
  }
}
