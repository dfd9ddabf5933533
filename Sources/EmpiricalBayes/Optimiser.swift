/// The optimisers to choose from at run time, as one composed transform: scaling or Adam, then a step size, then limits.
public struct Optimiser: GradientTransform {
  /// The stages in their order; nil leaves one out.
  public typealias Stages = Chained<
    NaturalScaling?, Chained<Adam?, Chained<ConstantStep?, Chained<RobbinsMonroStep?, GradientClipping?>>>
  >

  private let stages: Stages

  /// An optimiser of these stages.
  public init(
    scaling: NaturalScaling? = nil, adam: Adam? = nil, constant: ConstantStep? = nil,
    robbinsMonro: RobbinsMonroStep? = nil, clipping: GradientClipping? = nil
  ) {
    stages = Chained(scaling, Chained(adam, Chained(constant, Chained(robbinsMonro, clipping))))
  }

  /// The memories of all stages.
  public func initialState(dimension: Int) -> Stages.State { stages.initialState(dimension: dimension) }

  /// Whether every stage has its memory.
  public func fits(_ state: Stages.State, dimension: Int) -> Bool { stages.fits(state, dimension: dimension) }

  /// All stages in turn.
  public func update(
    _ gradient: [Double], _ state: Stages.State, at point: TuningPoint
  ) -> (ascent: [Double], state: Stages.State) {
    stages.update(gradient, state, at: point)
  }
}

extension GradientTransform where Self == Optimiser {
  /// The default: natural gradient, falling steps, limited moves.
  public static func natural(size: Double = 1.5, delay: Double = 20, exponent: Double = 0.6) -> Optimiser {
    Optimiser(
      scaling: NaturalScaling(),
      robbinsMonro: RobbinsMonroStep(size: size, delay: delay, exponent: exponent), clipping: GradientClipping())
  }

  /// The paper's: plain stochastic gradient ascent with a constant step.
  public static func plain(size: Double) -> Optimiser { Optimiser(constant: ConstantStep(size)) }

  /// Adam with a constant step.
  public static func adam(size: Double = 0.1) -> Optimiser { Optimiser(adam: Adam(), constant: ConstantStep(size)) }
}
