import LogDensities
import Sampling

/// Subtracts from the terms of a gradient what is known to have mean 0: for every coordinate the difference of the pathwise
/// score and the score (see `HierarchicalModel.pathwiseScore`), with coefficients from a weighted regression.
///
/// Few of them pay; with one for every parameter they raise the variance on mixtures of experts.
struct ControlVariates: Sendable {
  /// The control variates, coordinates × draws.
  let values: [[Double]]

  /// Fewer effective draws than this for each control variate leave their coefficients to chance.
  static let drawsEach = 20.0
  private static let ridge = 1e-3

  /// The local model with smaller variance; as it is where there are too few draws.
  func applied(to local: LocalQuadratic) -> LocalQuadratic {
    let count = values.count
    let size = local.effectiveDraws
    guard count > 0, size > Self.drawsEach * Double(count) else { return local }
    let weights = local.weights
    let means = values.map { zip($0, weights).reduce(0) { $0 + $1.0 * $1.1 } }
    let covariance = LouisHessian.scoreCovariance(values, weights)
    let scales = (0..<count).map { covariance[$0 * count + $0].squareRoot() + 1e-300 }
    var correlation = covariance
    for row in 0..<count {
      for column in 0..<count { correlation[row * count + column] /= scales[row] * scales[column] }
      correlation[row * count + row] += Self.ridge + 1 / size
    }
    let matrix = SymmetricMatrix(dimension: count, elements: correlation)
    var result = local
    for coordinate in local.terms.indices {
      let term = local.terms[coordinate]
      let centre = zip(term, weights).reduce(0) { $0 + $1.0 * $1.1 }
      let right = (0..<count).map { index in
        var sum = 0.0
        for draw in term.indices { sum += weights[draw] * (values[index][draw] - means[index]) * (term[draw] - centre) }
        return sum / scales[index]
      }
      guard let solution = matrix.solution(of: right) else { continue }
      for index in 0..<count {
        let coefficient = solution[index] / scales[index]
        result.gradient[coordinate] -= coefficient * means[index]
        for draw in term.indices { result.terms[coordinate][draw] -= coefficient * values[index][draw] }
      }
    }
    return result
  }
}
