import Foundation
import LogDensities
import Sampling
import Testing

@testable import TuningIO

/// A file system of 64 KiB, for tests of a disk that fills up. Only root may mount one, and not in every container.
private final class TinyFileSystem {
  let directory: TemporaryDirectory
  var path: String { directory.path }

  init?() {
    guard geteuid() == 0, let directory = try? TemporaryDirectory() else { return nil }
    self.directory = directory
    guard mount("tmpfs", directory.path, "tmpfs", 0, "size=64k") == 0 else { return nil }
  }

  deinit { umount2(directory.path, Int32(MNT_DETACH)) }
}

struct FullDiskTests {
  @Test(.enabled(if: TinyFileSystem() != nil, "needs the right to mount a small file system"))
  func nothingHalfWrittenLooksWhole() throws {
    let disk = try #require(TinyFileSystem())
    let run = try RunDirectory(preparing: disk.path + "/run")
    try AtomicFile.write("{\"old\": 1}", to: run.path(of: .priors))
    let trace = run.path(of: .trace)
    let journal = try Journal(path: trace)
    let line = String(repeating: "x", count: 1500)
    var lines = 0
    let full = #expect(throws: OutputError.self) {
      for _ in 0..<1000 {
        try journal.append(line)
        lines += 1
      }
    }
    #expect(full == .diskFull(path: trace))
    #expect(lines > 10)
    #expect(try String(contentsOfFile: trace, encoding: .utf8) == String(repeating: line + "\n", count: lines))

    let records = (0..<2000).map { _ in
      DrawStatistics(
        logDensity: -1.0 / 3, acceptance: 0.9, stepSize: 0.1, treeDepth: 3, leapfrogSteps: 7, isDivergent: false,
        energy: 1)
    }
    let sample = PosteriorSample(
      dimension: 1, chains: 2, drawsPerChain: 1000, positions: (0..<2000).map { Double($0) / 7 }, statistics: records,
      gradientEvaluations: 1)
    #expect(throws: OutputError.diskFull(path: run.path(of: .draws))) {
      try DrawsCSV.write(sample, parameterNames: ["a"], to: run.path(of: .draws)) { [$0[0]] }
    }
    #expect(throws: OutputError.diskFull(path: run.path(of: .priors))) {
      try AtomicFile.write(String(repeating: "y", count: 70_000), to: run.path(of: .priors))
    }
    #expect(try String(contentsOfFile: run.path(of: .priors), encoding: .utf8) == "{\"old\": 1}", "the old file stays")
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path).sorted() == ["priors.json", "trace.jsonl"])
  }

  @Test func filesOfAKilledRunGo() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("run")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in [
      ".draws.csv.123.partial", ".checkpoint.9.partial", ".probe.123", "..probe.123.123.partial",
      ".other.txt.123.partial",
    ] {
      try "half".write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
    }
    _ = try RunDirectory(preparing: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [".other.txt.123.partial"])
  }
}
