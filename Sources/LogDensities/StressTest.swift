/// Throws random and extreme positions at a log density and reports what breaks its contract, after
/// LogDensityProblems.jl's `stresstest`.
public struct StressTest: Sendable {
  /// The number of random positions.
  public var positions = 100
  /// Standard deviations of the random positions, used in turn.
  public var scales = [0.1, 1.0, 10.0]
  /// Magnitudes at which every position has been replaced by ±magnitude, for overflow. Gradients are not compared there.
  public var extremes = [1e3, 1e8, 1e154, 1e300]
  /// The largest accepted difference between a derivative and its finite difference, relative to
  /// 1 + |derivative| + 10⁻⁴ |log density|.
  public var tolerance = 1e-5

  /// A breach of the contract.
  public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Sendable, Equatable {
      /// The value is NaN.
      case valueIsNaN
      /// The value is +∞.
      case valueIsInfinite
      /// The value is finite but a derivative is not.
      case gradientNotFinite(coordinate: Int)
      /// A derivative differs from its finite difference.
      case wrongGradient(coordinate: Int, analytic: Double, numeric: Double)
      /// A second evaluation gave other bits.
      case notPure
      /// Evaluation threw.
      case threw(LogDensityError)
    }

    /// What is wrong.
    public let problem: Problem
    /// Where.
    public let position: [Double]

    /// One sentence for people.
    public var description: String {
      switch problem {
      case .valueIsNaN: "The log density is NaN at \(position)."
      case .valueIsInfinite: "The log density is +∞ at \(position)."
      case .gradientNotFinite(let coordinate):
        "The log density is finite but its derivative \(coordinate) is not at \(position)."
      case .wrongGradient(let coordinate, let analytic, let numeric):
        "Derivative \(coordinate) is \(analytic) but differences give \(numeric) at \(position)."
      case .notPure: "Two evaluations of the log density differ at \(position)."
      case .threw(let error): "\(error.description) The position was \(position)."
      }
    }
  }

  /// The default test.
  public init() {}

  /// Everything that was found, in the order of the positions; empty for a density that keeps its contract.
  public func run(_ density: some LogDensity, stream: inout RandomStream) -> [Finding] {
    var findings: [Finding] = []
    for index in 0..<positions {
      let scale = scales.isEmpty ? 1 : scales[index % scales.count]
      let position = (0..<density.dimension).map { _ in scale * stream.normal() }
      findings += examine(density, position, comparesGradient: true)
    }
    for extreme in extremes {
      for _ in 0..<4 {
        let position = (0..<density.dimension).map { _ in stream.uniform() < 0.5 ? extreme : -extreme }
        findings += examine(density, position, comparesGradient: false)
      }
      for coordinate in 0..<density.dimension {
        for value in [extreme, -extreme] {
          var position = [Double](repeating: 0, count: density.dimension)
          position[coordinate] = value
          findings += examine(density, position, comparesGradient: false)
        }
      }
    }
    return findings
  }

  private func examine(_ density: some LogDensity, _ position: [Double], comparesGradient: Bool) -> [Finding] {
    do throws(LogDensityError) {
      let (value, gradient) = try density.evaluate(at: position)
      let again = try density.evaluate(at: position)
      if value.isNaN { return [Finding(problem: .valueIsNaN, position: position)] }
      if value == .infinity { return [Finding(problem: .valueIsInfinite, position: position)] }
      guard value.isFinite else { return [] }
      var findings: [Finding] = []
      if value != again.value || gradient.map(\.bitPattern) != again.gradient.map(\.bitPattern) {
        findings.append(Finding(problem: .notPure, position: position))
      }
      for coordinate in gradient.indices {
        guard gradient[coordinate].isFinite else {
          findings.append(Finding(problem: .gradientNotFinite(coordinate: coordinate), position: position))
          continue
        }
        guard comparesGradient else { continue }
        let numeric = try difference(density, position, coordinate, near: gradient[coordinate])
        let scale = 1 + abs(gradient[coordinate]) + 1e-4 * abs(value)
        if let numeric, !(abs(numeric - gradient[coordinate]) <= tolerance * scale) {
          findings.append(
            Finding(
              problem: .wrongGradient(coordinate: coordinate, analytic: gradient[coordinate], numeric: numeric),
              position: position))
        }
      }
      return findings
    } catch {
      return [Finding(problem: .threw(error), position: position)]
    }
  }

  /// The central difference closest to `expected` among several step sizes: no one step suits every density, and a wrong
  /// derivative is wrong at all of them. nil where the support ends beside the position.
  private func difference(
    _ density: some LogDensity, _ position: [Double], _ coordinate: Int, near expected: Double
  ) throws(LogDensityError) -> Double? {
    var best: Double?
    for step in [1e-3, 1e-4, 1e-5, 1e-6, 1e-7] {
      let size = step * max(1, abs(position[coordinate]))
      var (above, below) = (position, position)
      above[coordinate] += size
      below[coordinate] -= size
      let rise = try density.evaluate(at: above).value - density.evaluate(at: below).value
      let slope = rise / (above[coordinate] - below[coordinate])
      guard slope.isFinite else { continue }
      if abs(slope - expected) < abs((best ?? .infinity) - expected) { best = slope }
    }
    return best
  }
}
