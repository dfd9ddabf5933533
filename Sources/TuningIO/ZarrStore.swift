/// A Zarr v3 store of groups and arrays: `zarr.json` for each, and uncompressed little-endian chunks.
///
/// Everything that is known of the members is repeated in the root's `zarr.json`, as zarr-python does ("consolidated
/// metadata"), so that a reader opens one file and no directory listing.
public struct ZarrStore {
  private let directory: StagedDirectory
  private let attributes: [String: ZarrAttribute]
  private var members: [String: ZarrMetadata] = [:]

  /// A store that is going to be at `path`. An earlier store there is replaced where `overwriting`; anything else is not.
  /// - Throws: `OutputError`.
  public init(
    path: String, attributes: [String: ZarrAttribute] = [:], overwriting: Bool = false
  ) throws(OutputError) {
    directory = try StagedDirectory(path: path, marker: Self.metadataName, overwriting: overwriting)
    self.attributes = attributes
  }

  static let metadataName = "zarr.json"

  /// Adds a group of arrays.
  /// - Throws: `OutputError`.
  public mutating func add(
    group name: String, attributes: [String: ZarrAttribute] = [:], _ arrays: [ZarrArray]
  ) throws(OutputError) {
    try note(ZarrMetadata(group: attributes), at: name)
    for array in arrays { try add(array, to: name) }
  }

  /// Adds an array to a group, in one chunk.
  /// - Throws: `OutputError`.
  public mutating func add(_ array: ZarrArray, to group: String) throws(OutputError) {
    let path = "\(group)/\(array.name)"
    try note(ZarrMetadata(array, chunk: array.shape), at: path)
    guard array.values.count > 0 else { return }
    try directory.write(array.values.bytes, to: Self.chunkName(path, array.shape.map { _ in 0 }))
  }

  /// An array over chain, draw and row that is computed a stretch of draws at a time, so that it need never be in memory.
  public struct DrawArray: Sendable {
    /// Its name in the group.
    public var name: String
    /// The length of the dimension chain.
    public var chains: Int
    /// The length of the dimension draw.
    public var draws: Int
    /// The length of the dimension row.
    public var rows: Int
    /// What is to be known about it.
    public var attributes: [String: ZarrAttribute]

    /// A description of the array.
    public init(_ name: String, chains: Int, draws: Int, rows: Int, attributes: [String: ZarrAttribute] = [:]) {
      self.name = name
      self.chains = chains
      self.draws = draws
      self.rows = rows
      self.attributes = attributes
    }

    /// The most draws for which a chunk stays below 16 MB.
    var drawsPerChunk: Int { max(1, min(draws, (1 << 21) / max(1, rows))) }
  }

  /// Adds an array over draws. `values` gives draws by rows (the row fastest) of some draws of one chain, counted from 0.
  /// - Throws: `OutputError`, and what `values` throws.
  public mutating func add(
    _ array: DrawArray, to group: String, values: (_ chain: Int, _ draws: Range<Int>) throws -> [Double]
  ) throws {
    let path = "\(group)/\(array.name)"
    let size = array.drawsPerChunk
    let metadata = ZarrMetadata(
      shape: [array.chains, array.draws, array.rows], chunk: [1, size, array.rows], dataType: "float64",
      dimensions: ["chain", "draw", "row"], attributes: array.attributes)
    try note(metadata, at: path)
    for chain in 0..<array.chains {
      for (number, first) in stride(from: 0, to: array.draws, by: size).enumerated() {
        let stretch = first..<min(first + size, array.draws)
        var found = try values(chain, stretch)
        precondition(found.count == stretch.count * array.rows, "one value a draw and row")
        // Chunks have one size; what lies beyond the array's end is never read.
        found += [Double](repeating: .nan, count: (size - stretch.count) * array.rows)
        try directory.write(ZarrValues.doubles(found).bytes, to: Self.chunkName(path, [chain, number, 0]))
      }
    }
  }

  /// Writes the root and makes the store appear.
  /// - Throws: `OutputError`.
  public func commit() throws(OutputError) {
    var root = ZarrMetadata(group: attributes)
    root.consolidated = ZarrMetadata.Consolidated(metadata: members)
    try write(root, to: Self.metadataName)
    try directory.commit()
  }

  private mutating func note(_ metadata: ZarrMetadata, at path: String) throws(OutputError) {
    members[path] = metadata
    try write(metadata, to: "\(path)/\(Self.metadataName)")
  }

  private func write(_ metadata: ZarrMetadata, to name: String) throws(OutputError) {
    let text: String
    do {
      text = try JSONText.document(metadata)
    } catch { throw .cannotEncode(path: "\(directory.path)/\(name)", reason: "\(error)") }
    try directory.write(text, to: name)
  }

  private static func chunkName(_ path: String, _ indices: [Int]) -> String {
    ([path, "c"] + indices.map { "\($0)" }).joined(separator: "/")
  }
}
