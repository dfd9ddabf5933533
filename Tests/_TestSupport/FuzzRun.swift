import Foundation

/// Many inputs, each made from a seed. A trap ends the whole test process: the seed that it happened at is then the
/// contents of `eb-tune-fuzz-NAME.seed` in the temporary directory. `EB_TUNE_FUZZ=20` in the environment makes twenty times
/// as many inputs, `EB_TUNE_FUZZ_SEED=7` begins with seed 7.
public struct FuzzRun: Sendable {
  /// What a run took.
  public struct Cost: Sendable {
    /// Inputs that were tried.
    public var inputs = 0
    /// Inputs that were taken, not refused.
    public var taken = 0
    /// The slowest input's processor time in seconds, and its seed.
    public var slowest = (seconds: 0.0, seed: UInt64(0))
    /// By how much the largest memory of the process grew, in MiB.
    public var memory = 0.0
  }

  private let name: String
  private let seeds: Range<UInt64>

  /// Inputs for the seeds 1 … `count`.
  public init(_ name: String, count: Int) {
    self.name = name
    let environment = ProcessInfo.processInfo.environment
    let factor = environment["EB_TUNE_FUZZ"].flatMap(Double.init) ?? 1
    let first = environment["EB_TUNE_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
    seeds = first..<first + UInt64(max(1, Double(count) * factor))
  }

  /// Tries `body` with the mutator of every seed; it says whether the input was taken.
  public func run(_ body: (inout Mutator) async throws -> Bool) async throws -> Cost {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("eb-tune-fuzz-\(name).seed").path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer {
      close(descriptor)
      unlink(path)
    }
    var cost = Cost()
    let before = Self.memory()
    for seed in seeds {
      let text = Array("\(seed)\n".utf8)
      _ = pwrite(descriptor, text, text.count, 0)
      var mutator = Mutator(seed: seed)
      let start = Self.seconds()
      let isTaken = try await body(&mutator)
      let seconds = Self.seconds() - start
      cost.inputs += 1
      if isTaken { cost.taken += 1 }
      if seconds > cost.slowest.seconds { cost.slowest = (seconds, seed) }
    }
    cost.memory = Self.memory() - before
    return cost
  }

  /// Processor time of this thread: other tests run beside.
  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  private static func memory() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
  }
}
