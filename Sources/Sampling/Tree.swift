import LogDensities

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Grows a trajectory by doubling and samples one of its states: multinomial sampling inside subtrees, biased towards the
/// new subtree at the top (Betancourt 2017, appendix A.3).
struct Tree {
  /// A trajectory whose energy error passes this limit is divergent.
  static let energyErrorLimit = 1000.0

  /// Complete doublings.
  private(set) var depth = 0
  /// Steps taken.
  private(set) var steps = 0
  /// The sum over steps of min(1, exp(H₀ − H)).
  private(set) var acceptanceSum = 0.0
  /// Whether a step passed the limit of the energy error.
  private(set) var isDivergent = false

  /// The mean acceptance probability over the steps.
  var acceptance: Double { steps == 0 ? 0 : acceptanceSum / Double(steps) }

  /// Doubles `trajectory` until it turns, diverges or reaches `maximumDepth`; the sampled state is then the proposal of
  /// slot 0. All directions come from one draw of bits, made at once.
  mutating func grow<T: Trajectory & ~Copyable>(
    _ trajectory: inout T, maximumDepth: Int, stream: inout RandomStream
  ) throws(LogDensityError) {
    let directions = stream.nextBits()
    var logWeight = 0.0
    while depth < maximumDepth {
      let direction: Direction = (directions >> UInt64(depth)) & 1 == 1 ? .forward : .backward
      guard let subtree = try build(depth, slot: 1, direction, on: &trajectory, stream: &stream) else { return }
      depth += 1
      if subtree >= logWeight || stream.uniform() < exp(subtree - logWeight) {
        trajectory.adoptProposal(of: 1, in: 0)
      }
      logWeight = Self.logSum(logWeight, subtree).total
      guard trajectory.join(1, to: 0, direction) else { return }
    }
  }

  /// Builds a subtree of 2^level states in `slot` and returns its log weight, or nil where it diverges or turns.
  private mutating func build<T: Trajectory & ~Copyable>(
    _ level: Int, slot: Int, _ direction: Direction, on trajectory: inout T, stream: inout RandomStream
  ) throws(LogDensityError) -> Double? {
    if level == 0 { return try step(direction, slot: slot, on: &trajectory) }
    guard
      let first = try build(level - 1, slot: slot, direction, on: &trajectory, stream: &stream),
      let second = try build(level - 1, slot: slot + 1, direction, on: &trajectory, stream: &stream)
    else { return nil }
    let (total, share) = Self.logSum(first, second)
    if stream.uniform() < share { trajectory.adoptProposal(of: slot + 1, in: slot) }
    return trajectory.join(slot + 1, to: slot, direction) ? total : nil
  }

  private mutating func step<T: Trajectory & ~Copyable>(
    _ direction: Direction, slot: Int, on trajectory: inout T
  ) throws(LogDensityError) -> Double? {
    let logWeight = try trajectory.extend(direction, into: slot)
    steps += 1
    acceptanceSum += logWeight >= 0 ? 1 : exp(logWeight)
    guard logWeight >= -Self.energyErrorLimit else {
      isDivergent = true
      return nil
    }
    return logWeight
  }

  /// ln(eᵃ + eᵇ) and the share of eᵇ in the sum.
  static func logSum(_ a: Double, _ b: Double) -> (total: Double, share: Double) {
    let small = exp(-abs(a - b))
    return (max(a, b) + log1p(small), (b >= a ? 1 : small) / (1 + small))
  }
}
