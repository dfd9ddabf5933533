import CExpertKernels

extension PredictiveMixture {
  /// The y with P(Y ≤ y) = `probability`, which lies strictly between 0 and 1; see `quantiles`.
  public func quantile(_ probability: Double) -> Double { quantiles([probability])[0] }

  /// The y with P(Y ≤ y) = p for every p, each strictly between 0 and 1, by inversion of the exact distribution function.
  ///
  /// Halley's method inside a bracket, from the answer of a sixteenth of the draws. A step is the last one where it is so
  /// small beside every component's standard deviation that what it leaves over is below 1e-11 of the smallest. Where the
  /// distribution function is flat at p, any point of the flat stretch may be the answer.
  public func quantiles(_ probabilities: [Double]) -> [Double] {
    precondition(
      probabilities.allSatisfy { $0 > 0 && $0 < 1 }, "a quantile needs a probability between 0 and 1")
    let starts = thinned(by: 16)?.inverted(probabilities, from: nil, tolerance: 1e-3)
    return inverted(probabilities, from: starts, tolerance: 0)
  }

  /// Every `step`-th draw with weights that sum to 1; nil where too few would be left, or none with weight.
  private func thinned(by step: Int) -> PredictiveMixture? {
    let draws = count / componentsPerDraw
    guard draws >= 64 * step else { return nil }
    let chosen = stride(from: 0, to: draws, by: step).flatMap {
      $0 * componentsPerDraw..<($0 + 1) * componentsPerDraw
    }
    let total = chosen.reduce(0.0) { $0 + weights[$1] }
    guard total > 1e-3 else { return nil }
    return PredictiveMixture(
      weights: chosen.map { weights[$0] / total }, means: chosen.map { means[$0] },
      standardDeviations: chosen.map { standardDeviations[$0] }, componentsPerDraw: componentsPerDraw,
      instructionSet: instructionSet)
  }

  /// All probabilities at once, so that components are read once a step.
  private func inverted(_ probabilities: [Double], from starts: [Double]?, tolerance: Double) -> [Double] {
    let extent = extent(reach: 38.5)
    let spread = extent.variance.squareRoot()
    let accepted = max(1e-4 * extent.smallest_deviation, tolerance * spread)
    var searches = probabilities.indices.map {
      QuantileSearch(probabilities[$0], extent, spread: spread, start: starts?[$0], accepted: accepted)
    }
    for _ in 0..<QuantileSearch.largestSteps {
      let open = searches.indices.filter { !searches[$0].isFinished }
      if open.isEmpty { break }
      let values = distributions(at: open.map { searches[$0].y })
      for (index, value) in zip(open, values) { searches[index].update(value) }
    }
    return searches.map(\.y)
  }
}

/// The search for one quantile: a bracket, a point in it, and the step that led there.
private struct QuantileSearch {
  static let largestSteps = 500

  private(set) var y: Double
  private(set) var isFinished = false
  private let probability: Double
  private let accepted: Double
  private let resolution: Double
  private var low: Double
  private var high: Double
  private var lastStep = Double.infinity

  /// A bracket from Cantelli's inequality and from the quantiles of the single components, between which the mixture's lies.
  init(_ probability: Double, _ extent: mixture_extent, spread: Double, start: Double?, accepted: Double) {
    self.probability = probability
    self.accepted = accepted
    let limit = 0.25 * Double.greatestFiniteMagnitude
    let isOrdinary = spread.isFinite && extent.mean.isFinite
    let odds = ((1 - probability) / probability).squareRoot()
    low = max(extent.low, isOrdinary ? extent.mean - 1.01 * spread * odds : -limit)
    high = min(extent.high, isOrdinary ? extent.mean + 1.01 * spread / odds : limit)
    let first = start ?? extent.mean
    y = first >= low && first <= high ? first : 0.5 * low + 0.5 * high
    resolution = isOrdinary ? max(1e-13 * min(spread, extent.smallest_deviation), 1e-18 * spread) : 0
    isFinished = !(low < high)
    if isFinished { y = extent.mean }
  }

  /// Takes the distribution at `y` and moves on.
  mutating func update(_ value: mixture_distribution) {
    // The tail that is asked for is summed by itself: no digits are lost near 1.
    let excess =
      probability <= 0.5 ? value.below - probability : (1 - probability) - value.above
    if excess < 0 { low = y } else { high = y }
    let newton = -excess / value.density
    let curvature = 1 + 0.5 * newton * value.slope / value.density
    let step = newton / min(max(curvature, 0.5), 2)
    // A step that does not halve the one before is no sign of convergence: between narrow modes Newton may crawl.
    let isStep = step.isFinite && y + step > low && y + step < high && abs(step) <= 0.5 * lastStep
    let next = isStep ? y + step : 0.5 * low + 0.5 * high
    let isLast = excess == 0 && value.density > 0 || isStep && abs(step) <= accepted && abs(curvature - 1) < 0.1
    lastStep = abs(next - y)
    isFinished = isLast || next == y || high - low <= max(resolution, 2 * y.ulp)
    y = excess == 0 && value.density > 0 ? y : next
  }
}
