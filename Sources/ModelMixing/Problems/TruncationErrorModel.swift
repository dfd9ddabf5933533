/// What is taken for the coefficients that a truncated expansion leaves out (Semposki, Furnstahl and Phillips 2022,
/// "Interpolating between small- and large-g expansions using Bayesian model mixing", Phys. Rev. C 106, 044002).
public enum TruncationErrorModel: String, Sendable, Codable, CaseIterable {
  /// Coefficients grow as factorials would have it, with the root mean square of the known ones.
  case uninformative
  /// Coefficients follow the growth that the expansion is known to have.
  case informative
}
