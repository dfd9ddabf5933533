import Foundation
import LogDensities
import Testing

@testable import ModelMixing

@Suite struct LeafPosteriorTests {
  /// Differences of the integrated likelihood over partitions are those of dense Gaussians N(Fβ, σ² S + F D Fᵀ).
  @Test func integratedLikelihoodIsTheDenseGaussian() throws {
    let tiny = try TinyTrees()
    let problem = tiny.mixing.problem
    let centre = (0..<problem.rows).map { problem.combine($0, tiny.mixing.prior.leaves.means, at: 0) }
    func value(_ shape: Shape) -> Double {
      let tree = shape.tree(models: 2)
      var partition = TreePartition(tree, problem)
      partition.sum(RowTerms(problem, residual: zip(problem.response, centre).map { $0 - $1 }), over: tree)
      var posterior = LeafPosterior(tiny.mixing.prior.leaves)
      return tree.nodes.indices.filter { tree.nodes[$0].isLeaf }.reduce(0) {
        $0 + posterior.condition(on: partition.table, leaf: $1, precision: 1 / pow(TinyTrees.sigma, 2))
      }
    }
    let root = value(.leaf)
    let rootExpected = try #require(tiny.logLikelihood[.leaf])
    for (shape, expected) in tiny.logLikelihood {
      #expect(abs(value(shape) - root - (expected - rootExpected)) < 1e-11)
    }
  }

  /// Mean and covariance of 40,000 drawn leaf vectors against (Λ/σ² + D⁻¹)⁻¹ by Cramer's rule; six |z| < 5: false-alarm rate 4e-6.
  @Test func drawsAreTheConjugateGaussian() throws {
    let tiny = try TinyTrees()
    let problem = tiny.mixing.problem
    let prior = tiny.mixing.prior.leaves
    let precision = 1 / pow(TinyTrees.sigma, 2)
    var a = [1 / pow(prior.scales[0], 2), 0, 1 / pow(prior.scales[1], 2)]
    var h = [prior.means[0] * a[0], prior.means[1] * a[2]]
    for row in 0..<problem.rows {
      let f = (problem.predictions[2 * row], problem.predictions[2 * row + 1])
      let weight = precision * problem.precisions[row]
      a[0] += weight * f.0 * f.0
      a[1] += weight * f.0 * f.1
      a[2] += weight * f.1 * f.1
      h[0] += weight * f.0 * problem.response[row]
      h[1] += weight * f.1 * problem.response[row]
    }
    let determinant = a[0] * a[2] - a[1] * a[1]
    let mean = [(a[2] * h[0] - a[1] * h[1]) / determinant, (a[0] * h[1] - a[1] * h[0]) / determinant]
    let covariance = [a[2] / determinant, -a[1] / determinant, a[0] / determinant]

    let tree = RegressionTree(leaf: [0, 0])
    var partition = TreePartition(tree, problem)
    let residual = (0..<problem.rows).map { problem.response[$0] - problem.combine($0, prior.means, at: 0) }
    partition.sum(RowTerms(problem, residual: residual), over: tree)
    var posterior = LeafPosterior(prior)
    var stream = RandomStream(seed: 41, purpose: .test)
    var sums = [Double](repeating: 0, count: 5)
    let count = 40_000
    for _ in 0..<count {
      var value = [0.0, 0.0]
      _ = posterior.condition(on: partition.table, leaf: 0, precision: precision)
      posterior.draw(into: &value, at: 0, &stream)
      let (x, y) = (value[0] - mean[0], value[1] - mean[1])
      for (index, term) in [x, y, x * x, x * y, y * y].enumerated() { sums[index] += term / Double(count) }
    }
    let n = Double(count).squareRoot()
    #expect(abs(sums[0]) < 5 * covariance[0].squareRoot() / n)
    #expect(abs(sums[1]) < 5 * covariance[2].squareRoot() / n)
    #expect(abs(sums[2] - covariance[0]) < 5 * 2.0.squareRoot() * covariance[0] / n)
    #expect(abs(sums[4] - covariance[2]) < 5 * 2.0.squareRoot() * covariance[2] / n)
    let crossed = (covariance[0] * covariance[2] + covariance[1] * covariance[1]).squareRoot()
    #expect(abs(sums[3] - covariance[1]) < 5 * crossed / n)
  }
}
