/// Runs pieces of work, some at once, each after the piece whose result it needs. Results do not depend on how many run at
/// once.
struct PieceQueue<Name: Hashable & Sendable, Result: Sendable>: Sendable {
  /// One piece.
  struct Piece: Sendable {
    /// Unique among the pieces.
    var name: Name
    /// The piece that has to be finished before; nil for none.
    var predecessor: Name?
    /// The work, given the predecessor's result.
    var work: @Sendable (Result?) async throws -> Result
  }

  /// The most pieces at once.
  let concurrency: Int

  /// Results by name, those in `finished` taken from there.
  /// - Parameter onFinish: called for every new result as soon as it is there, in any order.
  /// - Throws: what a piece or `onFinish` throws; the other pieces are cancelled then.
  func run(
    _ pieces: [Piece], finished: [Name: Result], isolation: isolated (any Actor)? = #isolation,
    onFinish: (Result) throws -> Void
  ) async throws -> [Name: Result] {
    precondition(concurrency > 0, "something has to run")
    var results = finished
    var waiting = pieces.filter { finished[$0.name] == nil }
    try await withThrowingTaskGroup(of: (Name, Result).self) { group in
      var running = 0
      func launch() {
        while running < concurrency,
          let next = waiting.firstIndex(where: { $0.predecessor.map { results[$0] != nil } ?? true })
        {
          let piece = waiting.remove(at: next)
          let needed = piece.predecessor.flatMap { results[$0] }
          running += 1
          group.addTask { (piece.name, try await piece.work(needed)) }
        }
      }
      launch()
      while let (name, result) = try await group.next() {
        running -= 1
        results[name] = result
        try onFinish(result)
        launch()
      }
    }
    return results
  }
}

/// Measures how long something took, where somebody holds a clock.
struct Stopwatch: Sendable {
  /// Seconds since some moment; nil where nobody wants to know.
  let now: (@Sendable () -> Double)?

  /// The scores that `work` makes, with the seconds it took.
  func timed(_ work: () async throws -> ModelScores) async throws -> ModelScores {
    let start = now?()
    var scores = try await work()
    if let start, let now { scores.seconds = now() - start }
    return scores
  }
}
