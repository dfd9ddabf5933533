#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Taylor expansion of a sine or a cosine.
struct WaveExpansion: Sendable {
  let order: Int
  let centre: Double
  /// The function and its first three derivatives at the centre; they repeat with period 4.
  let derivatives: [Double]

  static func sine(order: Int, centre: Double) -> WaveExpansion {
    let (s, c) = (sin(centre), cos(centre))
    return WaveExpansion(order: order, centre: centre, derivatives: [s, c, -s, -c])
  }

  static func cosine(order: Int, centre: Double) -> WaveExpansion {
    let (s, c) = (sin(centre), cos(centre))
    return WaveExpansion(order: order, centre: centre, derivatives: [c, -s, -c, s])
  }

  /// Σ_{j ≤ order} g⁽ʲ⁾(a) (x − a)ʲ / j!.
  func value(at x: Double) -> Double {
    (0...order).reversed().reduce(0) { sum, j in
      sum * (x - centre) / Double(j + 1) + derivatives[j % 4]
    }
  }

  /// |x − a|^{M+1} / (M+1)! with M the order, or the one after where the next derivative vanishes: Lagrange's bound.
  func bound(at x: Double) -> Double {
    let next = order + (abs(derivatives[(order + 1) % 4]) < 1e-12 ? 2 : 1)
    return (1...next).reduce(1) { $0 * abs(x - centre) / Double($1) }
  }
}

/// A Taylor expansion of sin x1 + cos x2.
public struct SineCosineExpansion: PredictiveModel {
  /// What the standard deviation is.
  public enum Deviation: Sendable, Codable, Equatable {
    /// The same everywhere; 1 stands in for it in Taweret.
    case constant(Double)
    /// The root of the sum of squares of Lagrange's bounds of both remainders.
    case truncation
  }

  /// What reports call it.
  public let name: String
  /// What the standard deviation is.
  public let deviation: Deviation
  private let sine: WaveExpansion
  private let cosine: WaveExpansion

  /// An expansion.
  /// - Parameters:
  ///   - sineOrder: The degree of the sine's expansion in x1, 0 to 100.
  ///   - cosineOrder: The degree of the cosine's expansion in x2, 0 to 100.
  ///   - centres: Where the sine and where the cosine is expanded.
  /// - Throws: `MixingError` for other degrees, centres that are not finite, or a negative standard deviation.
  public init(
    name: String, sineOrder: Int, cosineOrder: Int, centres: (sine: Double, cosine: Double), deviation: Deviation
  ) throws(MixingError) {
    guard (0...100).contains(sineOrder), (0...100).contains(cosineOrder) else {
      throw .invalid("The degrees of \(name) must lie between 0 and 100.")
    }
    guard centres.sine.isFinite, centres.cosine.isFinite else {
      throw .invalid("The centres of \(name) must be finite.")
    }
    if case .constant(let value) = deviation, !(value >= 0 && value.isFinite) {
      throw .invalid("The standard deviation of \(name) must be at least 0.")
    }
    self.init(name, (sineOrder, centres.sine), (cosineOrder, centres.cosine), deviation)
  }

  init(_ name: String, _ sine: (order: Int, at: Double), _ cosine: (order: Int, at: Double), _ deviation: Deviation) {
    self.name = name
    self.deviation = deviation
    self.sine = .sine(order: sine.order, centre: sine.at)
    self.cosine = .cosine(order: cosine.order, centre: cosine.at)
  }

  /// The expansion at (x1, x2) = `input`.
  public func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
    let deviation =
      switch deviation {
      case .constant(let value): value
      case .truncation: hypot(sine.bound(at: input[0]), cosine.bound(at: input[1]))
      }
    return Prediction(mean: sine.value(at: input[0]) + cosine.value(at: input[1]), standardDeviation: deviation)
  }
}

extension MixingProblem {
  /// Two Taylor expansions of sin x1 + cos x2, from opposite corners of a square.
  public static let taylor2D: MixingProblem = {
    let range = (-Double.pi)...Double.pi
    return MixingProblem(
      name: "taylor-2d",
      summary: "Two Taylor expansions of sin x1 + cos x2, from opposite corners of a square.",
      inputs: ["x1", "x2"].map {
        MixingInput(name: $0, lower: -.pi, upper: .pi, observed: range, isPositive: false)
      },
      models: [
        SineCosineExpansion("model1", (7, .pi), (10, .pi), .truncation),
        SineCosineExpansion("model2", (13, -.pi), (6, -.pi), .truncation),
      ],
      truth: MixingTruth("sin x1 + cos x2") { sin($0[0]) + cos($0[1]) },
      design: [2, 3].map { base in (1...80).map { .pi * (2 * radicalInverse($0, base: base) - 1) } },
      noise: .constant(0.1),
      suggestion: MixingSuggestion(weights: "trees", weightPriors: []),
      notes: [
        "Models, truth, noise and number of rows: Taweret's example of tree mixing; the rows lie on Halton's sequence.",
        "The models' standard deviations are Lagrange's bounds of the remainders; Taweret states 1, and trees use neither.",
        "Outside the square the expansions part from the truth like powers.",
      ])
  }()
}

/// The digits of n mirrored at the point, in (0, 1) for n ≥ 1 (Halton 1960).
func radicalInverse(_ n: Int, base: Int) -> Double {
  var (rest, weight, sum) = (n, 1.0, 0.0)
  while rest > 0 {
    weight /= Double(base)
    sum += weight * Double(rest % base)
    rest /= base
  }
  return sum
}
