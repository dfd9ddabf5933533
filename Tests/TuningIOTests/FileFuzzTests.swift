import Foundation
import Testing
import _TestSupport

@testable import TuningIO

/// Damaged files: a clear error or a right result, never a trap, a hang or gigabytes.
@Suite struct FileFuzzTests {
  private func expectCheap(_ cost: FuzzRun.Cost, location: SourceLocation = #_sourceLocation) {
    #expect(cost.taken < cost.inputs, "some damage must be found", sourceLocation: location)
    #expect(cost.slowest.seconds < 2, "seed \(cost.slowest.seed)", sourceLocation: location)
    #expect(cost.memory < 2048, "\(cost.memory) MiB", sourceLocation: location)
  }

  /// As it reaches people: one line, with a mark at its end.
  private func isSentence(_ text: String) -> Bool {
    let line = text.onOneLine
    return (line.hasSuffix(".") || line.hasSuffix("?")) && !line.contains { $0.isNewline }
  }

  private static let tables = [
    "x,y\n0,1\n1,2.5\n2,-3e-2\n", "a,\"b, c\",d\r\n1,\"2\",3\r\n\"4\",5,\"6\"\r\n",
    "time,\"say \"\"x\"\"\",NA\n2020-01-01,1,NA\n2020-01-02,2,\n", "\u{FEFF}x\n1\n2\n\n3\n",
    "id,x1,x2,x3,x4\n" + (0..<60).map { "r\($0),\($0),0.\($0),-\($0)e3,1\n" }.joined(),
  ].map { Array($0.utf8) }

  @Test(.timeLimit(.minutes(30))) func tables() async throws {
    let cost = try await FuzzRun("table", count: 20_000).run { mutator in
      isTaken(table: mutator.mutated(mutator.choice(Self.tables), with: Self.tables))
    }
    expectCheap(cost)
  }

  private func isTaken(table bytes: [UInt8]) -> Bool {
    let table: Table
    do throws(TableError) {
      table = try Table(bytes: bytes, file: "t.csv")
    } catch {
      if !isSentence(error.description) { Issue.record("\(error.description)") }
      return false
    }
    for name in table.columnNames.prefix(4) {
      if (try? table.text(name))?.count != table.rows { Issue.record("\(name): not a text a row") }
      guard let values = try? table.numeric(name) else { continue }
      if values.count != table.rows || !values.allSatisfy(\.isFinite) { Issue.record("\(name): not a number a row") }
    }
    _ = try? table.numeric("no such column")
    return true
  }

  private static let studies = [
    StudyFileTests.whole,
    "{\"data\": \"a.csv\", \"target\": \"y\", \"features\": {\"expert\": [\"x\", \"poly(x,2)\"]}, \"gamma\": [0, 0.1]}",
    "data: a.csv\ntarget: y\nsplit: {column: date, after: 2004-06-01}\npriors:\n  slope[*,x]: {prior: normal(0,1), tuning: tied}\n",
    "problem: motorcycle\nseed: 3\nfix: [noise, 'slope[2,*]']\nhyperprior: half-cauchy\n",
  ].map { Array($0.utf8) }

  @Test(.timeLimit(.minutes(30))) func studies() async throws {
    let cost = try await FuzzRun("study", count: 12_000).run { mutator in
      let text = String(decoding: mutator.mutated(mutator.choice(Self.studies), with: Self.studies), as: UTF8.self)
      do {
        _ = try StudyFile(text: text, path: "s.yaml").arguments(for: StudyFileTests.tune, among: StudyFileTests.tune)
        return true
      } catch {
        if !isSentence("\(error)") { Issue.record("\(error)") }
        return false
      }
    }
    expectCheap(cost)
  }

  private struct Progress: Codable, Equatable {
    var values: [Double]
    var name: String?
    var inner: [[Int]]
    var flag: [String: Bool]
  }

