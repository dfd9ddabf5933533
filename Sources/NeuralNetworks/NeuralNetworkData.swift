import CExpertKernels

/// The rows of a network in the order in which the kernels read them: blocks of rows that fit the first-level cache with
/// their intermediate results, and inside a block one padded column after the other (features, then the response).
///
/// Immutable after initialisation, and so `Sendable`.
final class NeuralNetworkData: Sendable {
  let rows: Int
  private let blockRows: Int
  nonisolated(unsafe) private let values: UnsafeMutablePointer<Double>

  /// Copies rows that are valid.
  init(_ source: NeuralNetworkRows, hiddenUnits: Int) {
    rows = source.count
    let columns = source.featureNames.count + 1
    blockRows = Self.blockRows(rows: rows, streams: columns + hiddenUnits + 1)
    let fullBlocks = rows / blockRows
    let count = (fullBlocks * blockRows + Self.padded(rows - fullBlocks * blockRows)) * columns
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Double>.stride, alignment: 64)
    values = memory.bindMemory(to: Double.self, capacity: count)
    values.initialize(repeating: 0, count: count)
    for first in stride(from: 0, to: rows, by: blockRows) {
      let length = min(blockRows, rows - first)
      let padded = Self.padded(length)
      for column in 0..<columns {
        for row in 0..<length {
          let value =
            column < columns - 1 ? source.features[column * rows + first + row] : source.response[first + row]
          values[first * columns + column * padded + row] = value
        }
      }
    }
  }

  deinit { values.deallocate() }

  /// The problem as the kernels take it, valid while `self` lives.
  func problem(of architecture: NeuralNetworkArchitecture) -> network_problem {
    network_problem(
      rows: rows, block_rows: blockRows, hidden: architecture.hiddenUnits, features: architecture.features,
      data: UnsafePointer(values))
  }

  private static func padded(_ rows: Int) -> Int {
    let multiple = Int(EXPERT_ROW_MULTIPLE)
    return (rows + multiple - 1) / multiple * multiple
  }

  /// Rows in a block: columns and intermediate results in 28 KB, all blocks of nearly one length.
  private static func blockRows(rows: Int, streams: Int) -> Int {
    let fitting = min(max(28_672 / (MemoryLayout<Double>.stride * streams), 32), 256)
    let blocks = max(1, (rows + fitting / 2) / fitting)
    return padded((rows + blocks - 1) / blocks)
  }
}
