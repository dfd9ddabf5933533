#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// All that a slice-sampling chain needs to go on, perhaps with another density: a value to store in a checkpoint.
public struct SliceChain: Sendable, Codable, Equatable {
  /// The position, in unconstrained coordinates.
  public var position: [Double]
  /// The width of a step out in every coordinate.
  public var widths: [Double]

  /// A chain; without widths they are 1 until the first warm-up.
  public init(position: [Double], widths: [Double]? = nil) {
    self.position = position
    self.widths = widths ?? position.map { _ in 1 }
  }

  /// Whether a chain of that dimension can go on from here.
  public func fits(dimension: Int) -> Bool {
    position.count == dimension && widths.count == dimension && position.allSatisfy(\.isFinite)
      && widths.allSatisfy { $0 > 0 && $0.isFinite }
  }
}

/// One chain while it runs: coordinate-wise slice sampling with stepping out and shrinkage (Neal 2003, "Slice sampling",
/// Figures 3 and 5). A transition updates every coordinate once, in order.
struct SliceTransitions<Density: LogDensity>: ~Copyable {
  /// The most widths that a slice is stepped out to, m of Neal's Figure 3.
  static var mostSteps: Int { 64 }
  /// Shrinking ends here at the latest; then the coordinate stays. An interval so shrunk is below the last bit of the position.
  static var mostShrinkings: Int { 200 }

  private let density: Density
  private(set) var position: [Double]
  private(set) var widths: [Double]
  private(set) var logDensity = -Double.infinity
  /// How often the density was evaluated.
  private(set) var evaluations = 0
  private var stream: RandomStream
  /// Σ |x₁ − x₀| and the number of moves of each coordinate since widths were adapted last.
  private var travelled: [Double]
  private var transitions = 0

  /// - Throws: `SamplingError.nonFiniteStart` where the density at the chain's position is not finite.
  init(_ density: Density, from chain: SliceChain, stream: RandomStream) throws(SamplingError) {
    self.density = density
    self.stream = stream
    position = chain.position
    widths = chain.widths
    travelled = [Double](repeating: 0, count: position.count)
    logDensity = try value()
    guard logDensity.isFinite else { throw .nonFiniteStart(logDensity: logDensity) }
  }

  /// The density at `position`; −∞ for NaN.
  private mutating func value() throws(SamplingError) -> Double {
    evaluations += 1
    do throws(LogDensityError) {
      let value = try density.logDensity(at: position.span)
      return value.isNaN ? -.infinity : value
    } catch { throw .density(error) }
  }

  private mutating func value(_ coordinate: Int, at x: Double) throws(SamplingError) -> Double {
    position[coordinate] = x
    return try value()
  }

  /// The gradient where the chain stands.
  mutating func currentGradient() throws(SamplingError) -> [Double] {
    evaluations += 1
    do throws(LogDensityError) { return try density.evaluate(at: position).gradient } catch { throw .density(error) }
  }

  /// Updates every coordinate once.
  /// - Throws: `SamplingError.cancelled`, or what the density throws.
  mutating func run() throws(SamplingError) {
    if Task.isCancelled { throw .cancelled }
    for coordinate in position.indices { try update(coordinate) }
    transitions += 1
  }

  private mutating func update(_ coordinate: Int) throws(SamplingError) {
    let start = position[coordinate]
    let level = logDensity + log(stream.openUniform())
    var (left, right) = try stepOut(coordinate, from: start, above: level)
    for _ in 0..<Self.mostShrinkings {
      let x = left + stream.openUniform() * (right - left)
      let value = try value(coordinate, at: x)
      if value > level {
        logDensity = value
        travelled[coordinate] += abs(x - start)
        return
      }
      if x < start { left = x } else { right = x }
    }
    position[coordinate] = start
  }

  /// An interval about `start` whose ends are outside the slice, or `mostSteps` widths long. The split of the steps among both
  /// ends is drawn beforehand, so that the update is reversible.
  private mutating func stepOut(
    _ coordinate: Int, from start: Double, above level: Double
  ) throws(SamplingError) -> (left: Double, right: Double) {
    let width = widths[coordinate]
    var left = start - width * stream.uniform()
    var right = left + width
    var stepsLeft = stream.integer(below: Self.mostSteps)
    var stepsRight = Self.mostSteps - 1 - stepsLeft
    while stepsLeft > 0, try value(coordinate, at: left) > level {
      left -= width
      stepsLeft -= 1
    }
    while stepsRight > 0, try value(coordinate, at: right) > level {
      right += width
      stepsRight -= 1
    }
    return (left, right)
  }

  /// Widths from how far coordinates moved since the last call: a slice of length w about a point moves it by w / 3 in the mean.
  /// For warm-up only; draws after it are of the chain's one kernel.
  mutating func adapt() {
    guard transitions > 0 else { return }
    for coordinate in widths.indices {
      let width = 3 * travelled[coordinate] / Double(transitions)
      if width.isFinite && width > 0 { widths[coordinate] = width }
      travelled[coordinate] = 0
    }
    transitions = 0
  }
}
