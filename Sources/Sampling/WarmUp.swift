/// How a call of the sampler adapts before it draws.
public enum WarmUpPlan: Sendable, Codable, Equatable {
  /// Everything from scratch: `WarmUpSchedule(transitions:)`.
  case full(transitions: Int)
  /// A warm restart at a similar density: the step size goes on from the state's, the metric stays as it is during the
  /// call, and the states returned have it updated from the call's transitions, pooled over chains.
  case short(transitions: Int)
  /// A round of draws at a density that keeps changing from call to call: `discarded` transitions before the draws, which
  /// adapt the step size while they are made if `adaptsStepSize`. The states returned share one step size, and a metric
  /// updated from the round's draws, pooled over chains.
  case round(discarded: Int, adaptsStepSize: Bool)
  /// No adaptation; the draws start at once.
  case none

  /// While a round adapts its step size, longer trajectories than 2⁷ steps are not worth their price: with a metric that
  /// does not fit yet they buy little, and the density will be another one in the next round.
  private static let adaptingTreeDepth = 7

  /// The most doublings of a trajectory under settings that allow `depth`.
  func maximumTreeDepth(_ depth: Int) -> Int {
    if case .round(_, adaptsStepSize: true) = self { return min(depth, Self.adaptingTreeDepth) }
    return depth
  }
}

/// The windows of a full warm-up, as Stan has them:
///
///     transition  0      75  100   150      250          450                      950  1000
///                 |  I   | II |  II  |  II   |     II     |           II           | III |
///
///                 |e|e|e |                                                with gradients
///
/// In I the chain finds the typical set and only the step size adapts. At the end of every II the metric is
/// replaced by an estimate from that window alone, and the step size starts anew; each II is twice as long as the one
/// before, the last takes what is left. In III only the step size adapts, to the final metric.
///
/// A metric learnt from gradients is useful long before the chain has settled, so that I is then split into windows e of
/// 10, 20 and 45 transitions that end with an estimate, too (nutpie's early windows).
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
  /// How many transitions part I has.
  let initialTransitions: Int

  /// The schedule of that many transitions; `adaptsEarly` splits the first window.
  public init(transitions: Int, adaptsEarly: Bool = false) {
    guard transitions >= 20 else {
      initialTransitions = 0
      windows = transitions > 0 ? [Window(transitions: transitions, adaptsMetric: false)] : []
      return
    }
    var (initial, base, final) = (75, 25, 50)
    if initial + base + final > transitions {
      initial = transitions * 15 / 100
      final = transitions / 10
      base = transitions - initial - final
    }
    initialTransitions = initial
    var result = Self.initialWindows(initial, adaptsEarly: adaptsEarly)
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

  private static func initialWindows(_ transitions: Int, adaptsEarly: Bool) -> [Window] {
    guard adaptsEarly else { return [Window(transitions: transitions, adaptsMetric: false)] }
    var (result, left) = ([Window](), transitions)
    for length in [10, 20] where left >= 2 * length {
      result.append(Window(transitions: length, adaptsMetric: true))
      left -= length
    }
    return result + [Window(transitions: left, adaptsMetric: true)]
  }
}
