#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The expansion of F(g) = ∫exp(−x²/2 − g²x⁴)dx at large g, a convergent series in 1/g:
/// g^{−½} Σ_{k ≤ N} Γ(k/2+¼) (−½)^k / (2 k!) g^{−k} (Honda 2014, JHEP 12, 019).
///
/// With d_k the coefficients above, the standard deviation is
/// - uninformative: d̄ g^{−½} g^{−N−1} / (N+1)!, where d̄² is the mean over k = 2…N of (d_k k!)²;
/// - informative: d̄ g^{−½} (4g)^{−N−1} / Γ((N+3)/2), where d̄² is the mean over k = 0…N of (d_k Γ(k/2+1) 4^k)².
public struct LargeCouplingExpansion: PredictiveModel {
  /// N, the highest power of 1/g that is kept beside g^{−½}.
  public let order: Int
  /// What the standard deviation is made of.
  public let errorModel: TruncationErrorModel
  private let coefficients: [Double]
  private let logErrorScale: Double

  /// `large-g`.
  public var name: String { "large-g" }

  /// An expansion to order N.
  /// - Throws: `MixingError` unless 0 ≤ N ≤ 200, or 2 ≤ N for the uninformative error model, which leaves the first two
  ///   coefficients out.
  public init(order: Int, errorModel: TruncationErrorModel) throws(MixingError) {
    let lowest = errorModel == .uninformative ? 2 : 0
    guard (lowest...200).contains(order) else {
      throw .invalid("The large-g expansion with \(errorModel) errors has orders \(lowest) to 200, not \(order).")
    }
    self.order = order
    self.errorModel = errorModel
    var coefficients = [tgamma(0.25) / 2, -tgamma(0.75) / 4]
    // d_{k+2} / d_k = ¼ (k/2+¼) / ((k+1)(k+2)).
    for k in 0..<max(0, order - 1) {
      let next = Double(k + 1) * Double(k + 2)
      coefficients.append(coefficients[k] * 0.25 * (0.5 * Double(k) + 0.25) / next)
    }
    self.coefficients = Array(coefficients.prefix(order + 1))
    let logs = self.coefficients.map { log(abs($0)) }
    let logTerms: [Double] =
      switch errorModel {
      case .uninformative: (2...max(2, order)).map { logs[$0] + logFactorial($0) }
      case .informative: (0...order).map { logs[$0] + log(tgamma(0.5 * Double($0) + 1)) + Double($0) * log(4.0) }
      }
    let largest = logTerms.max() ?? 0
    let squares = logTerms.reduce(0) { $0 + exp(2 * ($1 - largest)) }
    let logMean = largest + 0.5 * log(squares / Double(logTerms.count))
    logErrorScale =
      switch errorModel {
      case .uninformative: logMean - logFactorial(order + 1)
      case .informative: logMean - log(tgamma(0.5 * Double(order + 3))) - Double(order + 1) * log(4.0)
      }
  }

  /// The expansion and its truncation error at g = `input[0]`, which must not be 0; F is even in g.
  public func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
    let g = abs(input[0])
    let mean = coefficients.reversed().reduce(0) { $0 / g + $1 } / g.squareRoot()
    return Prediction(mean: mean, standardDeviation: exp(logErrorScale - (Double(order) + 1.5) * log(g)))
  }
}
