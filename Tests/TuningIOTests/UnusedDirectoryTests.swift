import Foundation
import Testing

@testable import TuningIO

/// New directories for runs that name none, and what an earlier run takes with it.
@Suite struct UnusedDirectoryTests {
  @Test func takenNamesAreCounted() throws {
    let home = try TemporaryDirectory()
    #expect(try RunDirectory.makeUnused(home.file("runs/power")) == home.file("runs/power"))
    #expect(try RunDirectory.makeUnused(home.file("runs/power")) == home.file("runs/power-2"))
    try "x".write(toFile: home.file("runs/power-3"), atomically: true, encoding: .utf8)
    #expect(try RunDirectory.makeUnused(home.file("runs/power")) == home.file("runs/power-4"))
    #expect(home.contents == ["runs"])
    try "x".write(toFile: home.file("taken"), atomically: true, encoding: .utf8)
    #expect(throws: OutputError.notADirectory(path: home.file("taken"))) {
      try RunDirectory.makeUnused(home.file("taken/power"))
    }
  }

  /// Many at once, each with its own.
  @Test func noTwoShareADirectory() async throws {
    let home = try TemporaryDirectory()
    let path = home.file("runs/power")
    let made = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<64 { group.addTask { try RunDirectory.makeUnused(path) } }
      return try await group.reduce(into: [String]()) { $0.append($1) }
    }
    #expect(Set(made).count == 64)
  }

  @Test func exportsOfAReplacedRunGo() throws {
    let home = try TemporaryDirectory()
    let own = [
      "report.html", "export/stan/model.stan", "export/stan/data.json", "export/pymc/model.py", "export/pymc/data.json",
      "export/cmdstan/chain-1.csv", "export/cmdstan/chain-12.csv", "export/run.zarr/zarr.json", "export/run.zarr/c/0",
    ]
    let others = ["notes.txt", "export/mine.csv", "export/stan/fit.py", "export/numpyro/data.json"]
    func fill() throws {
      for name in own + others + ["config.json", "priors.json"] {
        let file = URL(fileURLWithPath: home.file(name))
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try (name == "report.html" ? "<p>Written by eb-tune 0.1.0.</p>" : "x").write(
          to: file, atomically: true, encoding: .utf8)
      }
    }
    try fill()
    #expect(throws: OutputError.occupied(path: home.path)) { try RunDirectory(preparing: home.path) }
    _ = try RunDirectory(preparing: home.path, overwriting: true)
    for name in own { #expect(!FileManager.default.fileExists(atPath: home.file(name)), "\(name)") }
    for name in others { #expect(FileManager.default.fileExists(atPath: home.file(name)), "\(name)") }
    #expect(home.contents == ["export", "notes.txt"])
    // Without a run, nothing there is a run's.
    try fill()
    for name in ["config.json", "priors.json"] { try FileManager.default.removeItem(atPath: home.file(name)) }
    _ = try RunDirectory(preparing: home.path, overwriting: true)
    for name in own { #expect(FileManager.default.fileExists(atPath: home.file(name)), "\(name)") }
  }
}
