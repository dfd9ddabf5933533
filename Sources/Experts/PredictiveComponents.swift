#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard deviations of one draw's experts, and their squares beside the largest, which cannot overflow.
struct ExpertNoise {
  let deviations: [Double]
  let scale: Double
  let relativeVariances: [Double]

  /// σ lies within e^±700, where it and 1/σ are normal numbers.
  init(_ position: Span<Double>, _ architecture: ExpertArchitecture) {
    let logs = architecture.logSigmas.map { min(max(position[$0], -700), 700) }
    let largest = logs.max() ?? 0
    deviations = logs.map { exp($0) }
    scale = exp(largest)
    relativeVariances = logs.map { exp(2 * ($0 - largest)) }
  }
}

/// One row's components over all draws, before the draws are weighted: the fused ones of (10), or for BoE the one blend.
struct PredictiveComponents: Sendable {
  /// Where the row stands among all rows.
  let index: Int
  /// Components a draw: M, or 1 for BoE.
  let width: Int
  /// β of every draw.
  private(set) var behaviour: [Double]
  /// E[Y | x, θ] of every draw: the blend's mean, which fusion keeps.
  private(set) var meanFunction: [Double]
  private let experts: Int
  /// α, draw by draw.
  private var allocation: [Double]
  /// Draw by draw, `width` components each.
  private var means: [Double]
  private var deviations: [Double]

  init(_ architecture: ExpertArchitecture, draws: Int, index: Int) {
    self.index = index
    experts = architecture.experts
    width = architecture.combination == .boe ? 1 : experts
    behaviour = [Double](repeating: 0, count: draws)
    meanFunction = behaviour
    allocation = [Double](repeating: 0, count: draws * experts)
    means = [Double](repeating: 0, count: draws * width)
    deviations = means
  }

  /// α_i of every draw.
  func allocation(of expert: Int) -> [Double] {
    stride(from: expert, to: allocation.count, by: experts).map { allocation[$0] }
  }

  /// The mixture with each draw's components weighted by the draw; nil gives every draw weight 1.
  func mixture(_ drawWeights: [Double]?) -> PredictiveMixture {
    var weights = width == experts ? allocation : [Double](repeating: 1, count: means.count)
    if let drawWeights {
      for draw in drawWeights.indices {
        for i in draw * width..<(draw + 1) * width { weights[i] *= drawWeights[draw] }
      }
    }
    return PredictiveMixture(
      weights: weights, means: means, standardDeviations: deviations, componentsPerDraw: width)
  }

  /// Sets a draw's components from columns of `count` rows, of which this is number `row`.
  mutating func set(
    _ draw: Int, row: Int, of count: Int, _ weights: Span<Double>, _ expertMeans: Span<Double>, _ beta: Double,
    _ noise: ExpertNoise
  ) {
    var blendMean = 0.0
    var blendVariance = 0.0
    for i in 0..<experts {
      let alpha = weights[i * count + row]
      allocation[draw * experts + i] = alpha
      blendMean += alpha * expertMeans[i * count + row]
      blendVariance += alpha * noise.relativeVariances[i]
    }
    behaviour[draw] = beta
    meanFunction[draw] = blendMean
    let blend = noise.scale * blendVariance.squareRoot()
    if beta == 0 && width == 1 {
      means[draw] = blendMean
      // Where all relative variances underflow, the blend is the largest that is left.
      deviations[draw] = blend > 0 ? blend : smallestDeviation
      return
    }
    for i in 0..<experts {
      let own = noise.deviations[i]
      means[draw * width + i] = beta * expertMeans[i * count + row] + (1 - beta) * blendMean
      let fused = noise.scale * (beta * noise.relativeVariances[i] + (1 - beta) * blendVariance).squareRoot()
      // β σ_i² may underflow beside the largest; MoE has σ_i itself.
      deviations[draw * width + i] = beta == 1 ? own : max(fused, beta.squareRoot() * own, smallestDeviation)
    }
  }
}

/// Small beside everything, with a reciprocal that is a normal number.
private let smallestDeviation = 0x1p-1010
