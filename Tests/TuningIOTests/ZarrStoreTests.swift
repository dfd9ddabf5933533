import Foundation
import Testing

@testable import TuningIO

@Suite struct ZarrStoreTests {
  private struct Metadata: Decodable, Equatable {
    struct Part: Decodable, Equatable {
      let name: String
      let configuration: [String: String]?
    }
    struct Grid: Decodable, Equatable {
      let name: String
      let configuration: [String: [Int]]
    }
    let zarrFormat: Int
    let nodeType: String
    let shape: [Int]?
    let dataType: String?
    let dimensionNames: [String]?
    let chunkGrid: Grid?
    let chunkKeyEncoding: Part?
    let codecs: [Part]?
  }

  private struct Root: Decodable {
    struct Consolidated: Decodable {
      let kind: String
      let mustUnderstand: Bool
      let metadata: [String: Metadata]
    }
    let nodeType: String
    let attributes: [String: String]
    let consolidatedMetadata: Consolidated
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  private func doubles(_ path: String) throws -> [Double] {
    let bytes = try bytes(path)
    return stride(from: 0, to: bytes.count, by: 8).map { start in
      Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) })
    }
  }

  @Test func arraysOfEveryKind() throws {
    let scratch = try TemporaryDirectory()
    let path = scratch.file("run.zarr")
    var store = try ZarrStore(path: path, attributes: ["who": .text("eb-tune")])
    let values = [1, -2.5, .nan, .infinity, .leastNonzeroMagnitude, 6]
    try store.add(
      group: "posterior",
      [
        ZarrArray("slope", ["draw", "feature"], shape: [2, 3], .doubles(values), attributes: ["unit": .text("kW")]),
        .coordinate("feature", .strings(["x", "Größe", ""])), .coordinate("draw", .integers([-1, 258])),
        ZarrArray("is", ["draw"], shape: [2], .booleans([true, false])),
        ZarrArray("nothing", ["draw", "none"], shape: [2, 0], .doubles([])),
      ])
    #expect(scratch.contents == [".run.zarr.\(getpid()).partial"])
    try store.commit()
    #expect(scratch.contents == ["run.zarr"])
    #expect(try doubles(path + "/posterior/slope/c/0/0").map(\.bitPattern) == values.map(\.bitPattern))
    #expect(try bytes(path + "/posterior/draw/c/0") == [UInt8](repeating: 255, count: 8) + [2, 1, 0, 0, 0, 0, 0, 0])
    #expect(try bytes(path + "/posterior/is/c/0") == [1, 0])
    #expect(
      try bytes(path + "/posterior/feature/c/0")
        == [3, 0, 0, 0, 1, 0, 0, 0, 0x78, 7, 0, 0, 0] + Array("Größe".utf8) + [0, 0, 0, 0])
    #expect(!FileManager.default.fileExists(atPath: path + "/posterior/nothing/c"))

    let slope = try decode(Metadata.self, path + "/posterior/slope/zarr.json")
    #expect(slope.zarrFormat == 3 && slope.nodeType == "array" && slope.dataType == "float64")
    #expect(slope.shape == [2, 3] && slope.dimensionNames == ["draw", "feature"])
    #expect(slope.chunkGrid == .init(name: "regular", configuration: ["chunk_shape": [2, 3]]))
    #expect(slope.codecs == [.init(name: "bytes", configuration: ["endian": "little"])])
    #expect(slope.chunkKeyEncoding == .init(name: "default", configuration: ["separator": "/"]))
    let feature = try decode(Metadata.self, path + "/posterior/feature/zarr.json")
    #expect(feature.dataType == "string" && feature.codecs == [.init(name: "vlen-utf8", configuration: [:])])
    #expect(try decode(Metadata.self, path + "/posterior/is/zarr.json").dataType == "bool")
    #expect(try decode(Metadata.self, path + "/posterior/draw/zarr.json").dataType == "int64")

    let root = try decode(Root.self, path + "/zarr.json")
    #expect(root.nodeType == "group" && root.attributes == ["who": "eb-tune"])
    #expect(root.consolidatedMetadata.kind == "inline" && !root.consolidatedMetadata.mustUnderstand)
    #expect(root.consolidatedMetadata.metadata.count == 6)
    #expect(root.consolidatedMetadata.metadata["posterior/slope"] == slope)
    #expect(root.consolidatedMetadata.metadata["posterior"]?.nodeType == "group")
  }

  /// An array that is computed stretch by stretch; the last chunk is filled up to the size of the others.
  @Test func chunksOfDraws() throws {
    let scratch = try TemporaryDirectory()
    let path = scratch.file("run.zarr")
    let rows = (1 << 20) - 1
    var array = ZarrStore.DrawArray("y", chains: 2, draws: 3, rows: rows)
    #expect(array.drawsPerChunk == 2)
    var store = try ZarrStore(path: path)
    try store.add(group: "log_likelihood", [])
    var asked: [[Int]] = []
    try store.add(array, to: "log_likelihood") { chain, draws in
      asked.append([chain] + draws)
      return draws.flatMap { draw in (0..<rows).map { Double(chain * 10 + draw) + Double($0) * 1e-7 } }
    }
    try store.commit()
    #expect(asked == [[0, 0, 1], [0, 2], [1, 0, 1], [1, 2]])
    let metadata = try decode(Metadata.self, path + "/log_likelihood/y/zarr.json")
    #expect(metadata.shape == [2, 3, rows] && metadata.dimensionNames == ["chain", "draw", "row"])
    #expect(metadata.chunkGrid?.configuration == ["chunk_shape": [1, 2, rows]])
    let last = try doubles(path + "/log_likelihood/y/c/1/1/0")
    #expect(last.count == 2 * rows && last[1] == 12 + 1e-7 && last[rows - 1] == 12 + Double(rows - 1) * 1e-7)
    #expect(last[rows].isNaN)
    array.rows = 1 << 30
    #expect(array.drawsPerChunk == 1)
    array.rows = 0
    #expect(array.drawsPerChunk == 3)
  }

  @Test func replacesNothingButAStore() throws {
    let scratch = try TemporaryDirectory()
    let path = scratch.file("run.zarr")
    func write(_ name: String, overwriting: Bool) throws {
      var store = try ZarrStore(path: path, overwriting: overwriting)
      try store.add(group: name, [])
      try store.commit()
    }
    try write("first", overwriting: false)
    #expect(throws: OutputError.occupied(path: path)) { try write("second", overwriting: false) }
    #expect(FileManager.default.fileExists(atPath: path + "/first/zarr.json"))
    try write("second", overwriting: true)
    #expect(!FileManager.default.fileExists(atPath: path + "/first"))
    #expect(FileManager.default.fileExists(atPath: path + "/second/zarr.json"))
    // A directory of somebody's own work.
    let own = scratch.file("own")
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    try Data("thesis".utf8).write(to: URL(fileURLWithPath: own + "/thesis.tex"))
    #expect(throws: OutputError.occupied(path: own)) { _ = try ZarrStore(path: own, overwriting: true) }
    #expect(try bytes(own + "/thesis.tex") == Array("thesis".utf8))
    #expect(scratch.contents == ["own", "run.zarr"])
  }

  @Test func leavesNothingBehind() throws {
    let scratch = try TemporaryDirectory()
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      var store = try ZarrStore(path: scratch.file("deep/run.zarr"))
      try store.add(group: "posterior", [.coordinate("draw", .integers([1]))])
      try store.add(ZarrStore.DrawArray("y", chains: 1, draws: 1, rows: 1), to: "posterior") { _, _ in throw Stop() }
      try store.commit()
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("deep")).isEmpty)
    try Data().write(to: URL(fileURLWithPath: scratch.file("file")))
    let error = #expect(throws: OutputError.self) { _ = try ZarrStore(path: scratch.file("file/run.zarr")) }
    #expect(error?.exitCode == .cannotCreate)
  }
}
