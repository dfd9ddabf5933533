#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A shifted power: f(x) = c (x − a)^p + b.
public struct PolynomialModel: PredictiveModel {
  /// What reports call it.
  public let name: String
  /// a, where the power is 0.
  public let centre: Double
  /// b, the value there.
  public let shift: Double
  /// c.
  public let scale: Double
  /// p, at least 0.
  public let power: Int
  /// The same everywhere; 1 stands in for it in Taweret.
  public let standardDeviation: Double

  /// A shifted power.
  /// - Throws: `MixingError` for a power below 0, a number that is not finite, or a negative standard deviation.
  public init(
    name: String, centre: Double = 0, shift: Double = 0, scale: Double = 1, power: Int = 1,
    standardDeviation: Double = 1
  ) throws(MixingError) {
    guard power >= 0 else { throw .invalid("The power of \(name) must be at least 0, not \(power).") }
    guard centre.isFinite, shift.isFinite, scale.isFinite, standardDeviation.isFinite, standardDeviation >= 0 else {
      throw .invalid("The numbers of \(name) must be finite, its standard deviation at least 0.")
    }
    self.init(name, centre, shift, scale, power, standardDeviation)
  }

  init(
    _ name: String, _ centre: Double, _ shift: Double, _ scale: Double, _ power: Int, _ standardDeviation: Double
  ) {
    self.name = name
    self.centre = centre
    self.shift = shift
    self.scale = scale
    self.power = power
    self.standardDeviation = standardDeviation
  }

  /// The power at x = `input[0]`.
  public func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
    var (result, base, rest) = (scale, input[0] - centre, power)
    while rest > 0 {
      if rest & 1 == 1 { result *= base }
      base *= base
      rest >>= 1
    }
    return Prediction(mean: result + shift, standardDeviation: standardDeviation)
  }
}

extension MixingProblem {
  /// Three polynomials for one wave of a sine, each its Taylor expansion of second order at a place of its own.
  public static let polynomial: MixingProblem = {
    // sin(πx/2) to second order at −1, 0 and 1.
    let curvature = Double.pi * Double.pi / 8
    return MixingProblem(
      name: "polynomial",
      summary: "A valley, a line and a crest, each for its part of one wave of a sine.",
      inputs: [MixingInput(name: "x", lower: -2, upper: 2, observed: -2...2, isPositive: false)],
      models: [
        PolynomialModel("valley", -1, -1, curvature, 2, 0.1),
        PolynomialModel("line", 0, 0, 0.5 * .pi, 1, 0.1),
        PolynomialModel("crest", 1, 1, -curvature, 2, 0.1),
      ],
      truth: MixingTruth("sin(πx/2)") { sin(0.5 * .pi * $0[0]) },
      design: [(0..<30).map { -2 + 4 * Double($0) / 29 }],
      noise: .constant(0.1),
      suggestion: MixingSuggestion(weights: "softmax", weightPriors: []),
      notes: [
        "Models of the form c (x − a)^p + b are Taweret's `polynomal_model`; these three, the truth, the design and the "
          + "noise are our own.",
        "The models' standard deviation is 0.1 everywhere; Taweret states 1.",
      ])
  }()
}
