/// A density F that covers another one, f, several times: F(q) = Σ_k f(T_k q) for maps T_k of determinant ±1.
///
/// Where q is of F and k is drawn in proportion to f(T_k q), the position T_k q is of f: the pair (q, k) has the density
/// f(T_k q), whose marginal in T_k q is f. A chain of F so needs no move between places that the T_k connect; the draw of
/// k is a Gibbs step over them, which rejects nothing.
public protocol SymmetrisedLogDensity: LogDensity {
  /// Turns `position`, of F, into a position of f, and `gradient`, that of ln F there, into that of ln f where it went.
  /// An empty gradient stays empty. One uniform number is taken from the stream.
  func restore(
    position: inout MutableSpan<Double>, gradient: inout MutableSpan<Double>, stream: inout RandomStream
  ) -> RestoredDraw
}

/// How a draw of a symmetrised density became one of the original.
public struct RestoredDraw: Sendable, Equatable {
  /// The number of the map; 0 is the identity.
  public let map: Int
  /// ln f(T_k q) − ln F(q).
  public let logShare: Double

  /// A record.
  public init(map: Int, logShare: Double) {
    self.map = map
    self.logShare = logShare
  }
}
