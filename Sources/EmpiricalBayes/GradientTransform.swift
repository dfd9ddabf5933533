import LogDensities

/// A step of an optimiser: turns a gradient, or what another transform made of it, into the move of λ, or into what the
/// next transform takes. Transforms compose (`Chained`; nil is the identity), and their memory is a value that a
/// checkpoint holds, as in optax.
public protocol GradientTransform: Sendable {
  /// The memory.
  associatedtype State: Sendable, Codable, Equatable

  /// The memory before the first step, for λ with `dimension` coordinates.
  func initialState(dimension: Int) -> State

  /// Whether `state` has the sizes and ranges of a memory for λ with `dimension` coordinates.
  func fits(_ state: State, dimension: Int) -> Bool

  /// The transformed gradient (ascent is positive) and the memory after it.
  func update(_ gradient: [Double], _ state: State, at point: TuningPoint) -> (ascent: [Double], state: State)
}

/// Where a step starts: what a transform may know besides the gradient. A λ alone is not enough: natural scaling needs
/// the prior's information there, and clipping the length that counts as large.
public struct TuningPoint: Sendable, Equatable {
  /// The outer iteration, from 0.
  public let iteration: Int
  /// The coordinates of λ, on the tuning scale.
  public let lambda: [Double]
  /// The expected prior information of each coordinate, of all its members together.
  public let priorInformation: [Double]
  /// The same plus the information of the coordinate's hyperprior.
  public let information: [Double]
  /// Whether each coordinate is a location; all others are logarithms.
  public let isLocation: [Bool]
  /// For a location its prior's own scale, 1/√(information of one member); 1 for logarithms.
  public let unit: [Double]

  /// A point from its parts, all of one length.
  public init(
    iteration: Int, lambda: [Double], priorInformation: [Double], information: [Double], isLocation: [Bool],
    unit: [Double]
  ) {
    self.priorInformation = priorInformation
    self.iteration = iteration
    self.lambda = lambda
    self.information = information
    self.isLocation = isLocation
    self.unit = unit
  }

  /// The point at λ of a model.
  public init<Model: HierarchicalModel>(iteration: Int, at lambda: Hyperparameters, of model: Model) {
    let ofMembers = model.priorInformation(at: lambda)
    let members = lambda.pulledBack([Double](repeating: 1, count: lambda.count))
    let isLocation = lambda.coordinates.indices.map { coordinate in
      lambda.membership.firstIndex(of: coordinate).map { lambda.entries[$0].kind == .location } ?? false
    }
    self.init(
      iteration: iteration, lambda: lambda.free, priorInformation: ofMembers,
      information: zip(lambda.coordinates, ofMembers).map { coordinate, information in
        information + (coordinate.hyperprior?.information(at: coordinate.value) ?? 0)
      },
      isLocation: isLocation,
      unit: ofMembers.indices.map { index in
        isLocation[index] && ofMembers[index] > 0 ? (members[index] / ofMembers[index]).squareRoot() : 1
      })
  }
}

/// The memory of a transform that remembers nothing.
public struct Memoryless: Sendable, Codable, Equatable {
  /// Nothing.
  public init() {}
}

extension GradientTransform {
  /// Every memory of the right type fits.
  public func fits(_ state: State, dimension: Int) -> Bool { true }
}

extension GradientTransform where State == Memoryless {
  /// Nothing to remember.
  public func initialState(dimension: Int) -> Memoryless { Memoryless() }
}

/// One transform after another.
public struct Chained<First: GradientTransform, Second: GradientTransform>: GradientTransform {
  /// Both memories.
  public struct State: Sendable, Codable, Equatable {
    var first: First.State
    var second: Second.State
  }

  /// Takes the gradient.
  public let first: First
  /// Takes what the first made of it.
  public let second: Second

  /// `first`, then `second`.
  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  /// Both memories.
  public func initialState(dimension: Int) -> State {
    State(first: first.initialState(dimension: dimension), second: second.initialState(dimension: dimension))
  }

  /// Whether both fit.
  public func fits(_ state: State, dimension: Int) -> Bool {
    first.fits(state.first, dimension: dimension) && second.fits(state.second, dimension: dimension)
  }

  /// What the second makes of what the first makes of the gradient.
  public func update(
    _ gradient: [Double], _ state: State, at point: TuningPoint
  ) -> (ascent: [Double], state: State) {
    let (middle, firstState) = first.update(gradient, state.first, at: point)
    let (ascent, secondState) = second.update(middle, state.second, at: point)
    return (ascent, State(first: firstState, second: secondState))
  }
}

/// A transform that may be absent: nil is the identity.
extension Optional: GradientTransform where Wrapped: GradientTransform {
  /// The transform's memory, if there is a transform.
  public func initialState(dimension: Int) -> Wrapped.State? {
    self?.initialState(dimension: dimension)
  }

  /// Whether there is a memory where there is a transform, and only there.
  public func fits(_ state: Wrapped.State?, dimension: Int) -> Bool {
    guard let transform = self, let state else { return self == nil && state == nil }
    return transform.fits(state, dimension: dimension)
  }

  /// The gradient as it is, if there is no transform.
  public func update(
    _ gradient: [Double], _ state: Wrapped.State?, at point: TuningPoint
  ) -> (ascent: [Double], state: Wrapped.State?) {
    guard let transform = self, let state else { return (gradient, state) }
    return transform.update(gradient, state, at: point)
  }
}
