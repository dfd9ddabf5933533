import LogDensities

/// What reuse of draws needs to know of a draw: mean and sum of squared deviations for normals, the sum of |θ − m| for Laplace
/// densities whose location stays, and θ itself where that location is tuned.
extension GroupPrior {
  private func needsPositions(_ lambda: Hyperparameters) -> Bool { family == .laplace && lambda.membership[0] != nil }

  /// The statistics of one draw.
  func statistics(at position: Span<Double>, for lambda: Hyperparameters) -> [Double] {
    if needsPositions(lambda) { return (0..<members).map { position[$0] } }
    if family == .laplace {
      return [(0..<members).reduce(0) { $0 + abs(position[$1] - lambda.values[0]) }]
    }
    let mean = (0..<members).reduce(0) { $0 + position[$1] } / Double(members)
    let squares = (0..<members).reduce(0) { $0 + (position[$1] - mean) * (position[$1] - mean) }
    return [mean, squares]
  }

  /// The sums that density, score and Hessian are made of, for one draw known by its statistics: Σ z (of signs, for Laplace
  /// densities) and Σ z² (Σ |z|).
  private func sums(
    of statistics: ArraySlice<Double>, _ location: Double, _ scale: Double, positions: Bool
  ) -> (first: Double, second: Double) {
    let start = statistics.startIndex
    if family == .normal {
      let distance = (statistics[start] - location) / scale
      let k = Double(members)
      return (k * distance, k * distance * distance + statistics[start + 1] / (scale * scale))
    }
    // Without positions the location is fixed, and nobody asks for its score.
    guard positions else { return (0, statistics[start] / scale) }
    return statistics.reduce(into: (0, 0)) { sums, value in
      let z = (value - location) / scale
      sums.0 += Self.sign(z)
      sums.1 += abs(z)
    }
  }

  /// ln p(θ | λ) and its score in the coordinates of λ.
  func table(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable {
    let (location, scale) = unchecked(lambda)
    let constant = logConstant(scale: scale)
    let (positions, width) = (needsPositions(lambda), statistics.count / max(1, draws))
    var table = PriorTable(logPrior: [], scores: Array(repeating: [], count: lambda.coordinates.count))
    for draw in 0..<draws {
      let (first, second) = sums(
        of: statistics[draw * width..<(draw + 1) * width], location, scale, positions: positions)
      table.logPrior.append(constant - (family == .normal ? 0.5 : 1) * second)
      let score = lambda.pulledBack([first / scale, second - Double(members)])
      for (coordinate, value) in score.enumerated() { table.scores[coordinate].append(value) }
    }
    return table
  }

  /// Σ w ∂² ln p / ∂c ∂c′. The second derivative in a Laplace location is 0 but for a point mass at each kink, for which minus the
  /// information stands.
  func curvature(of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters) -> [Double] {
    let (location, scale) = unchecked(lambda)
    let (positions, width) = (needsPositions(lambda), statistics.count / max(1, draws))
    var (total, first, second) = (0.0, 0.0, 0.0)
    for draw in 0..<draws where weights[draw] != 0 {
      let sums = sums(of: statistics[draw * width..<(draw + 1) * width], location, scale, positions: positions)
      total += weights[draw]
      first += weights[draw] * sums.first
      second += weights[draw] * sums.second
    }
    let order = family == .normal ? 2.0 : 1.0
    let mixed = -order * first / scale
    let entries = [[-total * Double(members) / (scale * scale), mixed], [mixed, -order * second]]

    let q = lambda.coordinates.count
    var result = [Double](repeating: 0, count: q * q)
    for row in 0..<2 {
      for column in 0..<2 {
        guard let a = lambda.membership[row], let b = lambda.membership[column] else { continue }
        result[a * q + b] += entries[row][column]
      }
    }
    return result
  }

  /// Σ ∂q/∂c · G with q = m + s ξ.
  func pathwiseScore(
    at position: Span<Double>, likelihoodGradient: Span<Double>, given lambda: Hyperparameters
  ) -> [Double] {
    var (first, second) = (0.0, 0.0)
    for index in 0..<members {
      first += likelihoodGradient[index]
      second += (position[index] - lambda.values[0]) * likelihoodGradient[index]
    }
    return lambda.pulledBack([first, second])
  }
}
