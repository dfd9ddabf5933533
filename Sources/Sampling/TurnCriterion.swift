/// Whether a trajectory still moves away from itself: the generalised no-U-turn criterion (Betancourt 2017, appendix
/// A.4.2) with the two checks across subtrees that Stan added in 2019.
///
/// With momenta in whitened coordinates p♯ = p, so that the criterion is ρ·p₋ > 0 and ρ·p₊ > 0 with ρ the sum of all
/// momenta. The criterion at the ends alone misses trajectories that turn a whole number of times; the sums of one half
/// and the nearest momentum of the other half catch them.
enum TurnCriterion {
  /// What a piece of a trajectory contributes: the sum of its momenta, and those at its two ends in order of time.
  struct Momenta {
    let sum: Vector
    let left: Vector
    let right: Vector
  }

  /// Whether two adjacent pieces together have not turned yet.
  static func continues(earlier: Momenta, later: Momenta) -> Bool {
    // False for NaN, too.
    all(products(earlier, later) .> 0)
  }
}
