#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The parts of the predictions of some rows over all draws, as the likelihood gives them.
struct PredictiveChunk {
  /// Where the first row stands among all rows.
  let first: Int
  let count: Int
  let architecture: ExpertArchitecture
  let draws: Int
  /// Draw by draw: α and μ as M columns of `count`, β as one.
  private var weights: [Double]
  private var means: [Double]
  private var behaviour: [Double]
  private var noise: ExpertNoise

  init(_ likelihood: ExpertLikelihood, first: Int, positions: Span<Double>) {
    self.first = first
    count = likelihood.rows
    architecture = likelihood.architecture
    let (d, width) = (architecture.dimension, architecture.experts * likelihood.rows)
    draws = positions.count / d
    weights = []
    means = []
    behaviour = []
    weights.reserveCapacity(draws * width)
    means.reserveCapacity(draws * width)
    behaviour.reserveCapacity(draws * count)
    noise = ExpertNoise(experts: architecture.experts, draws: draws)
    var w = [Double](repeating: 0, count: width)
    var m = w
    var b = [Double](repeating: 0, count: count)
    for draw in 0..<draws {
      let position = positions.extracting(draw * d..<(draw + 1) * d)
      var weightSpan = w.mutableSpan
      var meanSpan = m.mutableSpan
      var behaviourSpan = b.mutableSpan
      likelihood.components(at: position, weights: &weightSpan, means: &meanSpan, behaviour: &behaviourSpan)
      weights += w
      means += m
      behaviour += b
      noise.append(position.extracting(architecture.logSigmas))
    }
  }

  /// One row's components: the fused ones of (10), or for BoE the one blend.
  func row(_ row: Int) -> PredictiveComponents {
    let m = architecture.experts
    var result = PredictiveComponents(architecture, draws: draws, index: first + row)
    let (alphas, mus) = (weights.span, means.span)
    for draw in 0..<draws {
      let beta = behaviour[draw * count + row]
      var blendMean = 0.0
      var blendVariance = 0.0
      for i in 0..<m {
        let alpha = alphas[(draw * m + i) * count + row]
        result.allocation[draw * m + i] = alpha
        blendMean += alpha * mus[(draw * m + i) * count + row]
        blendVariance += alpha * noise.relativeVariances[draw * m + i]
      }
      result.behaviour[draw] = beta
      result.meanFunction[draw] = blendMean
      guard architecture.combination != .boe else {
        result.means[draw] = blendMean
        result.deviations[draw] = noise.blend(draw, blendVariance)
        continue
      }
      for i in 0..<m {
        let mu = mus[(draw * m + i) * count + row]
        result.means[draw * m + i] = beta == 1 ? mu : beta * mu + (1 - beta) * blendMean
        result.deviations[draw * m + i] =
          beta == 1 ? noise.deviations[draw * m + i] : noise.fused(draw, draw * m + i, beta, blendVariance)
      }
    }
    return result
  }
}

/// One row's components over all draws, before the draws are weighted.
struct PredictiveComponents: Sendable {
  /// Where the row stands among all rows.
  let index: Int
  /// Components a draw: M, or 1 for BoE.
  let width: Int
  /// β of every draw.
  fileprivate(set) var behaviour: [Double]
  /// E[Y | x, θ] of every draw: the blend's mean, which fusion keeps.
  fileprivate(set) var meanFunction: [Double]
  /// α, draw by draw.
  fileprivate var allocation: [Double]
  /// Draw by draw, `width` components each.
  fileprivate var means: [Double]
  fileprivate var deviations: [Double]
  private let experts: Int

  fileprivate init(_ architecture: ExpertArchitecture, draws: Int, index: Int) {
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
}

/// The experts' standard deviations, draw by draw, and their squares beside the draw's largest, which cannot overflow.
private struct ExpertNoise {
  private(set) var deviations: [Double] = []
  private(set) var relativeVariances: [Double] = []
  private var scales: [Double] = []

  init(experts: Int, draws: Int) {
    deviations.reserveCapacity(experts * draws)
    relativeVariances.reserveCapacity(experts * draws)
    scales.reserveCapacity(draws)
  }

  /// One draw's ln σ, taken into ±700, where σ and 1/σ are normal numbers.
  mutating func append(_ logSigmas: Span<Double>) {
    var largest = -700.0
    for i in 0..<logSigmas.count { largest = max(largest, min(logSigmas[i], 700)) }
    scales.append(exp(largest))
    for i in 0..<logSigmas.count {
      let value = min(max(logSigmas[i], -700), 700)
      deviations.append(exp(value))
      relativeVariances.append(exp(2 * (value - largest)))
    }
  }

  /// σ_bl from its relative square; where that underflows, something small with a normal reciprocal.
  func blend(_ draw: Int, _ variance: Double) -> Double { max(scales[draw] * variance.squareRoot(), 0x1p-1010) }

  /// σ_i(β) of (10), of component `index`; what β leaves of σ_i itself stays where its square underflows.
  func fused(_ draw: Int, _ index: Int, _ beta: Double, _ blendVariance: Double) -> Double {
    let variance = beta * relativeVariances[index] + (1 - beta) * blendVariance
    guard variance < 1e-280 else { return scales[draw] * variance.squareRoot() }
    return max(blend(draw, variance), beta.squareRoot() * deviations[index])
  }
}
