import CExpertKernels

/// The vector instructions that a likelihood is evaluated with. The choice changes rounding and speed, nothing else.
public enum InstructionSet: String, Codable, Sendable, CaseIterable {
  /// The widest that this machine has.
  case automatic
  /// What every machine of this architecture has.
  case baseline
  /// Four doubles at a time with fused multiply-add (x86-64).
  case avx2
  /// Eight doubles at a time (x86-64).
  case avx512

  /// The sets that this machine can run, narrowest first, `automatic` not among them.
  public static var available: [InstructionSet] {
    [.baseline, .avx2, .avx512].filter { expert_kernel_supports($0.kernel) }
  }

  /// The set that stands for this one on this machine: `automatic` is the widest, and one that is absent the baseline.
  public var resolved: InstructionSet {
    let available = Self.available
    guard self != .automatic else { return available.last ?? .baseline }
    return available.contains(self) ? self : .baseline
  }

  var kernel: expert_instruction_set {
    switch self {
    case .automatic, .baseline: EXPERT_BASELINE
    case .avx2: EXPERT_AVX2
    case .avx512: EXPERT_AVX512
    }
  }
}
