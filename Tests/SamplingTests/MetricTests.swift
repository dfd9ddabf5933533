import Foundation
import LogDensities
import Testing

@testable import Sampling

@Suite struct MetricTests {
  private static let dimension = 7

  /// One metric of each kind, with everything in it.
  private static func metrics() -> [Metric] {
    var stream = RandomStream(seed: 11, purpose: .test)
    let scale = (0..<dimension).map { _ in exp(stream.normal()) }
    var factor = [Double](repeating: 0, count: dimension * dimension)
    for column in 0..<dimension {
      for row in column..<dimension { factor[column * dimension + row] = row == column ? scale[row] : stream.normal() }
    }
    let directions: [Double] = [0.6, 0.8, 0, 0, 0, 0, 0] + [0, 0, 0, 1, 0, 0, 0] + [0.8, -0.6, 0, 0, 0, 0, 0]
    return [
      .diagonal(scale: scale), .dense(dimension: dimension, factor: factor),
      .lowRank(scale: scale, directions: directions, stretch: [3, -0.9, 0.5]),
    ]
  }

  @Test(arguments: metrics())
  func mapsAreInverseAndTranspose(metric: Metric) {
    var stream = RandomStream(seed: 12, purpose: .test)
    let map = MetricMap(metric)
    let slab = VectorSlab(vectors: 5, dimension: Self.dimension)
    slab[0].assign((0..<Self.dimension).map { _ in stream.normal() })
    slab[1].assign((0..<Self.dimension).map { _ in stream.normal() })
    map.apply(slab[0], into: slab[2])
    map.applyTransposed(slab[1], into: slab[3])
    #expect(abs(slab[1].dot(slab[2]) - slab[3].dot(slab[0])) < 1e-12)
    map.applyInverse(slab[2], into: slab[4])
    for index in 0..<Self.dimension { #expect(abs(slab[4].elements[index] - slab[0].elements[index]) < 1e-12) }
    #expect(metric.isValid)
    #expect(metric.dimension == Self.dimension)
  }

  @Test(arguments: metrics())
  func roundTripsExactly(metric: Metric) throws {
    let state = ChainState(position: [0.1, .pi, 1e-300, -0.0], stepSize: 1 / 3, metric: metric)
    let decoded = try JSONDecoder().decode(ChainState.self, from: JSONEncoder().encode(state))
    #expect(decoded == state)
    #expect(decoded.position.map(\.bitPattern) == state.position.map(\.bitPattern))
  }

  @Test func rejectsNonsense() {
    #expect(!Metric.diagonal(scale: [1, 0]).isValid)
    #expect(!Metric.diagonal(scale: [1, .nan]).isValid)
    #expect(!Metric.dense(dimension: 2, factor: [1, 0, 1]).isValid)
    #expect(!Metric.lowRank(scale: [1, 1], directions: [1, 0], stretch: [-1]).isValid)
  }

  @Test(arguments: MetricKind.allCases)
  func firstGuessIsGeometricMeanOfOneAndCurvature(kind: MetricKind) {
    let metric = Metric(kind, gradient: [100, -4, 0])
    let deviations = MetricEstimate.standardDeviations(of: metric)
    #expect(abs(deviations[0] - 0.1) < 1e-15)
    #expect(abs(deviations[1] - 0.5) < 1e-15)
    #expect(deviations[2].isFinite)
  }
}

@Suite struct MetricEstimateTests {
  /// Draws of a normal with correlation ρ^|i−j| and sizes 10^i, independent, with their gradients.
  private func window(_ rho: Double, dimension: Int, count: Int, seed: UInt64) throws -> DrawWindow {
    var stream = RandomStream(seed: seed, purpose: .test)
    let density = CorrelatedNormal(autoregressive: rho, dimension: dimension)
    var window = DrawWindow(dimension: dimension)
    for _ in 0..<count {
      var position = [stream.normal()]
      for _ in 1..<dimension {
        position.append(rho * (position.last ?? 0) + (1 - rho * rho).squareRoot() * stream.normal())
      }
      let gradient = try density.evaluate(at: position).gradient
      window.add(
        position: position.enumerated().map { $1 * pow(10, Double($0)) },
        gradient: gradient.enumerated().map { $1 * pow(10, -Double($0)) })
    }
    return window
  }

