import Foundation
import Testing
import _TestSupport

@testable import ModelMixing

@Suite struct SambaTests {
  private static let table = SharedData.file("data/taweret/samba_models_orders2_3.csv")

  /// exp(z) K_{1/4}(z) / (2√2 g) with 40 digits, which agrees with 40-digit quadrature.
  @Test(arguments: [
    (1e-06, 2.5066282746234806176), (0.001, 2.5066207548777702513), (0.01, 2.5058775978067570504),
    (0.03, 2.4999639381691226628), (0.1, 2.4415777793585947073), (0.2, 2.309192393231964125),
    (0.5, 1.9352478184967272764), (1.0, 1.5548178021419797104), (3.0, 0.99110497271991266458),
    (10.0, 0.56374765329560660257), (1000.0, 0.057316240107752330716), (1e8, 0.00018128049510474124055),
    (1e150, 1.812804954110954156e-75),
  ])
  func truthIsTheIntegral(g: Double, expected: Double) {
    #expect(abs(quarticIntegral(g) - expected) <= 1e-14 * expected)
    #expect(quarticIntegral(-g) == quarticIntegral(g))
  }

  @Test func truthHasItsLimits() {
    #expect(abs(quarticIntegral(0) - (2 * Double.pi).squareRoot()) < 1e-15 * 4)
    for g in [1e-300, 1e-20, 1e300] { #expect(quarticIntegral(g) > 0 && quarticIntegral(g).isFinite) }
    let grid = (0..<400).map { pow(10, -6 + 0.03 * Double($0)) }
    #expect(zip(grid, grid.dropFirst()).allSatisfy { quarticIntegral($0) > quarticIntegral($1) })
  }

  /// Composite Gauss–Legendre quadrature (four points on 4000 panels) in x itself.
  @Test(arguments: [0.02, 0.13, 0.31, 0.77, 2.5]) func truthAgreesWithQuadrature(g: Double) {
    let inner = (3.0 / 7 - 2.0 / 7 * (1.2).squareRoot()).squareRoot()
    let outer = (3.0 / 7 + 2.0 / 7 * (1.2).squareRoot()).squareRoot()
    let (heavy, light) = ((18 + 30.0.squareRoot()) / 36, (18 - 30.0.squareRoot()) / 36)
    let rule = [(-outer, light), (-inner, heavy), (inner, heavy), (outer, light)]
    let width = 9.0 / 4000
    let half = (0..<4000).reduce(0.0) { sum, panel in
      let middle = (Double(panel) + 0.5) * width
      return sum
        + rule.reduce(0) { sum, point in
          let x = middle + 0.5 * width * point.0
          return sum + 0.5 * width * point.1 * exp(-x * x / 2 - g * g * x * x * x * x)
        }
    }
    #expect(abs(quarticIntegral(g) - 2 * half) < 1e-12)
  }

  @Test(.enabled(if: SambaTests.table != nil, "the shared data are not here"), arguments: [2, 3])
  func expansionsAgreeWithTheTable(order: Int) throws {
    let table = try SharedTable(#require(Self.table))
    for errors in TruncationErrorModel.allCases {
      let found = try MixingProblem.samba(order: order, errorModel: errors).predictions(at: [table["g"]])
      for (model, side) in ["small_g", "large_g"].enumerated() {
        #expect(relativeError(found.means[model], table["\(side)_order\(order)_mean"]) < 1e-10)
        let deviations = table["\(side)_order\(order)_std_\(errors.rawValue)"]
        #expect(relativeError(found.standardDeviations[model], deviations) < 1e-10)
      }
    }
    let truth = try MixingProblem.samba().trueValues(at: [table["g"]])
    #expect(relativeError(truth, table["truth"]) < 1e-12)
  }

  /// The published formulas in 40 digits at g = 0.3: small-g mean, uninformative and informative deviation, then large-g.
  @Test(arguments: [
    (
      5,
      [
        2.8957823142674633, 2.1532105287584651, 2.4015564543566135, 2.122321836212572, 0.23347824488449976,
        0.11029965737583358,
      ]
    ),
    (
      8,
      [
        13.620108373277566, 102.51139565343726, 68.293682840179739, 2.1741481006632715, 0.013309708816845592,
        0.0064982990564975165,
      ]
    ),
    (
      21,
      [
        7156870.37288177, 12393161740.222134, 102288995.8000332, 2.1710990194908234, 7.4883337910487735e-11,
        6.1630400503855533e-10,
      ]
    ),
    (
      60,
      [
        2.7280845702506945e+35, 2.5129239614851575e+53, 1.1666261483153361e+37, 2.1710990198165205,
        3.5438358002472715e-40, 1.0292095990193928e-38,
      ]
    ),
  ])
  func higherOrders(order: Int, expected: [Double]) throws {
    let vague = try MixingProblem.samba(order: order, errorModel: .uninformative).predictions(at: [[0.3]])
    let informed = try MixingProblem.samba(order: order, errorModel: .informative).predictions(at: [[0.3]])
    let found = (0..<2).flatMap {
      [vague.means[$0][0], vague.standardDeviations[$0][0], informed.standardDeviations[$0][0]]
    }
    #expect(relativeError(found, expected) < 1e-10)
  }

  @Test func ordersThatAnErrorModelLacksAreRefused() throws {
    #expect(throws: MixingError.self) { try SmallCouplingExpansion(order: 1, errorModel: .informative) }
    #expect(throws: MixingError.self) { try LargeCouplingExpansion(order: 1, errorModel: .uninformative) }
    #expect(throws: MixingError.self) { try SmallCouplingExpansion(order: 201, errorModel: .uninformative) }
    #expect(throws: MixingError.self) { try LargeCouplingExpansion(order: -1, errorModel: .informative) }
    // Order 0 by hand: √(2π) with √(2π) 2! g²; Γ(¼)/2 g^{−½} with d̄ = Γ(¼)/2 and Γ(3/2) = √π/2.
    let small = try SmallCouplingExpansion(order: 0, errorModel: .uninformative).evaluate(at: [0.5], parameters: [])
    #expect(abs(small.mean - 2.5066282746310002) < 1e-14)
    #expect(abs(small.standardDeviation - 2.5066282746310002 * 2 * 0.25) < 1e-14)
    let large = try LargeCouplingExpansion(order: 0, errorModel: .informative).evaluate(at: [4], parameters: [])
    #expect(abs(large.mean - 1.8128049541109542 / 2) < 1e-14)
    #expect(abs(large.standardDeviation - 1.8128049541109542 / 2 / 16 / 0.88622692545275801) < 1e-14)
  }

  @Test func whatCannotBePredictedIsASentence() throws {
    let problem = try MixingProblem.samba()
    for columns in [[[0.0]], [[-1]], [[.nan]], [[]], [], [[1], [1]], [[1e-300]]] {
      #expect(throws: MixingError.self) { try problem.predictions(at: columns) }
    }
    #expect(throws: MixingError.self) { try problem.predictions(at: [[0.5]], parameters: [[1], []]) }
    let sure = try SmallCouplingExpansion(order: 2, errorModel: .informative).evaluate(at: [0], parameters: [])
    #expect(sure == Prediction(mean: (2 * Double.pi).squareRoot(), standardDeviation: 0))
  }
}
