/// How a call of the sampler adapts before it draws.
public enum WarmUpPlan: Sendable, Codable, Equatable {
  /// Everything from scratch: `WarmUpSchedule(transitions:)`.
  case full(transitions: Int)
  /// A warm restart at a similar density: the step size goes on from the state's, the metric stays as it is during the
  /// call, and the states returned have it updated from the call's transitions, pooled over chains.
  case short(transitions: Int)
  /// No adaptation; the draws start at once.
  case none
}

/// The windows of a full warm-up, as Stan has them:
///
///     transition  0      75  100   150      250          450                      950  1000
///                 |  I   | II |  II  |  II   |     II     |           II           | III |
///
/// In I the chain finds the typical set and only the step size adapts. At the end of every II the metric is
/// replaced by an estimate from that window alone, and the step size starts anew; each II is twice as long as the one
/// before, the last takes what is left. In III only the step size adapts, to the final metric.
///
/// Warm-ups too short for 75 + 25 + 50 transitions keep the shares 15 %, 75 % and 10 %; below 20 transitions the metric
/// stays.
public struct WarmUpSchedule: Sendable, Equatable {
  /// A run of transitions.
  public struct Window: Sendable, Equatable {
    /// Its number of transitions.
    public let transitions: Int
    /// Whether the metric is estimated from it.
    public let adaptsMetric: Bool
  }

  /// The windows in order.
  public let windows: [Window]

  /// The schedule of that many transitions.
  public init(transitions: Int) {
    guard transitions >= 20 else {
      windows = transitions > 0 ? [Window(transitions: transitions, adaptsMetric: false)] : []
      return
    }
    var (initial, base, final) = (75, 25, 50)
    if initial + base + final > transitions {
      initial = transitions * 15 / 100
      final = transitions / 10
      base = transitions - initial - final
    }
    var result = [Window(transitions: initial, adaptsMetric: false)]
    let end = transitions - final
    var (start, size) = (initial, base)
    while start < end {
      // A window whose successor would not fit takes the rest.
      let fits = start == initial || start + 3 * size <= end
      let length = fits ? size : end - start
      result.append(Window(transitions: length, adaptsMetric: true))
      start += length
      size *= 2
    }
    result.append(Window(transitions: final, adaptsMetric: false))
    windows = result
  }
}
