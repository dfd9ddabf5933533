#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One row of an experts model at one θ: its gate, its experts, its density (17) and the density's derivatives.
///
/// With β_i-fused moments (10), s_i = σ_i(β) and z_i = (y − μ_i(β)) / s_i, component i has the responsibility
/// ρ_i = α_i N(y; μ_i(β), s_i) / p(y), and ∂ ln p/∂μ_i(β) = ρ_i z_i / s_i, ∂ ln p/∂ ln s_i² = ρ_i (z_i² − 1)/2.
struct ExpertRow {
  /// Raw logits of experts 1 … M−1, then the reference's 0.
  var logits: [Double]
  /// ln α and α (14).
  private(set) var logWeights: [Double]
  private(set) var weights: [Double]
  /// μ_i and ln σ_i.
  var means: [Double]
  var logSigmas: [Double]
  /// ln β and ln(1 − β).
  private(set) var logBehaviour = 0.0
  private(set) var logComplement = -Double.infinity

  /// Derivatives of ln p in μ_i, the logits, ln σ_i and the logit of β.
  private(set) var byMean: [Double]
  private(set) var byLogit: [Double]
  private(set) var byLogSigma: [Double]
  private(set) var byBehaviour = 0.0

  private var blendMean = 0.0
  private var blendLogVariance = 0.0
  /// ln s_i², z_i and ln(α_i N(y; μ_i(β), s_i)) + min z²/2 of the fused components, and the logarithm of their sum.
  private var logVariances: [Double]
  private var residuals: [Double]
  private var terms: [Double]
  private var total = 0.0

  init(experts: Int) {
    let zeros = [Double](repeating: 0, count: experts)
    (logits, logWeights, weights, means, logSigmas) = (zeros, zeros, zeros, zeros, zeros)
    (byMean, byLogit, byLogSigma) = (zeros, zeros, zeros)
    (logVariances, residuals, terms) = (zeros, zeros, zeros)
  }

  private var experts: Range<Int> { 0..<logits.count }

  /// The log-softmax of the logits.
  mutating func normaliseWeights() {
    let total = logSumExp(logits)
    for i in experts {
      logWeights[i] = logits[i] - total
      weights[i] = exp(logWeights[i])
    }
  }

  mutating func setBehaviour(log: Double, complement: Double) {
    logBehaviour = log
    logComplement = complement
  }

  /// ln p(y), from gate and experts as they stand.
  mutating func density(at y: Double) -> Double {
    let behaviour = exp(logBehaviour)
    let complement = exp(logComplement)
    blendMean = 0
    for i in experts {
      blendMean += weights[i] * means[i]
      terms[i] = logWeights[i] + 2 * logSigmas[i]
    }
    blendLogVariance = logSumExp(terms)
    var nearest = Double.infinity
    for i in experts {
      let mean = behaviour * means[i] + complement * blendMean
      logVariances[i] = logAddExp(logBehaviour + 2 * logSigmas[i], logComplement + blendLogVariance)
      residuals[i] = quotient(y - mean, logDivisor: 0.5 * logVariances[i])
      nearest = min(nearest, 0.5 * residuals[i] * residuals[i])
    }
    guard nearest.isFinite else { return -.infinity }
    // The smallest z²/2 is taken off first: among experts equally far from an outlier the weights then still decide.
    for i in experts {
      let excess = 0.5 * residuals[i] * residuals[i] - nearest
      terms[i] = logWeights[i] - 0.5 * (logTwoPi + logVariances[i]) - excess
    }
    total = logSumExp(terms)
    return total - nearest
  }

  /// The derivatives at the y of the last call of `density(at:)`, whose value must be finite.
  mutating func differentiate() {
    let behaviour = exp(logBehaviour)
    let complement = exp(logComplement)
    for i in experts { (byMean[i], byLogit[i], byLogSigma[i]) = (0, 0, 0) }
    byBehaviour = 0
    var meanTotal = 0.0
    var blendTotal = 0.0
    for i in experts {
      let responsibility = exp(terms[i] - total)
      byLogit[i] = responsibility - weights[i]
      guard responsibility > 0 else { continue }
      let byFusedMean = quotient(responsibility * residuals[i], logDivisor: 0.5 * logVariances[i])
      let byLogVariance = 0.5 * responsibility * (residuals[i] * residuals[i] - 1)
      // The shares of β σ_i² and of (1−β) σ_bl² in s_i².
      let own = exp(logBehaviour + 2 * logSigmas[i] - logVariances[i])
      let blend = exp(logComplement + blendLogVariance - logVariances[i])
      byMean[i] += behaviour * byFusedMean
      byLogSigma[i] += 2 * own * byLogVariance
      meanTotal += complement * byFusedMean
      blendTotal += blend * byLogVariance
      byBehaviour += behaviour * complement * byFusedMean * (means[i] - blendMean)
      byBehaviour += byLogVariance * (complement * own - behaviour * blend)
    }
    for j in experts {
      // The share of expert j in σ_bl² = Σ α_j σ_j².
      let share = exp(logWeights[j] + 2 * logSigmas[j] - blendLogVariance)
      byMean[j] += weights[j] * meanTotal
      byLogSigma[j] += 2 * share * blendTotal
      byLogit[j] += weights[j] * meanTotal * (means[j] - blendMean) + (share - weights[j]) * blendTotal
    }
  }
}

private let logTwoPi = 1.8378770664093454836

/// x / exp(logDivisor) without overflow of the divisor or its reciprocal.
private func quotient(_ x: Double, logDivisor: Double) -> Double {
  if x == 0 { return 0 }
  if abs(logDivisor) < 700 { return x * exp(-logDivisor) }
  let magnitude = exp(log(abs(x)) - logDivisor)
  return x < 0 ? -magnitude : magnitude
}

/// ln Σ exp(x).
private func logSumExp(_ x: [Double]) -> Double {
  var top = -Double.infinity
  for value in x where !(value <= top) { top = value }
  guard top.isFinite else { return top }
  var sum = 0.0
  for value in x { sum += exp(value - top) }
  return top + log(sum)
}

private func logAddExp(_ a: Double, _ b: Double) -> Double {
  let top = max(a, b)
  return top.isFinite ? top + log1p(exp(min(a, b) - top)) : top
}

/// ln of 1 / (1 + exp(−x)).
func logLogistic(_ x: Double) -> Double { x < 0 ? x - log1p(exp(x)) : -log1p(exp(-x)) }
