import CExpertKernels

extension PredictiveMixture {
  /// The continuous ranked probability score ∫ (F(t) − 1[t ≥ y])² dt = E|Y − y| − ½ E|Y − Y′| (Gneiting and Raftery 2007,
  /// equation 21); smaller is better.
  ///
  /// The first part is a closed form. The second is the closed form too for few components; for many it is ∫ F (1 − F) dt
  /// by the trapezoidal rule, with the step that its error bound asks for, to 1e-7 of the score.
  public func crps(at y: Double) -> Double {
    guard y.isFinite else { return y.isNaN ? .nan : .infinity }
    let distance = meanDistance(to: y)
    let extent = extent(reach: 38.5)
    let spread = extent.variance.squareRoot()
    guard spread.isFinite, distance.isFinite else { return .infinity }
    var tolerance = 1e-8 * spread
    let grouped = grouped
    while let half = grouped.trapezoidal(extent, spread: spread, tolerance: tolerance) {
      let score = distance - half
      if tolerance <= 1e-7 * score { return score }
      guard tolerance > 1e-15 * spread else { break }
      tolerance = max(min(0.1 * tolerance, 5e-8 * score), 1e-15 * spread)
    }
    return max(0, distance - halfMeanDifference)
  }

  /// E|Y − y|.
  public func meanDistance(to y: Double) -> Double { withKernel { expert_mixture_distance($0, &$1, y, 0) } }

  /// ½ E|Y − Y′| of two independent draws, by the closed form over all pairs of components: O(K²).
  var halfMeanDifference: Double {
    var sum = 0.0
    for i in 0..<count where weights[i] > 0 {
      let others =
        i == 0 ? 0 : withKernel(prefix: i) { expert_mixture_distance($0, &$1, means[i], standardDeviations[i]) }
      sum += weights[i] * (others + weights[i] * standardDeviations[i] * inverseRootPi)
    }
    return sum
  }

  /// The same mixture with the first components of all draws first, then the second ones, and so on: neighbours are alike.
  private var grouped: PredictiveMixture {
    guard componentsPerDraw > 1 else { return self }
    func ordered(_ values: [Double]) -> [Double] {
      (0..<componentsPerDraw).flatMap { stride(from: $0, to: count, by: componentsPerDraw).map { values[$0] } }
    }
    return PredictiveMixture(
      weights: ordered(weights), means: ordered(means), standardDeviations: ordered(standardDeviations),
      instructionSet: instructionSet)
  }

  /// ∫ F (1 − F) dt to about `tolerance`, or nil where the pairs' closed form costs no more.
  private func trapezoidal(_ extent: mixture_extent, spread: Double, tolerance: Double) -> Double? {
    let step = trapezoidalStep(extent, tolerance: tolerance)
    guard step > 0, 8 * spread / step < Double(count) / 2 else { return nil }
    let side = count / 4
    guard let right = tail(from: extent.mean, step: step, end: extent.high, limit: side, tolerance: tolerance),
      let left = tail(from: extent.mean, step: -step, end: extent.low, limit: side, tolerance: tolerance)
    else { return nil }
    let middle = distributions(at: [extent.mean])[0]
    return step * (left + right + middle.below * middle.above)
  }

  /// A step h with error below `tolerance`.
  ///
  /// F(1 − F) is analytic, so that the rule's error is its Fourier transform at the multiples of 2π/h. Of a pair of
  /// components that is at most exp(−π² s²/h²) h/π, s the smaller standard deviation, which sums to the bound used here.
  private func trapezoidalStep(_ extent: mixture_extent, tolerance: Double) -> Double {
    func bound(_ step: Double) -> Double {
      2 * step * inversePi * withKernel { expert_mixture_roughness($0, &$1, .pi / step) }
    }
    var step = 0.8 * extent.smallest_deviation
    while bound(step) > 0.5 * tolerance, step > 0.2 * extent.smallest_deviation { step *= 0.9 }
    while bound(1.25 * step) < 0.5 * tolerance { step *= 1.25 }
    return step
  }

  /// Σ F (1 − F) over the nodes on one side of `centre`, until what is left cannot matter: F is monotone, and beyond `end`
  /// there is nothing. Nil after `limit` nodes.
  private func tail(
    from centre: Double, step: Double, end: Double, limit: Int, tolerance: Double
  ) -> Double? {
    var points = [Double](repeating: 0, count: 4)
    var below = points
    var above = points
    var sum = 0.0
    var node = 0
    while node < limit {
      for lane in 0..<4 { points[lane] = centre + Double(node + lane + 1) * step }
      withKernel { expert_mixture_tails($0, &$1, points, &below, &above) }
      for lane in 0..<4 { sum += below[lane] * above[lane] }
      node += 4
      let rest = step > 0 ? end - points[3] : points[3] - end
      if rest <= 0 || below[3] * above[3] * rest < 0.1 * tolerance { return sum }
    }
    return nil
  }
}

private let inverseRootPi = 0.564189583547756286948079451561
private let inversePi = 0.318309886183790671537767526745