  /// Once the bytes as they come, which the checksum must find, and once with the checksum of the damaged contents.
  @Test(.timeLimit(.minutes(30)), arguments: [false, true]) func checkpoints(withRightChecksum: Bool) async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("checkpoint")
    try AtomicFile.write("{}\n", to: directory.file("config.json"))
    let header = try Checkpoint.Header(version: "1.0", configurationAt: directory.file("config.json"))
    let progress = Progress(
      values: [1, -2.5e-300, .infinity, .nan, 0.1], name: "σ\"\n", inner: [[1, 2], [], [Int.max]], flag: ["a": true])
    try Checkpoint.write(progress, header, to: path)
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let lines = whole.split(separator: 10, maxSplits: 2, omittingEmptySubsequences: false).map(Array.init)
    let cost = try await FuzzRun("checkpoint-\(withRightChecksum)", count: 8_000).run { mutator in
      var bytes = mutator.mutated(withRightChecksum ? lines[2] : whole, with: [whole])
      let isSame = bytes == (withRightChecksum ? lines[2] : whole)
      if withRightChecksum { bytes = lines[0] + [10] + Array(SHA256.hexadecimal(of: bytes).utf8) + [10] + bytes }
      #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
      do {
        _ = try Checkpoint.read(Progress.self, of: header, from: path)
        if !withRightChecksum && !isSame { Issue.record("damage unseen") }
        return true
      } catch let error as CheckpointError {
        if !isSentence(error.description) { Issue.record("\(error.description)") }
        return false
      }
    }
    expectCheap(cost)
  }

  @Test(.timeLimit(.minutes(30))) func journals() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("journal")
    let whole = Array((0..<9).map { "{\"info\":\($0)}\n" }.joined().utf8)
    let cost = try await FuzzRun("journal", count: 8_000).run { mutator in
      let bytes = mutator.mutated(whole)
      #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
      let lines = try Journal.lines(at: path)
      #expect(lines.count == bytes.count { $0 == 10 })
      let count = mutator.choice([-1, 0, 1, 5, 9, .max])
      let kept = try Journal.cut(path, to: count)
      #expect(kept.lines == max(0, min(count, lines.count)))
      #expect(try Journal.lines(at: path) == Array(lines.prefix(kept.lines)))
      #expect(kept.last == (kept.lines > 0 ? lines[kept.lines - 1] : nil))
      return lines.count == 9
    }
    expectCheap(cost)
  }

  private static let configuration = RunConfiguration(
    version: "0.1.0", commandLine: ["eb-tune", "--gamma", "0"], workingDirectory: "/tmp", model: "moe", experts: 2,
    target: "y", expertTerms: "x", gateTerms: "x", standardize: true, defaultPriors: false, tune: "blocks", gamma: 0.5,
    schedule: "newton", iterations: 9, tolerance: 0.1, step: nil, chains: 4, warmup: 150, draws: 7, threads: 2, seed: 1,
    order: "none", data: .init(problem: "switch", rows: 100), other: ["a": "b"])

  /// Bytes changed, and values changed in a JSON that stays one.
  @Test(.timeLimit(.minutes(30)), arguments: [false, true]) func jsonOfRuns(asTree: Bool) async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("config.json")
    let text = try JSONText.document(Self.configuration)
    let tree = try JSONTree(text)
    let cost = try await FuzzRun("json-\(asTree)", count: 8_000).run { mutator in
      let bytes = asTree ? Array(mutator.mutated(tree).text.utf8) : mutator.mutated(Array(text.utf8))
      #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
      _ = try? FinishedRun.read(PriorExport.self, from: path)
      _ = try? FinishedRun.read(TraceLine.self, from: path)
      return isTaken(configuration: path)
    }
    expectCheap(cost)
  }

  private func isTaken(configuration path: String) -> Bool {
    do throws(FinishedRunError) {
      _ = try FinishedRun.read(RunConfiguration.self, from: path)
      return true
    } catch {
      if !isSentence(error.description) { Issue.record("\(error.description)") }
      return false
    }
  }
}