  private func covariance(_ metric: Metric) -> [[Double]] {
    let map = MetricMap(metric)
    let d = metric.dimension
    let slab = VectorSlab(vectors: 2, dimension: d)
    let rows = (0..<d).map { row -> [Double] in
      slab[0].assign((0..<d).map { $0 == row ? 1 : 0 })
      map.applyTransposed(slab[0], into: slab[1])
      return slab[1].array(count: d)
    }
    return rows.map { a in rows.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
  }

  /// With gradients the dense estimate of a Gaussian's covariance is nearly exact, from 40 draws in 5 dimensions whose own
  /// covariance would be off by a quarter; what is left comes from the share of the mean.
  @Test(arguments: [0.0, 0.9, 0.999])
  func isNearlyExactForGaussians(rho: Double) throws {
    let draws = try window(rho, dimension: 5, count: 40, seed: 1)
    let unit = Metric(.dense, scale: Array(repeating: 1, count: 5))
    let metric = try #require(MetricEstimate(kind: .dense, usesGradients: true).metric(from: [draws], old: unit))
    let found = covariance(metric)
    for i in 0..<5 {
      for j in 0..<5 {
        let scaled = found[i][j] / pow(10, Double(i + j))
        #expect(abs(scaled - pow(rho, abs(Double(i - j)))) < 0.03)
      }
    }
  }

  /// Draws alone have the error of a sample covariance: 4000 draws, 6 standard errors of 1.6 %.
  @Test(arguments: [MetricKind.dense, .lowRank, .diagonal], [true, false])
  func findsScalesFromManyDraws(kind: MetricKind, usesGradients: Bool) throws {
    let draws = try window(0.7, dimension: 5, count: 4000, seed: 2)
    let unit = Metric(kind, scale: Array(repeating: 1, count: 5))
    let estimate = MetricEstimate(kind: kind, usesGradients: usesGradients)
    let metric = try #require(estimate.metric(from: [draws], old: unit))
    #expect(metric.kind == kind)
    let deviations = MetricEstimate.standardDeviations(of: metric)
    for (index, deviation) in deviations.enumerated() {
      // Along a diagonal metric, draws and gradients meet at √(marginal variance × conditional variance).
      let inner = index == 0 || index == 4 ? 1.0 : 1 + 0.49
      let expected = kind == .diagonal && usesGradients ? pow(0.51 / inner, 0.25) : 1
      #expect(abs(deviation / pow(10, Double(index)) / expected - 1) < (kind == .lowRank ? 0.25 : 0.1))
    }
  }

  @Test func poolsChainsAboutTheirOwnMeans() throws {
    var (left, right) = (DrawWindow(dimension: 1), DrawWindow(dimension: 1))
    for value in [-1.0, 1, -1, 1] {
      left.add(position: [value - 100], gradient: [-value])
      right.add(position: [value + 100], gradient: [-value])
    }
    let metric = MetricEstimate(kind: .diagonal, usesGradients: true)
      .metric(from: [left, right], old: .diagonal(scale: [7]))
    let scale = MetricEstimate.standardDeviations(of: try #require(metric))
    #expect(abs(scale[0] - 1) < 1e-12)
  }

  /// 20 draws against an old metric that counts for 20: halfway on the logarithmic scale, for every kind.
  @Test(arguments: MetricKind.allCases)
  func shrinksAlongTheGeodesic(kind: MetricKind) throws {
    var window = DrawWindow(dimension: 2)
    for index in 0..<21 {
      // Exactly 20 degrees of freedom in two directions that are uncorrelated, of variance ratio 100² to the old.
      let (x, y) = (100 * cos(Double(index) * 2 * .pi / 21), 100 * sin(Double(index) * 2 * .pi / 21))
      window.add(position: [x, y], gradient: [-x / 1e4, -y / 1e4])
    }
    let old = Metric(kind, scale: [1, 1])
    let estimate = MetricEstimate(kind: kind, usesGradients: true)
    let metric = try #require(estimate.metric(from: [window], old: old, priorCount: 20))
    let scale = MetricEstimate.standardDeviations(of: metric)
    #expect(abs(scale[0] - 10) < 0.1)
    #expect(abs(scale[1] - 10) < 0.1)
  }

  @Test func keepsTheOldScaleOfACoordinateThatStands() throws {
    var window = DrawWindow(dimension: 2)
    for index in 0..<10 { window.add(position: [Double(index), 5], gradient: [-Double(index), 0]) }
    let metric = MetricEstimate(kind: .diagonal, usesGradients: true)
      .metric(from: [window], old: .diagonal(scale: [1, 0.25]))
    #expect(MetricEstimate.standardDeviations(of: try #require(metric))[1] == 0.25)
    let none = MetricEstimate(kind: .diagonal, usesGradients: true)
      .metric(from: [DrawWindow(dimension: 2)], old: .diagonal(scale: [1, 1]))
    #expect(none == nil)
  }

  /// Gradients of constant sign must not read as a flat direction.
  @Test func oneSideOfALaplacePriorIsNotFlat() throws {
    var window = DrawWindow(dimension: 1)
    for index in 0..<25 { window.add(position: [5 + 0.1 * Double(index)], gradient: [-10]) }
    let metric = MetricEstimate(kind: .diagonal, usesGradients: true)
      .metric(from: [window], old: .diagonal(scale: [1]))
    let scale = MetricEstimate.standardDeviations(of: try #require(metric))[0]
    #expect(scale > 0.1 && scale < 2)
  }
}
