/// A row a stage, each from the end of the one before. Seconds in gradients are those of a thread.
struct StageTable {
  let stopwatch: Stopwatch
  let threads: Int
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now
  private var counted = 0
  private var spent = 0.0

  init(_ stopwatch: Stopwatch, threads: Int = 1) {
    self.stopwatch = stopwatch
    self.threads = threads
  }

  mutating func end(_ stage: String) {
    let now = ContinuousClock.now
    row(stage, inSeconds(last.duration(to: now)), stopwatch.count - counted, stopwatch.seconds - spent)
    (last, counted, spent) = (.now, stopwatch.count, stopwatch.seconds)
  }

  func endTotal() { row("total", inSeconds(start.duration(to: .now)), stopwatch.count, stopwatch.seconds) }

  private func row(_ stage: String, _ time: Double, _ count: Int, _ total: Double) {
    let gradients = total / Double(threads)
    printRow([
      stage, format(time, decimals: 3), "\(count)", format(gradients, decimals: 3),
      format(time - gradients, decimals: 3),
      format(100 * (time - gradients) / time),
    ])
  }
}
