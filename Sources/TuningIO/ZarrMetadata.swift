/// The contents of a `zarr.json` (Zarr core specification, version 3).
struct ZarrMetadata: Encodable {
  /// All members of a store by path, as zarr-python keeps them in the root.
  struct Consolidated: Encodable {
    let kind = "inline"
    let mustUnderstand = false
    let metadata: [String: ZarrMetadata]

    enum CodingKeys: String, CodingKey {
      case kind, metadata
      case mustUnderstand = "must_understand"
    }
  }

  private struct Contents {
    let shape: [Int]
    let dataType: String
    let chunk: [Int]
    let dimensions: [String]
  }

  private struct Named<Configuration: Encodable>: Encodable {
    let name: String
    let configuration: Configuration?

    init(_ name: String, _ configuration: Configuration? = nil) {
      self.name = name
      self.configuration = configuration
    }
  }

  private let attributes: [String: ZarrAttribute]
  private let array: Contents?
  /// Only in the root.
  var consolidated: Consolidated?

  /// Of a group.
  init(group attributes: [String: ZarrAttribute]) {
    self.attributes = attributes
    array = nil
  }

  /// Of an array.
  init(_ array: ZarrArray, chunk: [Int]) {
    self.init(
      shape: array.shape, chunk: chunk, dataType: array.values.dataType, dimensions: array.dimensions,
      attributes: array.attributes)
  }

  /// Of an array; a chunk has at least one element in every dimension.
  init(shape: [Int], chunk: [Int], dataType: String, dimensions: [String], attributes: [String: ZarrAttribute]) {
    self.attributes = attributes
    array = Contents(shape: shape, dataType: dataType, chunk: chunk.map { max(1, $0) }, dimensions: dimensions)
  }

  private enum CodingKeys: String, CodingKey {
    case attributes, shape, codecs
    case format = "zarr_format"
    case node = "node_type"
    case consolidated = "consolidated_metadata"
    case dataType = "data_type"
    case grid = "chunk_grid"
    case key = "chunk_key_encoding"
    case fill = "fill_value"
    case dimensions = "dimension_names"
    case transformers = "storage_transformers"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(3, forKey: .format)
    try container.encode(attributes, forKey: .attributes)
    guard let array else {
      try container.encode("group", forKey: .node)
      try container.encodeIfPresent(consolidated, forKey: .consolidated)
      return
    }
    try container.encode("array", forKey: .node)
    try container.encode(array.shape, forKey: .shape)
    try container.encode(array.dataType, forKey: .dataType)
    try container.encode(array.dimensions, forKey: .dimensions)
    try container.encode(Named("regular", ["chunk_shape": array.chunk]), forKey: .grid)
    try container.encode(Named("default", ["separator": "/"]), forKey: .key)
    try container.encode([String](), forKey: .transformers)
    switch array.dataType {
    case "float64": try container.encode(Double.nan, forKey: .fill)
    case "bool": try container.encode(false, forKey: .fill)
    case "string": try container.encode("", forKey: .fill)
    default: try container.encode(0, forKey: .fill)
    }
    switch array.dataType {
    case "string": try container.encode([Named("vlen-utf8", [String: String]())], forKey: .codecs)
    case "bool": try container.encode([Named<[String: String]>("bytes")], forKey: .codecs)
    default: try container.encode([Named("bytes", ["endian": "little"])], forKey: .codecs)
    }
  }
}
