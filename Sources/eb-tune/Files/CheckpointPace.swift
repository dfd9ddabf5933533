/// When a checkpoint is worth its price: no more than a twentieth of the time goes into them. An iteration that is lost
/// since the last one is repeated.
struct CheckpointPace {
  private var lastEnd: ContinuousClock.Instant?
  private var price = Duration.zero

  /// Does `body` where it is due.
  mutating func save(_ body: () throws -> Void) rethrows {
    let start = ContinuousClock.now
    if let lastEnd, start - lastEnd < price * 20 { return }
    try body()
    let end = ContinuousClock.now
    (lastEnd, price) = (end, end - start)
  }
}
