import Foundation
import LogDensities
import Testing
import _TestSupport

@testable import ModelMixing

@Suite struct PrecisionMixtureTests {
  private static let table = SharedData.file("data/taweret/samba_order3_gaussian_mixing.csv")
  private static let rootTwo = 2.0.squareRoot()

  private static func mixture(
    _ means: [[Double]], _ deviations: [[Double]], covariances: [[Double]]? = nil
  ) throws -> PrecisionMixture {
    try PrecisionMixture(
      ModelPredictions(
        names: means.indices.map { "model \($0 + 1)" }, means: means, standardDeviations: deviations,
        covariances: covariances))
  }

  private static func check(_ found: PrecisionMixture, _ table: SharedTable) throws {
    #expect(found.count == 100)
    #expect(relativeError(found.means, table["mixed_mean"]) < 1e-6)
    #expect(zip(found.standardDeviations, table["mixed_std"]).allSatisfy { abs($0 - $1) <= 1e-6 * $1 + 1e-20 })
    let band = try found.band(deviations: 1)
    #expect(relativeError(band.lower, table["mixed_lower_68"]) < 1e-6)
    #expect(relativeError(band.upper, table["mixed_upper_68"]) < 1e-6)
    for (model, name) in ["weight_small_g", "weight_large_g"].enumerated() {
      #expect(relativeError(found.weights[model], table[name]) < 1e-6)
    }
  }

