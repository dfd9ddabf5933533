import LogDensities
import Sampling

/// A draw of all leaf vectors of all trees at once, given the trees' shapes and σ.
///
/// Tree by tree a leaf can only move as far as the others leave it free, so that sums of trees wander slowly. Together they are
/// a Gaussian: with leaves v* and noise e* from their priors, y − f* − e* = r and C the prior covariance of Σ w f + noise at
/// the rows, v* + D Fᵀ C⁻¹ r is a draw of the posterior (Matheron's rule). The matrix has a row for each row of the data,
/// which bounds its use.
struct JointLeafDraw: Sendable {
  /// Beyond this many rows a factorisation costs more than it gains.
  static let mostRows = 300
  /// Shared leaves are counted, and nodes numbered, in 16 bits.
  static let mostTrees = Int(UInt16.max)
  /// Beyond this ratio of prior variance to noise a solution has lost too many digits.
  private static let mostCondition = 1e9

  /// Σ_k τ_k² f_k f_k′ of every pair of rows.
  private let kernel: [Double]
  /// s² of every row.
  private let variances: [Double]
  private let largest: Double
  private let prior: LeafPrior

  init(_ problem: TreeProblem, _ prior: LeafPrior) {
    let n = problem.rows
    var kernel = [Double](repeating: 0, count: n * n)
    for one in 0..<n {
      for other in 0..<n {
        for model in 0..<problem.models {
          let product =
            problem.predictions[one * problem.models + model] * problem.predictions[other * problem.models + model]
          kernel[one * n + other] += prior.scales[model] * prior.scales[model] * product
        }
      }
    }
    self.kernel = kernel
    variances = problem.precisions.map { 1 / $0 }
    largest = (0..<n).reduce(0) { max($0, kernel[$1 * n + $1] * problem.precisions[$1]) }
    self.prior = prior
    SingleThreadedBLAS.ensure()
  }

  /// Draws the leaves of all trees; false, and no change, where the matrix cannot be solved, which depends on shapes and σ alone.
  func draw(
    _ trees: inout [RegressionTree], _ partitions: [TreePartition], sigma: Double, _ problem: TreeProblem,
    _ stream: inout RandomStream
  ) -> Bool {
    guard largest * Double(trees.count) < Self.mostCondition * sigma * sigma else { return false }
    let models = problem.models
    var leaves = trees.map(\.values)
    var right = (0..<problem.rows).map { row in
      problem.response[row] - sigma * variances[row].squareRoot() * stream.normal()
    }
    for (tree, partition) in zip(trees.indices, partitions) {
      for (node, entry) in trees[tree].nodes.enumerated() where entry.isLeaf {
        for model in 0..<models {
          leaves[tree][node * models + model] = prior.means[model] + prior.scales[model] * stream.normal()
        }
      }
      for row in 0..<problem.rows {
        right[row] -= problem.combine(row, leaves[tree], at: Int(partition.leafOfRow[row]) * models)
      }
    }
    guard let solution = covariance(partitions, sigma: sigma).solution(of: right) else { return false }
    for (tree, partition) in zip(trees.indices, partitions) {
      for row in 0..<problem.rows {
        let start = Int(partition.leafOfRow[row]) * models
        for model in 0..<models {
          let variance = prior.scales[model] * prior.scales[model]
          leaves[tree][start + model] += variance * problem.predictions[row * models + model] * solution[row]
        }
      }
      trees[tree].values = leaves[tree]
    }
    return true
  }

  /// C, its lower triangle by columns.
  private func covariance(_ partitions: [TreePartition], sigma: Double) -> SymmetricMatrix {
    let n = variances.count
    var shared = [UInt16](repeating: 0, count: n * n)
    for partition in partitions {
      let leaves = partition.leafOfRow.map { UInt16(truncatingIfNeeded: $0) }
      // Without checks of bounds and overflow the inner loop goes by vectors.
      shared.withUnsafeMutableBufferPointer { counts in
        leaves.withUnsafeBufferPointer { leaf in
          for column in 0..<n {
            let own = leaf[column]
            let start = column * n
            for row in column..<n { counts[start &+ row] &+= leaf[row] == own ? 1 : 0 }
          }
        }
      }
    }
    var elements = kernel
    elements.withUnsafeMutableBufferPointer { elements in
      shared.withUnsafeBufferPointer { counts in
        for column in 0..<n {
          let start = column * n
          for row in column..<n { elements[start &+ row] *= Double(counts[start &+ row]) }
          elements[start &+ column] += sigma * sigma * variances[column]
        }
      }
    }
    return SymmetricMatrix(dimension: n, elements: elements)
  }
}
