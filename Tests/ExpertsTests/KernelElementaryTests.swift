import CExpertKernels
import Experts
import Foundation
import LogDensities
import Testing

@Suite struct KernelElementaryTests {
  private let kernels: [expert_instruction_set] = [EXPERT_BASELINE, EXPERT_AVX2, EXPERT_AVX512].filter {
    expert_kernel_supports($0)
  }

  /// The C library's functions are right to one unit in the last place; 2^-52 is one unit of a number just above 1.
  @Test func exponentialIsRightToTwoUnits() {
    var random = RandomStream(seed: 1, purpose: .test)
    let x =
      (0..<20_000).map { _ in 1417 * random.uniform() - 708 } + (0..<20_000).map { _ in random.uniform() - 0.5 }
      + [0, -0.0, 1, -1, -708, 709, 0.34657359027997264, -0.34657359027997264]
    for kernel in kernels {
      var y = x
      expert_kernel_exp(kernel, x, &y, x.count)
      for (argument, value) in zip(x, y) { #expect(abs(value / exp(argument) - 1) <= 0x1p-51) }
      #expect(y[40_000] == 1 && y[40_001] == 1)
    }
  }

  @Test func logarithmIsRightToTwoUnits() {
    var random = RandomStream(seed: 2, purpose: .test)
    let x =
      (0..<20_000).map { _ in exp(1400 * random.uniform() - 700) } + (0..<20_000).map { _ in 0.5 + random.uniform() }
      + [1, 2, 0.5, 1 + 0x1p-52, 1 - 0x1p-53, .leastNormalMagnitude, .greatestFiniteMagnitude, 0.70710678118654757]
    for kernel in kernels {
      var y = x
      expert_kernel_log(kernel, x, &y, x.count)
      for (argument, value) in zip(x, y) { #expect(abs(value - log(argument)) <= 0x1p-51 * abs(log(argument))) }
      #expect(y[40_000] == 0)
    }
  }
}
