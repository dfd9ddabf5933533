import Foundation
import Testing

/// A file system of 512 KiB below a program's scratch directory. Only root may mount one, and not in every container.
private final class TinyFileSystem {
  let program: Program
  private let path: String

  init?() {
    guard geteuid() == 0, let program = try? Program() else { return nil }
    self.program = program
    path = program.directory.appendingPathComponent("disk").path
    guard (try? program.makeFolder("disk")) != nil, mount("tmpfs", path, "tmpfs", 0, "size=512k") == 0 else {
      program.remove()
      return nil
    }
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    program.remove()
  }
}

/// Nothing half-written is left looking whole where the disk is full, and one sentence says so.
@Suite struct FullDiskTests {
  private static let mayMount = TinyFileSystem() != nil

  /// The draws do not fit; the result of the run is printed still.
  @Test(.enabled(if: mayMount, "needs the right to mount a small file system"))
  func drawsThatDoNotFit() throws {
    let disk = try #require(TinyFileSystem())
    let outcome = try disk.program.run(
      ["--problem", "switch", "--quiet", "--out", "disk/run"] + short + ["--final-draws", "1500"])
    #expect(outcome.status == 74)
    #expect(outcome.error == "eb-tune: disk/run/draws.csv: the disk is full; the file was not written.\n")
    #expect(try disk.program.names(in: "disk/run") == RunFiles.tuned)
    #expect(outcome.output.contains("Written: disk/run/config.json, disk/run/trace.jsonl, disk/run/priors.json\n"))
  }

  @Test(.timeLimit(.minutes(30)), .enabled(if: mayMount, "needs the right to mount a small file system"))
  func traceThatDoesNotFit() throws {
    let disk = try #require(TinyFileSystem())
    try disk.program.write(String(repeating: "x", count: 500 * 1024), to: "disk/filler")
    let outcome = try disk.program.run(
      "--problem", "switch", "--schedule", "persistent-sga", "--warmup", "30", "--draws", "6", "--iterations", "100000",
      "--out", "disk/run")
    #expect(outcome.status == 74 && outcome.output.isEmpty)
    let last = try #require(outcome.error.split(separator: "\n").last)
    #expect(last.hasPrefix("eb-tune: disk/run/") && last.hasSuffix(": the disk is full; the file was not written."))
    #expect(["trace.jsonl", "timing.jsonl", "checkpoint"].contains { last.contains($0) }, "\(last)")
    #expect(try disk.program.names(in: "disk/run").allSatisfy(RunFiles.tuned.contains))
    let text = try disk.program.read("disk/run/trace.jsonl")
    #expect(text.isEmpty || text.hasSuffix("\n"))
    _ = try RunFiles.trace(text)
  }

  @Test(.enabled(if: mayMount, "needs the right to mount a small file system"))
  func noRoomAtAll() throws {
    let disk = try #require(TinyFileSystem())
    try disk.program.makeFolder("disk/run")
    let filler = disk.program.directory.appendingPathComponent("disk/filler").path
    let descriptor = open(filler, O_WRONLY | O_CREAT, 0o666)
    let block = [UInt8](repeating: 120, count: 4096)
    while write(descriptor, block, block.count) > 0 {}
    close(descriptor)
    expectFailure(
      try disk.program.run("--problem", "switch", "--out", "disk/run"), status: 74, mentions: ["disk/run", "full"])
    #expect(try disk.program.names(in: "disk/run").isEmpty)
  }

  /// A device that is always full stands for a redirection to a full disk.
  @Test(.enabled(if: access("/dev/full", W_OK) == 0, "needs /dev/full"))
  func standardOutputThatTakesNothing() throws {
    let program = try Program()
    defer { program.remove() }
    let shell = try RunningProgram(
      URL(fileURLWithPath: "/bin/sh"),
      ["-c", "\"$0\" \"$@\" > /dev/full", Program.binary.path, "--problem", "switch", "--quiet"] + short,
      in: program.directory, streams: program.directory)
    let outcome = try shell.finish()
    #expect(outcome.status == 74)
    #expect(outcome.error == "eb-tune: standard output: writing failed (no space left on device).\n")
  }

  /// `eb-tune … | head -1`: the files are written all the same.
  @Test func readerThatHasReadEnough() throws {
    let program = try Program()
    defer { program.remove() }
    let shell = try RunningProgram(
      URL(fileURLWithPath: "/bin/sh"),
      [
        "-c", "(\"$0\" \"$@\" 2>&1; echo $? > status) | true", Program.binary.path, "--problem", "switch", "--out",
        "run",
      ]
        + short,
      in: program.directory, streams: program.directory)
    _ = try shell.finish()
    #expect(try program.read("status") == "0\n")
    #expect(try program.names(in: "run") == RunFiles.all)
  }
}
