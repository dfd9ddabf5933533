/// Pieces of work of which some have failed: what a script should learn from that.
struct FailedPieces: Sendable {
  private let failures: [String]
  private let count: Int
  private let noun: String

  /// Of the failure of every piece, nil where it did not fail.
  init(_ failures: [String?], _ noun: String) {
    self.failures = failures.compactMap { $0 }
    count = failures.count
    self.noun = noun
  }

  /// Says on standard error that some have failed.
  /// - Throws: `Failure` where all have.
  func report() throws(Failure) {
    guard let first = failures.first else { return }
    if failures.count == count {
      throw Failure(
        count == 1 ? "The only \(noun) failed: \(first)" : "All \(count) \(noun)s failed: \(first)", .software)
    }
    Console.standardError("eb-tune: \(failures.count) of \(count) \(noun)s failed: \(first)\n")
  }
}
