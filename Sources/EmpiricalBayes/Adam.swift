#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adam (Kingma and Ba 2015, algorithm 1), without its step size, which a step transform after it supplies.
///
/// Its moves have the size 1 whatever that of the gradient, so they are in units of the prior: a location moves by its
/// prior's scale, `TuningPoint.unit`, and a logarithm by 1.
public struct Adam: GradientTransform, Codable, Equatable {
  /// The running moments.
  public struct State: Sendable, Codable, Equatable {
    /// Steps taken.
    public var steps: Int
    /// The mean of gradients.
    public var first: [Double]
    /// The mean of squared gradients.
    public var second: [Double]
  }

  /// The decay of the first moment.
  public let beta1: Double
  /// The decay of the second moment.
  public let beta2: Double
  /// What keeps the division finite.
  public let epsilon: Double

  /// The paper's settings by default.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    precondition((0..<1).contains(beta1) && (0..<1).contains(beta2) && epsilon > 0, "decays lie in [0, 1)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// Moments of zero.
  public func initialState(dimension: Int) -> State {
    let zeros = [Double](repeating: 0, count: dimension)
    return State(steps: 0, first: zeros, second: zeros)
  }

  /// Whether there is a moment of each kind for every coordinate.
  public func fits(_ state: State, dimension: Int) -> Bool {
    state.first.count == dimension && state.second.count == dimension && (0..<1 << 53).contains(state.steps)
  }

  /// The bias-corrected first moment over the root of the second, times the unit of the coordinate.
  public func update(
    _ gradient: [Double], _ state: State, at point: TuningPoint
  ) -> (ascent: [Double], state: State) {
    var next = state
    next.steps += 1
    let unbias1 = 1 - pow(beta1, Double(next.steps))
    let unbias2 = 1 - pow(beta2, Double(next.steps))
    let ascent = gradient.indices.map { index in
      next.first[index] = beta1 * state.first[index] + (1 - beta1) * gradient[index]
      next.second[index] = beta2 * state.second[index] + (1 - beta2) * gradient[index] * gradient[index]
      let direction = next.first[index] / unbias1 / ((next.second[index] / unbias2).squareRoot() + epsilon)
      return point.unit[index] * direction
    }
    return (ascent, next)
  }
}
