/// The ready problems by name.
public enum MixingProblemName: String, Sendable, Codable, CaseIterable {
  /// Expansions of an integral at small and at large coupling.
  case samba
  /// Two lines with parameters to calibrate.
  case coleman
  /// Three polynomials for a sine.
  case polynomial
  /// Two Taylor expansions in two inputs.
  case taylor2D = "taylor-2d"

  /// The problem with its usual settings.
  /// - Throws: `MixingError`, which no problem's usual settings do.
  public func problem() throws(MixingError) -> MixingProblem {
    switch self {
    case .samba: try .samba()
    case .coleman: .coleman
    case .polynomial: .polynomial
    case .taylor2D: .taylor2D
    }
  }
}
