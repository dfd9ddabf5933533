/// The prior of a tree's shape (Chipman, George and McCulloch 2010, section 3.1).
///
/// A node at depth d is split with probability base · (1 + d)^(−power), if the cuts of its ancestors leave it any cut point; its
/// variable is uniform among those with a cut point left, its cut uniform among these. On this, trees with a leaf of fewer than
/// `minimumLeafRows` rows are ruled out, but for the tree that is one leaf.
public struct TreePrior: Sendable, Codable, Equatable {
  /// The probability that the root is split.
  public var base: Double
  /// How fast splits get rare with depth.
  public var power: Double
  /// The fewest rows in a leaf.
  public var minimumLeafRows: Int

  /// A prior; the defaults are those of the literature.
  public init(base: Double = 0.95, power: Double = 2, minimumLeafRows: Int = 5) {
    self.base = base
    self.power = power
    self.minimumLeafRows = minimumLeafRows
  }

  func validate() throws(MixingError) {
    guard base > 0, base < 1 else { throw .setting(name: "base", value: "\(base)", allowed: "between 0 and 1") }
    guard power >= 0, power.isFinite else { throw .setting(name: "power", value: "\(power)", allowed: "at least 0") }
    guard minimumLeafRows >= 1, minimumLeafRows < 1 << 30 else {
      throw .setting(name: "minimumLeafRows", value: "\(minimumLeafRows)", allowed: "at least 1")
    }
  }
}
