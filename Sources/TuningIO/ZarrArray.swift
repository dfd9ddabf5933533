/// The elements of an array, its last dimension fastest.
public enum ZarrValues: Sendable, Equatable {
  /// 64-bit floating point; NaN where there is no value.
  case doubles([Double])
  /// 64-bit integers.
  case integers([Int])
  /// Truth values.
  case booleans([Bool])
  /// Text, for coordinates.
  case strings([String])

  /// How many elements.
  public var count: Int {
    switch self {
    case .doubles(let values): values.count
    case .integers(let values): values.count
    case .booleans(let values): values.count
    case .strings(let values): values.count
    }
  }

  /// The name of their type in Zarr v3; `string` is an extension that zarr-python and xarray know.
  var dataType: String {
    switch self {
    case .doubles: "float64"
    case .integers: "int64"
    case .booleans: "bool"
    case .strings: "string"
    }
  }

  /// The bytes of a chunk: little-endian numbers; for text the number of strings, then each with its length in bytes.
  var bytes: [UInt8] {
    var result: [UInt8] = []
    func append(_ bits: some FixedWidthInteger) { withUnsafeBytes(of: bits.littleEndian) { result += $0 } }
    switch self {
    case .doubles(let values):
      result.reserveCapacity(8 * values.count)
      for value in values { append(value.bitPattern) }
    case .integers(let values):
      result.reserveCapacity(8 * values.count)
      for value in values { append(Int64(value)) }
    case .booleans(let values): result = values.map { $0 ? 1 : 0 }
    case .strings(let values):
      append(UInt32(values.count))
      for value in values {
        append(UInt32(value.utf8.count))
        result += value.utf8
      }
    }
    return result
  }
}

/// An array with names for its dimensions.
public struct ZarrArray: Sendable {
  /// Its name in the group, without a slash.
  public var name: String
  /// One name a dimension; a one-dimensional array that is called like its dimension is the dimension's coordinate.
  public var dimensions: [String]
  /// One length a dimension.
  public var shape: [Int]
  /// All elements.
  public var values: ZarrValues
  /// What is to be known about it.
  public var attributes: [String: ZarrAttribute]

  /// An array; the counts must fit.
  public init(
    _ name: String, _ dimensions: [String], shape: [Int], _ values: ZarrValues,
    attributes: [String: ZarrAttribute] = [:]
  ) {
    precondition(dimensions.count == shape.count, "one name a dimension")
    precondition(values.count == shape.reduce(1, *), "one value an element")
    self.name = name
    self.dimensions = dimensions
    self.shape = shape
    self.values = values
    self.attributes = attributes
  }

  /// The coordinate of a dimension.
  public static func coordinate(_ dimension: String, _ values: ZarrValues) -> ZarrArray {
    ZarrArray(dimension, [dimension], shape: [values.count], values)
  }
}

/// A value of an array's or a group's attributes.
public enum ZarrAttribute: Sendable, Equatable, Encodable {
  /// Text.
  case text(String)
  /// A number.
  case number(Double)
  /// Several texts.
  case texts([String])

  /// The JSON value itself.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .texts(let texts): try container.encode(texts)
    }
  }
}
