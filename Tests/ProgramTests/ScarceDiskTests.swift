import Foundation
import Testing
import _TestSupport

/// A small file system of a test's own, which can be filled, emptied and made read-only.
private final class SmallDisk {
  let program: Program
  private let path: String
  private let filler: String

  /// Only root may mount one, and not in every container.
  static let mayMount = SmallDisk(kibibytes: 64) != nil

  init?(kibibytes: Int) {
    guard geteuid() == 0, let program = try? Program() else { return nil }
    self.program = program
    path = program.directory.appendingPathComponent("disk").path
    filler = path + "/filler"
    guard (try? program.makeFolder("disk")) != nil, mount("tmpfs", path, "tmpfs", 0, "size=\(kibibytes)k") == 0 else {
      program.remove()
      return nil
    }
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    program.remove()
  }

  /// Leaves so many pages of 4 KiB.
  func fill(leaving pages: Int) throws {
    let descriptor = open(filler, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    let block = [UInt8](repeating: 120, count: 4096)
    var written = 0
    while write(descriptor, block, block.count) == block.count { written += block.count }
    ftruncate(descriptor, off_t(max(0, written - pages * block.count)))
    close(descriptor)
  }

  func makeRoom() { unlink(filler) }

  func setReadOnly(_ isReadOnly: Bool) -> Bool {
    mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0), nil) == 0
  }
}

