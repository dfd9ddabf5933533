import LogDensities

extension TuningLoop {
  /// No run makes as many iterations; the numbers above name the random streams of final draws.
  private static var mostIterations: Int { Int(UInt32.max) - 1000 }

  /// That the loop can go on from `state`: a state of this task, whose parts have the sizes and ranges that every state has
  /// which the loop made. For states from outside, such as a file.
  /// - Throws: `TuningError.foreignState`, `TuningError.foreignMemory`.
  public func validate(_ state: State) throws(TuningError) {
    let counts = [state.restarts, state.withheldSteps, state.gradientEvaluations]
    guard (0..<Self.mostIterations).contains(state.iteration), counts.allSatisfy((0..<1 << 53).contains) else {
      throw .foreignState("its counts are not those of a run")
    }
    let candidates = state.candidates.map(\.iterate)
    let proposals = [state.initial, state.lambda] + [state.proposal].compactMap { $0 }
    guard proposals.allSatisfy(isOwn) else { throw .foreignState("its hyperparameters are not those of the model") }
    guard ([state.best, state.last].compactMap { $0 } + candidates).allSatisfy(isOwn),
      state.recent.count <= State.mostRecent, state.recent.allSatisfy(isOwn),
      (state.best == nil) == (state.last == nil),
      state.path?.fits(coordinates: model.hyperparameters.coordinates.count) ?? true
    else { throw .foreignState("its iterates are not those of the model") }
    guard state.labelling?.isSound ?? true else { throw .foreignState("its numbering of parts makes no sense") }
    guard state.chains.map({ sampler.fits($0, dimension: model.dimension) }) ?? (state.iteration == 0) else {
      throw .foreignState("its chains are not those of the model")
    }
    try schedule.validate(state.memory)
    guard schedule.fits(state.memory, model) else { throw .foreignMemory }
  }

  /// Whether tuning can have led there from the model's own λ.
  private func isOwn(_ lambda: Hyperparameters) -> Bool { lambda.isMove(of: model.hyperparameters) }

  private func isOwn(_ iterate: Iterate) -> Bool {
    isOwn(iterate.lambda) && isOwn(iterate.info) && iterate.info.lambda == iterate.lambda.free
  }

  private func isOwn(_ info: TuningInfo) -> Bool {
    let count = model.hyperparameters.coordinates.count
    return [info.lambda.count, info.gradient.count, info.step.count].allSatisfy { $0 == count }
      && [info.informedShare, info.unit, info.proposal].allSatisfy { $0 == nil || $0?.count == count }
      && info.draws > 0 && (0...info.draws).contains(info.divergences)
      && (0...info.draws).contains(info.collapsedDraws ?? 0) && (0..<Self.mostIterations).contains(info.iteration)
      && info.gradientEvaluations >= 0
  }
}

extension Hyperparameters {
  /// Whether these are `start` with its coordinates moved within their bounds, and nothing else changed.
  func isMove(of start: Hyperparameters) -> Bool {
    let free = free
    return free.count == start.coordinates.count && free.allSatisfy(\.isFinite)
      && (self == start || self == start.moved(to: free))
  }
}

extension Labelling {
  /// Whether it holds what its initialiser demands, in finite numbers.
  fileprivate var isSound: Bool {
    centre.count == factor.count && (pivot.isEmpty || !centre.isEmpty && pivot.count % centre.count == 0)
      && [pivot, centre, factor].allSatisfy { $0.allSatisfy(\.isFinite) }
  }
}

extension EvidencePath {
  /// Whether it is one of that many coordinates of λ.
  fileprivate func fits(coordinates q: Int) -> Bool {
    [lambda.count, gradient.count, step.count].allSatisfy { $0 == q } && covariance.count == q * q
      && (curvature.isEmpty || curvature.count == q * q)
  }
}