  @Test(.enabled(if: PrecisionMixtureTests.table != nil, "the shared data are not here"))
  func agreesWithTheTable() throws {
    let table = try SharedTable(#require(Self.table))
    let means = [table["small_g_mean"], table["large_g_mean"]]
    let deviations = [table["small_g_variance"], table["large_g_variance"]].map { $0.map { $0.squareRoot() } }
    try Self.check(Self.mixture(means, deviations), table)
    // The same through covariances, diagonal ones.
    let covariances = deviations.map { row -> [Double] in
      var matrix = [Double](repeating: 0, count: 10_000)
      for index in 0..<100 { matrix[index * 101] = row[index] * row[index] }
      return matrix
    }
    try Self.check(Self.mixture(means, deviations, covariances: covariances), table)
  }

  @Test(.enabled(if: PrecisionMixtureTests.table != nil, "the shared data are not here"))
  func theReadyProblemGivesTheTable() throws {
    let table = try SharedTable(#require(Self.table))
    let problem = try MixingProblem.samba(order: 3, errorModel: .informative)
    let predictions = try problem.predictions(at: [table["g"]])
    #expect(relativeError(predictions.means[0], table["small_g_mean"]) < 1e-10)
    #expect(relativeError(predictions.means[1], table["large_g_mean"]) < 1e-10)
    try Self.check(PrecisionMixture(predictions), table)
  }

  @Test func oneModelIsItself() throws {
    let found = try Self.mixture([[1, -2]], [[0.5, 0]])
    #expect(found.means == [1, -2] && found.standardDeviations == [0.5, 0] && found.weights == [[1, 1]])
    let full = try Self.mixture([[1, -2]], [[0.5, 1]], covariances: [[0.25, 0.1, 0.1, 1]])
    #expect(full.means == [1, -2] && full.covariance == [0.25, 0.1, 0.1, 1] && full.weights == [[1, 1]])
  }

  /// Against sums of plain inverse variances.
  @Test func tenModels() throws {
    var stream = RandomStream(seed: 3, purpose: .test)
    let means = (0..<10).map { _ in (0..<25).map { _ in stream.normal() } }
    let deviations = (0..<10).map { _ in (0..<25).map { _ in 0.1 + stream.uniform() } }
    let found = try Self.mixture(means, deviations)
    for row in 0..<25 {
      let precisions = deviations.map { 1 / ($0[row] * $0[row]) }
      let total = precisions.reduce(0, +)
      let mean = zip(precisions, means).reduce(0) { $0 + $1.0 * $1.1[row] } / total
      #expect(abs(found.means[row] - mean) < 1e-14)
      #expect(abs(found.standardDeviations[row] - 1 / total.squareRoot()) < 1e-15)
      #expect(abs(found.weights.reduce(0) { $0 + $1[row] } - 1) < 1e-14)
      #expect(zip(found.weights, precisions).allSatisfy { abs($0[row] - $1 / total) < 1e-15 })
    }
  }

  @Test func modelsThatAgreeGiveExactlyThat() throws {
    let means = [[Double]](repeating: [0.1, 1.0 / 3, -7e300], count: 10)
    let deviations = (1...10).map { [0.3 * Double($0), 1, 1e-200] }
    let found = try Self.mixture(means, deviations)
    #expect(found.means == means[0])
    #expect(abs(found.standardDeviations[1] - 0.1.squareRoot()) < 1e-15)
    #expect(relativeError([found.standardDeviations[2]], [1e-200 * 0.1.squareRoot()]) < 1e-14)
    let shared = [1, 0.5, 0.5, 2]
    let full = try Self.mixture(
      [[0.1, 0.2], [0.1, 0.2]], [[1, Self.rootTwo], [1, Self.rootTwo]], covariances: [shared, shared])
    #expect(full.means == [0.1, 0.2])
    #expect(relativeError(full.covariance ?? [], shared.map { $0 / 2 }) < 1e-14)
    #expect(full.weights.allSatisfy { relativeError($0, [0.5, 0.5]) < 1e-14 })
  }

  @Test func extremeDeviations() throws {
    let found = try Self.mixture([[1e308, 1], [-1e308, 2], [0, 3]], [[1, 1e-300], [1, 1e300], [1, 1e-300]])
    #expect(abs(found.means[0]) < 1e293 && relativeError([found.means[1]], [2]) < 1e-15)
    #expect(found.weights.map { $0[1] } == [0.5, 0, 0.5])
    #expect(relativeError(found.standardDeviations, [1 / 3.0.squareRoot(), 1e-300 / Self.rootTwo]) < 1e-14)
  }

  @Test func aSureModelTakesAll() throws {
    let found = try Self.mixture([[1, 4], [2, 5], [3, 5]], [[1, 1], [0, 0], [1e-9, 0]])
    #expect(found.means == [2, 5] && found.standardDeviations == [0, 0])
    #expect(found.weights == [[0, 0], [1, 0.5], [0, 0.5]])
    #expect(
      throws: MixingError.invalid("model 1 and model 3 are both sure (standard deviation 0) and disagree in row 2.")
    ) {
      try Self.mixture([[1, 1], [5, 5], [1, 2]], [[0, 0], [1, 1], [0, 0]])
    }
  }

  @Test func sureRowsAmongCovariances() throws {
    // Rows 1 and 3 are correlated, row 2 is sure in the second and third model.
    let open = [1, 0.3, 0.4, 0.3, 1, 0.2, 0.4, 0.2, 1]
    let sure = [2, 0, 0.5, 0, 0, 0, 0.5, 0, 1]
    let deviations = [[1.0, 1, 1], [Self.rootTwo, 0, 1], [Self.rootTwo, 0, 1]]
    let found = try Self.mixture([[1, 2, 3], [4, 5, 6], [7, 5, 9]], deviations, covariances: [open, sure, sure])
    #expect(found.means[1] == 5 && found.standardDeviations[1] == 0)
    #expect(found.weights.map { $0[1] } == [0, 0.5, 0.5])
    for row in 0..<3 { #expect(abs(found.weights.reduce(0) { $0 + $1[row] } - 1) < 1e-14) }
    // Knowing row 2 exactly, the first model says N(m + c (5 − 2) / 1, C − c cᵀ) of the rows 1 and 3.
    let first = [1 - 0.09, 0.4 - 0.06, 0.4 - 0.06, 1 - 0.04]
    let given = try Self.mixture(
      [[1 + 0.9, 3 + 0.6], [4, 6], [7, 9]],
      [[first[0].squareRoot(), first[3].squareRoot()], [Self.rootTwo, 1], [Self.rootTwo, 1]],
      covariances: [first, [2, 0.5, 0.5, 1], [2, 0.5, 0.5, 1]])
    #expect(relativeError([found.means[0], found.means[2]], given.means) < 1e-13)
    let (covariance, reduced) = (found.covariance ?? [], given.covariance ?? [])
    #expect(relativeError([0, 2, 6, 8].map { covariance[$0] }, reduced) < 1e-13)
    #expect(throws: MixingError.self) {
      try Self.mixture([[1, 2, 3], [4, 5, 6], [7, 5.1, 9]], deviations, covariances: [open, sure, sure])
    }
    let whole = try Self.mixture(
      [[1, 2], [3, 4]], [[0, 0], [1, 1]], covariances: [[0, 0, 0, 0], [1, 0.5, 0.5, 1]])
    #expect(whole.means == [1, 2] && whole.covariance == [0, 0, 0, 0] && whole.weights == [[1, 1], [0, 0]])
  }

  /// Three models with full covariances against (Σ C⁻¹)⁻¹ by inverses of 2 × 2 matrices.
  @Test func fullCovariances() throws {
    let covariances = [[1, 0.5, 0.5, 2], [0.3, -0.1, -0.1, 0.4], [5, 2, 2, 1]]
    let means = [[1.0, 2], [0.5, -1], [3, 3]]
    func inverse(_ m: [Double]) -> [Double] {
      let determinant = m[0] * m[3] - m[1] * m[2]
      return [m[3], -m[1], -m[2], m[0]].map { $0 / determinant }
    }
    func times(_ m: [Double], _ v: [Double]) -> [Double] {
      [m[0] * v[0] + m[1] * v[1], m[2] * v[0] + m[3] * v[1]]
    }
    let precision = covariances.map(inverse).reduce([0, 0, 0, 0]) { zip($0, $1).map(+) }
    let right = zip(covariances, means).map { times(inverse($0), $1) }.reduce([0, 0]) { zip($0, $1).map(+) }
    let expected = inverse(precision)
    let found = try Self.mixture(
      means, covariances.map { [$0[0].squareRoot(), $0[3].squareRoot()] }, covariances: covariances)
    #expect(relativeError(found.covariance ?? [], expected) < 1e-13)
    #expect(relativeError(found.means, times(expected, right)) < 1e-13)
    #expect(relativeError(found.standardDeviations, [expected[0].squareRoot(), expected[3].squareRoot()]) < 1e-13)
    for model in 0..<3 {
      let shift = times(expected, times(inverse(covariances[model]), [1, 1]))
      #expect(relativeError(found.weights[model], shift) < 1e-12)
    }
  }

  /// Smooth errors, whose covariances have no inverse in floating point: still what 1 × 1 algebra says on average.
  @Test func smoothErrors() throws {
    let n = 40
    func smooth(_ scale: Double) -> [Double] {
      (0..<n * n).map { index -> Double in
        let distance = Double(index / n - index % n) / 30
        return scale * exp(-0.5 * distance * distance) + (distance == 0 ? 1e-9 : 0)
      }
    }
    let covariances = [smooth(1), smooth(3)]
    let deviations = covariances.map { matrix in (0..<n).map { matrix[$0 * (n + 1)].squareRoot() } }
    let found = try Self.mixture(
      [[Double](repeating: 1, count: n), [Double](repeating: 5, count: n)], deviations, covariances: covariances)
    // C₂ = 3 C₁ but for 1e-9, so the weights are 3/4 and 1/4.
    #expect(found.means.allSatisfy { abs($0 - 2) < 1e-5 })
    #expect(found.standardDeviations.allSatisfy { abs($0 - 0.75.squareRoot()) < 1e-5 })
    #expect(throws: MixingError.self) {
      try Self.mixture([[1, 1], [2, 2]], [[1, 1], [1, 1]], covariances: [[1, 1, 1, 1], [1, 1, 1, 1]])
    }
    #expect(throws: MixingError.self) {
      try Self.mixture([[1, 1], [2, 2]], [[1, 1], [1, 1]], covariances: [[1, 1.1, 1.1, 1], [1, 0, 0, 1]])
    }
  }

  @Test func bandsSayWhatTheyAre() throws {
    let found = try Self.mixture([[1, 2]], [[0.3, 0.4]])
    let band = try found.band(probability: 0.95)
    #expect(relativeError(band.upper, [1 + 1.959963984540054 * 0.3, 2 + 1.959963984540054 * 0.4]) < 1e-14)
    let predictive = try found.band(probability: 0.95, observationErrors: [0.4, 0.3])
    #expect(relativeError(predictive.lower, [1 - 1.959963984540054 * 0.5, 2 - 1.959963984540054 * 0.5]) < 1e-13)
    for probability in [0, 1, -0.1, .nan] {
      #expect(throws: MixingError.self) { try found.band(probability: probability) }
    }
    #expect(throws: MixingError.self) { try found.band(deviations: 1, observationErrors: [1]) }
    #expect(throws: MixingError.self) { try found.band(deviations: 1, observationErrors: [1, -1]) }
    let data = try MixingData(
      inputNames: ["x"], inputs: [[0, 1]], response: [1.5, 2], responseErrors: [0.4, 0.3])
    let constant = -log(0.5) - 0.5 * log(2 * Double.pi)
    #expect(relativeError(try found.logDensities(of: data), [constant - 0.5, constant]) < 1e-14)
    let sure = try Self.mixture([[1, 2]], [[0, 0.4]])
    let exact = try MixingData(inputNames: ["x"], inputs: [[0, 1]], response: [1.5, 2])
    #expect(throws: MixingError.self) { try sure.logDensities(of: exact) }
  }

  /// A matrix with correlations in [−1, 1] and a combination of inputs of negative variance, of one model alone.
  @Test func covariancesMustBeSome() throws {
    let matrix = [1, 0.9, 0.9, 0.9, 1, -0.9, 0.9, -0.9, 1]
    let predictions = try ModelPredictions(
      names: ["one"], means: [[0, 0, 0]], standardDeviations: [[1, 1, 1]], covariances: [matrix])
    #expect(throws: MixingError.invalid("The covariance of one is none: it has a negative eigenvalue.")) {
      try PrecisionMixture(predictions)
    }
  }
}
