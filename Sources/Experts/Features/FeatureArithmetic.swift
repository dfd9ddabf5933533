#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Under names of their own: inside `Function`, log, exp, sin and cos are its cases.
private func naturalLogarithm(_ x: Double) -> Double { log(x) }
private func exponential(_ x: Double) -> Double { exp(x) }
private func sine(_ x: Double) -> Double { sin(x) }
private func cosine(_ x: Double) -> Double { cos(x) }

extension FeatureExpression.Operator {
  func apply(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .plus: x + y
    case .minus: x - y
    case .times: x * y
    case .over: x / y
    case .power: pow(x, y)
    }
  }
}

extension FeatureExpression.Function {
  func apply(_ x: Double) -> Double {
    switch self {
    case .log: naturalLogarithm(x)
    case .sqrt: x.squareRoot()
    case .exp: exponential(x)
    case .abs: Swift.abs(x)
    case .sin: sine(x)
    case .cos: cosine(x)
    }
  }
}

extension FeatureExpression {
  /// The value of a formula without columns or training statistics, else nil.
  var constantValue: Double? {
    switch self {
    case .number(let value): value
    case .negated(let x): x.constantValue.map { -$0 }
    case .function(let function, let x): x.constantValue.map(function.apply)
    case .scaled(let x, let factor): x.constantValue.map { $0 / factor }
    case .arithmetic(let symbol, let x, let y):
      x.constantValue.flatMap { left in y.constantValue.map { symbol.apply(left, $0) } }
    case .column, .standardized, .centered, .fourier, .polynomial, .factor, .interaction: nil
    }
  }

  /// sin and cos of 2πkx/period for k = 1 … harmonics.
  static func fourierColumns(_ x: [Double], period: Double, harmonics: Int) -> [[Double]] {
    (1...harmonics).flatMap { k in
      let angles = x.map { 2 * Double.pi * Double(k) * $0 / period }
      return [angles.map(sine), angles.map(cosine)]
    }
  }
}
