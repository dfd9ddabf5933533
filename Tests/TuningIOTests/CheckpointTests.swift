import Foundation
import Testing
import _TestSupport

@testable import TuningIO

struct CheckpointTests {
  private struct Progress: Codable, Equatable {
    var values: [Double]
    var name: String?
  }

  private func header(_ directory: TemporaryDirectory, version: String = "1.0") throws -> Checkpoint.Header {
    try AtomicFile.write("{}\n", to: directory.file("config.json"))
    return try Checkpoint.Header(version: version, configurationAt: directory.file("config.json"))
  }

  @Test func everyDoubleComesBack() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("checkpoint")
    let header = try header(directory)
    #expect(try Checkpoint.read(Progress.self, of: header, from: path) == nil)
    var generator = SplitMix(state: 1)
    let special: [Double] = [
      0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1 + 0.2,
    ]
    let values = special + (0..<5000).map { _ in Double(bitPattern: generator.next()) }.filter { !$0.isNaN }
    try Checkpoint.write(Progress(values: values, name: "σ\n\"/\u{2028}"), header, to: path)
    let found = try #require(try Checkpoint.read(Progress.self, of: header, from: path))
    #expect(found.name == "σ\n\"/\u{2028}")
    #expect(zip(found.values, values).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
    #expect(found.values.count == values.count)
  }

  /// Whichever byte changes, and wherever the file ends: an error, and never another progress.
  @Test func noDamageGoesUnseen() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("checkpoint")
    let header = try header(directory)
    try Checkpoint.write(Progress(values: [1, 2.5]), header, to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    func expectError(_ bytes: Data) throws {
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(throws: CheckpointError.self) { try Checkpoint.read(Progress.self, of: header, from: path) }
    }
    for place in whole.indices {
      for bit in 0..<8 {
        var bytes = whole
        bytes[place] ^= 1 << UInt8(bit)
        try expectError(bytes)
      }
      try expectError(whole.prefix(place))
    }
  }

  @Test func belongsToOneRunAndVersion() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("checkpoint")
    let header = try header(directory)
    try Checkpoint.write(Progress(values: []), header, to: path)
    let other = try self.header(directory, version: "1.1")
    #expect(throws: CheckpointError.otherVersion(file: path, found: "1.0", expected: "1.1")) {
      try Checkpoint.read(Progress.self, of: other, from: path)
    }
    #expect(throws: CheckpointError.otherRun(file: path)) {
      try Checkpoint.read([Int].self, of: header, from: path)
    }
    try AtomicFile.write("{ }\n", to: directory.file("config.json"))
    let edited = try Checkpoint.Header(version: "1.0", configurationAt: directory.file("config.json"))
    #expect(throws: CheckpointError.otherRun(file: path)) {
      try Checkpoint.read(Progress.self, of: edited, from: path)
    }
  }

  @Test func journalsAreCut() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("t")
    #expect(try Journal.cut(path, to: 3) == (0, nil))
    try "one\ntwo\nthr".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try Journal.cut(path, to: 3) == (2, "two"))
    #expect(try directory.text("t") == "one\ntwo\n")
    #expect(try Journal.cut(path, to: 1) == (1, "one"))
    #expect(try Journal.cut(path, to: 0) == (0, nil))
    #expect(try directory.text("t").isEmpty)
  }
}
