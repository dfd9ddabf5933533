import CExpertKernels
import LogDensities

/// The posterior predictive distribution of one row (21): over draws and experts a mixture of Gaussians.
///
/// Every quantity is a sum over all components, by a kernel for the machine's vector instructions.
public struct PredictiveMixture: Sendable {
  /// The weights of the components; they sum to 1. Draw by draw.
  public let weights: [Double]
  /// The means of the components.
  public let means: [Double]
  /// The standard deviations of the components, normal positive numbers.
  public let standardDeviations: [Double]
  /// How many neighbouring components come from one posterior draw.
  public let componentsPerDraw: Int

  /// What computes; never `automatic`.
  let instructionSet: InstructionSet

  /// A mixture of components that somebody has already.
  /// - Parameters:
  ///   - weights: Weights that sum to 1, none negative.
  ///   - means: As many finite means.
  ///   - standardDeviations: As many positive standard deviations.
  ///   - componentsPerDraw: How many neighbours come from one posterior draw.
  ///   - instructionSet: What to compute with; see `InstructionSet.resolved`.
  public init(
    weights: [Double], means: [Double], standardDeviations: [Double], componentsPerDraw: Int = 1,
    instructionSet: InstructionSet = .automatic
  ) {
    precondition(
      !weights.isEmpty && means.count == weights.count && standardDeviations.count == weights.count,
      "a component has a weight, a mean and a standard deviation")
    precondition(
      componentsPerDraw >= 1 && weights.count.isMultiple(of: componentsPerDraw), "a draw has whole components")
    self.weights = weights
    self.means = means
    self.standardDeviations = standardDeviations
    self.componentsPerDraw = componentsPerDraw
    self.instructionSet = instructionSet.resolved
  }

  /// The number of components.
  public var count: Int { weights.count }

  /// ln p(y): the logarithm of the mean over draws of the density, the row's part of LPPD (26).
  ///
  /// Terms are summed in log space: far out the value falls as −z²/2 and is an exact −∞ only beyond the range of doubles.
  public func logDensity(at y: Double) -> Double {
    guard !y.isNaN else { return .nan }
    return withKernel { expert_mixture_log_density($0, &$1, y) }
  }

  /// The predictive mean.
  public var mean: Double { extent(reach: 0).mean }

  /// The predictive standard deviation.
  public var standardDeviation: Double { extent(reach: 0).variance.squareRoot() }

  /// P(Y ≤ y) and its density, in one pass.
  public func distribution(at y: Double) -> (probability: Double, density: Double) {
    guard !y.isNaN else { return (.nan, .nan) }
    let result = distributions(at: [y])[0]
    return (result.below, result.density)
  }

  /// Both tails, the density and its slope at points none of which is NaN.
  func distributions(at points: [Double]) -> [mixture_distribution] {
    var result = [mixture_distribution](repeating: mixture_distribution(), count: points.count)
    withKernel { expert_mixture_distribution($0, &$1, points, points.count, &result) }
    return result
  }

  /// Moments, and the ends of the components' intervals mean ± reach · standard deviation.
  func extent(reach: Double) -> mixture_extent { withKernel { expert_mixture_extent($0, &$1, reach) } }

  /// The density at y of every posterior draw, times the weight that the mixture gives the draw.
  func densityByDraw(at y: Double) -> [Double] {
    var terms = [Double](repeating: 0, count: count)
    withKernel { expert_mixture_terms($0, &$1, y, &terms) }
    guard componentsPerDraw > 1 else { return terms }
    return stride(from: 0, to: count, by: componentsPerDraw).map { first in
      var sum = 0.0
      for i in first..<first + componentsPerDraw { sum += terms[i] }
      return sum
    }
  }

  /// One draw of the predictive distribution of posterior draw `draw`.
  func sample(draw: Int, from stream: inout RandomStream) -> Double {
    let start = draw * componentsPerDraw
    let end = start + componentsPerDraw
    let total = (start..<end).reduce(0.0) { $0 + weights[$1] }
    var remaining = stream.uniform() * total
    var component = start
    while component < end - 1, remaining >= weights[component] {
      remaining -= weights[component]
      component += 1
    }
    return means[component] + standardDeviations[component] * stream.normal()
  }

  /// The mixture as the kernels take it; `prefix` takes only the first components.
  func withKernel<Result>(
    prefix: Int? = nil, _ body: (expert_instruction_set, inout gaussian_mixture) -> Result
  ) -> Result {
    weights.withUnsafeBufferPointer { weights in
      means.withUnsafeBufferPointer { means in
        standardDeviations.withUnsafeBufferPointer { deviations in
          var mixture = gaussian_mixture(
            weights: weights.baseAddress, means: means.baseAddress, deviations: deviations.baseAddress,
            count: prefix ?? weights.count)
          return body(instructionSet.kernel, &mixture)
        }
      }
    }
  }
}
