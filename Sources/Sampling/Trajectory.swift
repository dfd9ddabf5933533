import LogDensities

/// Which way a trajectory grows.
enum Direction: Sendable {
  /// Backwards in time.
  case backward
  /// Forwards in time.
  case forward
}

/// What a tree of states is built on. The tree knows nothing of positions and momenta: it names pieces of the
/// trajectory by slots, and the trajectory keeps what belongs to each.
///
/// Slot 0 holds the whole tree, at first the initial state alone; slot 1 the subtree being built; the slots after it the
/// subtrees within.
protocol Trajectory: ~Copyable {
  /// Takes one step from the end of the trajectory in `direction`; afterwards `slot` holds the new state alone.
  ///
  /// Returns the state's log weight relative to the initial state, H₀ − H.
  mutating func extend(_ direction: Direction, into slot: Int) throws(LogDensityError) -> Double

  /// Appends the piece in `next`, which lies in `direction` of that in `slot`, to `slot`; the proposal stays that of `slot`.
  ///
  /// Returns whether the joint piece has not turned.
  mutating func join(_ next: Int, to slot: Int, _ direction: Direction) -> Bool

  /// Makes the proposal of `next` that of `slot`.
  mutating func adoptProposal(of next: Int, in slot: Int)
}
