import LogDensities
import Sampling

extension LambdaUncertainty {
  /// From draws of the posterior at λ̂.
  /// - Parameters:
  ///   - gradient: The objective's gradient at λ̂ (one entry a coordinate), and
  ///   - gradientCovariance: its Monte Carlo covariance, by rows; where one is nil both are estimated from the draws.
  /// - Throws: `TuningError` as `Objective.estimate` does.
  public init<Model: HierarchicalModel>(
    _ draws: WeightedSample, of model: Model, at lambda: Hyperparameters, objective: Objective,
    gradient: [Double]? = nil, gradientCovariance: [Double]? = nil
  ) throws(TuningError) {
    let model = model.prepared(for: lambda)
    let evaluated = try EvaluatedDraws(draws, of: model, at: lambda)
    let estimate = try objective.estimate(evaluated, at: lambda).gradient
    let curvature = CurvatureBatches(draws, evaluated, of: model, at: lambda, objective: objective)
    let isContinuous = model.scoreIsContinuous(for: lambda)
    var standings = zip(lambda.coordinates, isContinuous).map { coordinate, continuous -> Standing in
      let isInside = coordinate.value > coordinate.bounds.lowerBound && coordinate.value < coordinate.bounds.upperBound
      return !isInside ? .atBound : continuous ? .estimated : .noLouisError
    }
    let candidates = standings.indices.filter { standings[$0] == .estimated }
    let free = curvature.clearlyPositive(among: candidates)
    for index in candidates where !free.contains(index) { standings[index] = .noMaximum }
    let inverse = free.isEmpty ? nil : curvature.information(over: free).inverse()

    let slope: [Double]
    let noise: [Double]
    if let gradient, let gradientCovariance {
      (slope, noise) = (gradient, gradientCovariance)
    } else {
      slope = estimate.map(\.value)
      noise = evaluated.covariance(ofGradient: estimate.map(\.standardError))
    }
    let located = inverse.map { Self.located(inverse: $0, free: free, gradient: slope, covariance: noise) }
    self.init(
      coordinates: lambda.coordinates.enumerated().map { index, coordinate in
        let place = free.firstIndex(of: index)
        return Coordinate(
          name: coordinate.name, isLogarithm: lambda.isLogarithm(index), value: coordinate.value,
          standing: standings[index],
          standardError: place.flatMap { inverse?.elements[$0 * (free.count + 1)].squareRoot() },
          monteCarloError: place.flatMap { located?.errors[$0] })
      },
      information: curvature.local.hessian.map { -$0 }, free: free, covariance: inverse?.elements,
      smallestShare: curvature.smallest(over: candidates)?.share,
      expectedRegret: free == candidates ? located?.regret : nil)
  }

  /// The regret, and the standard errors √diag(J⁻¹ C J⁻¹), over the free coordinates.
  private static func located(
    inverse: SymmetricMatrix, free: [Int], gradient: [Double], covariance: [Double]
  ) -> (regret: Regret, errors: [Double]) {
    let (k, q) = (free.count, gradient.count)
    var (noise, distance) = (0.0, 0.0)
    var variances = [Double](repeating: 0, count: k)
    for (row, i) in free.enumerated() {
      for (column, j) in free.enumerated() {
        let element = inverse.elements[row * k + column]
        noise += 0.5 * element * covariance[i * q + j]
        distance += 0.5 * element * gradient[i] * gradient[j]
        for target in 0..<k {
          variances[target] +=
            inverse.elements[target * k + row] * covariance[i * q + j] * inverse.elements[target * k + column]
        }
      }
    }
    return (Regret(noise: noise, distance: distance), variances.map { max($0, 0).squareRoot() })
  }
}

extension Hyperparameters {
  /// Whether the tuning scale of a coordinate is a logarithm.
  func isLogarithm(_ coordinate: Int) -> Bool {
    membership.firstIndex(of: coordinate).map { entries[$0].kind != .location } ?? false
  }
}
