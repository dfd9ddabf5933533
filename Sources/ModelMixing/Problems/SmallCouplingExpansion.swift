#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The expansion of F(g) = ∫exp(−x²/2 − g²x⁴)dx at small g, an asymptotic series in g²:
/// Σ_{even k ≤ N} √2 Γ(k+½) (−4)^{k/2} / (k/2)! g^k (Honda 2014, JHEP 12, 019).
///
/// With M = 2⌊N/2⌋ + 2 the first power that is left out, and c_k the coefficients above, the standard deviation is
/// - uninformative: c̄ M! g^M, where c̄² is the mean over even k ≤ N of (c_k / k!)²;
/// - informative: c̄ ⌊N/2⌋! (4g)^M, where c̄² = Σ_{even k = 2…N} (c_k / ((k/2 − 1)! 4^k))² / (⌊N/2⌋ + 1).
public struct SmallCouplingExpansion: PredictiveModel {
  /// N, the highest power of g that is kept; an odd one keeps what the even one below does.
  public let order: Int
  /// What the standard deviation is made of.
  public let errorModel: TruncationErrorModel
  /// Coefficients of (g²)ʲ.
  private let coefficients: [Double]
  private let logErrorScale: Double

  /// `small-g`.
  public var name: String { "small-g" }

  /// An expansion to order N.
  /// - Throws: `MixingError` unless 0 ≤ N ≤ 200, or 2 ≤ N for the informative error model, which has no known coefficient
  ///   below.
  public init(order: Int, errorModel: TruncationErrorModel) throws(MixingError) {
    let lowest = errorModel == .informative ? 2 : 0
    guard (lowest...200).contains(order) else {
      throw .invalid("The small-g expansion with \(errorModel) errors has orders \(lowest) to 200, not \(order).")
    }
    self.order = order
    self.errorModel = errorModel
    let last = order / 2
    var coefficients = [(2 * Double.pi).squareRoot()]
    // c_{k+2} / c_k = −4 (k+½)(k+3/2) / (k/2+1) with k = 2j.
    for j in 0..<last {
      let k = Double(2 * j)
      coefficients.append(coefficients[j] * -4 * (k + 0.5) * (k + 1.5) / Double(j + 1))
    }
    self.coefficients = coefficients
    let logTerms: [Double] =
      switch errorModel {
      case .uninformative: (0...last).map { log(abs(coefficients[$0])) - logFactorial(2 * $0) }
      case .informative:
        (1...last).map { log(abs(coefficients[$0])) - logFactorial($0 - 1) - Double(2 * $0) * log(4.0) }
      }
    let logMean = 0.5 * log(logTerms.reduce(0) { $0 + exp(2 * $1) } / Double(last + 1))
    let omitted = 2 * last + 2
    logErrorScale =
      switch errorModel {
      case .uninformative: logMean + logFactorial(omitted)
      case .informative: logMean + logFactorial(last) + Double(omitted) * log(4.0)
      }
  }

  /// The expansion and its truncation error at g = `input[0]`; F is even in g.
  public func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
    let g = abs(input[0])
    let mean = coefficients.reversed().reduce(0) { $0 * (g * g) + $1 }
    return Prediction(
      mean: mean, standardDeviation: exp(logErrorScale + Double(2 * (order / 2) + 2) * log(g)))
  }
}

/// ln n! for small n.
func logFactorial(_ n: Int) -> Double { n < 2 ? 0 : (2...n).reduce(0) { $0 + log(Double($1)) } }
