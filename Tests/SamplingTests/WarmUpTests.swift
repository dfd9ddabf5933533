import Testing

@testable import Sampling

@Suite struct WarmUpTests {
  /// Stan's counters (windowed_adaptation): the transitions, counted from 0, after which the metric is replaced.
  private func stanUpdates(_ warmup: Int) -> [Int] {
    if warmup < 20 { return [] }
    var (initial, term, base) = (75, 50, 25)
    if initial + base + term > warmup {
      initial = Int(0.15 * Double(warmup))
      term = Int(0.1 * Double(warmup))
      base = warmup - (initial + term)
    }
    var (size, next) = (base, initial + base - 1)
    var updates: [Int] = []
    for counter in 0..<warmup where counter >= initial && counter < warmup - term && counter == next {
      updates.append(counter)
      if next == warmup - term - 1 { continue }
      size *= 2
      next = counter + size
      if next == warmup - term - 1 { continue }
      if next + 2 * size >= warmup - term { next = warmup - term - 1 }
    }
    return updates
  }

  private func updates(_ schedule: WarmUpSchedule) -> [Int] {
    var (result, end) = ([Int](), 0)
    for window in schedule.windows {
      end += window.transitions
      if window.adaptsMetric { result.append(end - 1) }
    }
    return result
  }

  @Test func agreesWithStanAtEveryLength() {
    for transitions in 0...2500 {
      let schedule = WarmUpSchedule(transitions: transitions)
      #expect(schedule.windows.reduce(0) { $0 + $1.transitions } == transitions)
      #expect(updates(schedule) == stanUpdates(transitions), "at \(transitions)")
    }
  }

  @Test func isTheKnownScheduleAt1000() {
    let schedule = WarmUpSchedule(transitions: 1000)
    #expect(schedule.windows.map(\.transitions) == [75, 25, 50, 100, 200, 500, 50])
    #expect(updates(schedule) == [99, 149, 249, 449, 949])
  }

  @Test func earlyWindowsOnlySplitTheFirst() {
    #expect(
      WarmUpSchedule(transitions: 1000, adaptsEarly: true).windows.map(\.transitions)
        == [10, 20, 45, 25, 50, 100, 200, 500, 50])
    for transitions in 20...400 {
      let plain = updates(WarmUpSchedule(transitions: transitions))
      let early = WarmUpSchedule(transitions: transitions, adaptsEarly: true)
      #expect(early.windows.reduce(0) { $0 + $1.transitions } == transitions)
      #expect(updates(early).suffix(plain.count) == plain[...])
    }
  }
}