/// A disk without room, a directory that takes no files, one that goes away: one sentence, and nothing that was finished is lost.
@Suite(.enabled(if: SmallDisk.mayMount, "needs the right to mount a small file system")) struct ScarceDiskTests {
  private static let options = [
    "--data", "rows.csv", "--target", "y", "--expert", "x", "--experts", "1", "--model", "moe", "--folds", "2",
    "--iterations",
    "4", "--schedule", "pooled-newton", "--warmup", "30", "--final-draws", "60", "-q", "--out",
  ]
  private static let results = ["trace.jsonl", "priors.json", "draws.csv", "posterior.csv", "report.json"]

  private func disk(kibibytes: Int = 1024) throws -> (SmallDisk, whole: [String]) {
    let disk = try #require(SmallDisk(kibibytes: kibibytes))
    try disk.program.write(FoldTests.rows(40), to: "rows.csv")
    try disk.program.makeFolder("whole")
    // The report names the files of the run: the same name for both.
    try disk.program.write(FoldTests.rows(40), to: "whole/rows.csv")
    let outcome = try disk.program.run(Self.options + ["disk/run"], in: "whole")
    try #require(outcome.status == 0, "\(outcome.error)")
    return (disk, try Self.results.map { try disk.program.read("whole/disk/run/" + $0) })
  }

  private func expectSentence(
    _ outcome: Program.Outcome, _ statuses: [Int32], location: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.reason == .exit && statuses.contains(outcome.status), "\(outcome.status)", sourceLocation: location)
    let lines = outcome.error.split(separator: "\n")
    #expect(
      lines.count == 1 && lines.allSatisfy { $0.hasPrefix("eb-tune: ") && $0.hasSuffix(".") }, "\(outcome.error)",
      sourceLocation: location)
  }

  /// Wherever the room runs out: in the settings, the trace, a checkpoint, the draws, the report.
  @Test(.timeLimit(.minutes(30))) func tuningAndResuming() throws {
    let (disk, whole) = try disk()
    let program = disk.program
    var stages: Set<[String]> = []
    for pages in [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 30, 36, 44] {
      try disk.fill(leaving: pages)
      let outcome = try program.run(Self.options + ["disk/run"])
      if outcome.status != 0 {
        expectSentence(outcome, [74])
        #expect(outcome.error.contains("the disk is full"), "\(outcome.error)")
      }
      let left = try program.exists("disk/run") ? program.names(in: "disk/run") : []
      stages.insert(left)
      #expect(!left.contains { $0.hasPrefix(".") }, "\(left)")
      for file in left where file.hasSuffix(".json") {
        _ = try JSONTree(program.read("disk/run/" + file))
      }
      // Once more on the full disk: the same, and what was there stays.
      if left.contains("config.json"), outcome.status != 0 {
        try disk.fill(leaving: 0)
        expectSentence(try program.run("resume", "disk/run", "-q"), [74])
        #expect(try program.names(in: "disk/run") == left)
      }
      disk.makeRoom()
      if outcome.status != 0 {
        let again = left.contains("config.json") ? ["resume", "disk/run", "-q"] : Self.options + ["disk/run"]
        let resumed = try program.run(again)
        #expect(resumed.status == 0, "\(resumed.error)")
      }
      for (file, text) in zip(Self.results, whole) {
        #expect(try program.read("disk/run/" + file) == text, "\(file) after \(pages) pages")
      }
      try FileManager.default.removeItem(at: program.directory.appendingPathComponent("disk/run"))
    }
    #expect(stages.count >= 4, "\(stages)")
  }

  /// Whatever else writes: the earlier version stays, or nothing is there.
  @Test(.timeLimit(.minutes(30))) func otherCommands() throws {
    let (disk, _) = try disk()
    let program = disk.program
    let select =
      [
        "select", "--data", "rows.csv", "--target", "y", "--expert", "x", "--models", "moe", "--experts", "1",
        "--final-draws",
      ]
      + ["60", "--warmup", "60", "-q", "--out", "disk/s"]
    let commands = [
      ["report", "whole/disk/run", "--out", "disk/page.html"],
      ["plot", "whole/disk/run", "--figure", "priors", "--out", "disk/f.svg"],
      ["export", "whole/disk/run", "--to", "cmdstan", "--out", "disk/c"],
      ["export", "whole/disk/run", "--to", "json", "--out", "disk/p.json"], select,
    ]
    // The data of the run are named relative to the folder that it was made in.
    for command in commands {
      try disk.fill(leaving: 0)
      let before = try program.names(in: "disk")
      expectSentence(try program.run(command), [74])
      let left = try program.names(in: "disk").filter { !before.contains($0) && $0 != "s" && $0 != "c" }
      #expect(left.isEmpty, "\(command): \(left)")
      disk.makeRoom()
      let outcome = try program.run(command)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
  }

  @Test(.timeLimit(.minutes(30))) func readOnly() throws {
    let (disk, whole) = try disk()
    let program = disk.program
    let run = try program.start(Self.options + ["disk/run"])
    try run.wait { program.exists("disk/run/checkpoint") }
    run.send(SIGKILL)
    _ = try run.finish()
    try #require(disk.setReadOnly(true))
    expectSentence(try program.run("resume", "disk/run", "-q"), [73, 74])
    expectSentence(try program.run(Self.options + ["disk/other"]), [73])
    expectSentence(try program.run("report", "disk/run", "--out", "disk/page.html"), [73])
    #expect(try program.run("report", "whole/disk/run", "--out", "page.html").status == 0)
    try #require(disk.setReadOnly(false))
    #expect(try program.run("resume", "disk/run", "-q").status == 0)
    for (file, text) in zip(Self.results, whole) { #expect(try program.read("disk/run/" + file) == text, "\(file)") }
  }
}

/// What somebody else does to a directory in the middle of a run.
@Suite struct TamperedDirectoryTests {
  private let endless = [
    "--problem", "switch", "--schedule", "persistent-sga", "--warmup", "30", "--draws", "6", "--iterations", "1000000",
    "-q",
    "--out", "run",
  ]

  @Test(.timeLimit(.minutes(30))) func removed() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.start(endless)
    try run.wait { program.exists("run/checkpoint") }
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("run"))
    let outcome = try run.finish()
    expectFailure(outcome, status: 73, mentions: ["run/checkpoint"])
    #expect(!program.exists("run"))
  }

  /// Everything of a checkpoint that can be cut off or flipped, and configurations that cannot be read.
  @Test(.timeLimit(.minutes(30))) func configurations() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.start(endless)
    try run.wait { program.exists("run/checkpoint") }
    expectFailure(try program.run(endless), status: 73, mentions: ["run: ", "going on"])
    expectFailure(try program.run(endless + ["--overwrite"]), status: 73, mentions: ["run: ", "going on"])
    expectFailure(try program.run("resume", "run"), status: 73, mentions: ["run: ", "going on"])
    run.send(SIGKILL)
    _ = try run.finish()
    let file = program.directory.appendingPathComponent("run/config.json")
    let whole = try Data(contentsOf: file)
    let trace = try program.read("run/trace.jsonl")
    try FileManager.default.removeItem(at: file)
    try program.makeFolder("run/config.json")
    expectFailure(try program.run("resume", "run"), status: 66, mentions: ["run/config.json", "directory"])
    try FileManager.default.removeItem(at: file)
    for length in stride(from: 0, to: whole.count - 2, by: 97) {
      try whole.prefix(length).write(to: file)
      expectFailure(try program.run("resume", "run"), status: 65, mentions: ["run/config.json"])
    }
    // A command line that is read, but names what does not exist.
    let misnamed = String(decoding: whole, as: UTF8.self).replacingOccurrences(of: "switch", with: "swytch")
    try Data(misnamed.utf8).write(to: file)
    expectFailure(try program.run("resume", "run"), status: 65, mentions: ["run/config.json", "swytch", "switch"])
    var mutator = Mutator(seed: 3)
    for _ in 0..<40 {
      var bytes = whole
      bytes[mutator.next(below: bytes.count)] ^= UInt8(1 << mutator.next(below: 7))
      try bytes.write(to: file)
      // Whatever it says now, it is not what the checkpoint belongs to.
      expectFailure(try program.run("resume", "run"), status: 65, mentions: ["run/"])
    }
    #expect(try program.read("run/trace.jsonl") == trace, "a refusal leaves the run as it is")
  }
}
