import CExpertKernels

#if canImport(Glibc)
  import Glibc
#endif

/// The rows of an experts model in the order in which the kernels read them: blocks of rows that fit the first-level
/// cache, and inside a block one padded column after the other (expert features, gate features, response). Data larger
/// than the caches are so read once, front to back.
///
/// Immutable after initialisation, and so `Sendable`.
final class ExpertData: Sendable {
  let rows: Int
  let expertFeatures: Int
  let gateFeatures: Int
  let blockRows: Int
  nonisolated(unsafe) private let values: UnsafeMutablePointer<Double>
  nonisolated(unsafe) private let bounds: UnsafeMutablePointer<Double>

  /// Copies columns of `response.count` rows each.
  init(architecture: ExpertArchitecture, expertFeatures: [Double], gateFeatures: [Double], response: [Double]) {
    let rows = response.count
    precondition(rows >= 1, "a likelihood needs a row")
    precondition(expertFeatures.count == rows * architecture.expertFeatures, "expert features are n columns of N")
    precondition(gateFeatures.count == rows * architecture.gateFeatures, "gate features are g columns of N")
    self.rows = rows
    self.expertFeatures = architecture.expertFeatures
    self.gateFeatures = architecture.gateFeatures
    let columns = architecture.expertFeatures + architecture.gateFeatures + 1
    blockRows = Self.blockRows(rows: rows, streams: columns + 2 * architecture.experts + 2)
    let fullBlocks = rows / blockRows
    let count = (fullBlocks * blockRows + Self.padded(rows - fullBlocks * blockRows)) * columns
    values = Self.aligned(count)
    bounds = Self.aligned(columns)
    var column = 0
    for (source, width) in [
      (expertFeatures, architecture.expertFeatures), (gateFeatures, architecture.gateFeatures), (response, 1),
    ] {
      for part in 0..<width {
        store(source[part * rows..<(part + 1) * rows], as: column)
        column += 1
      }
    }
  }

  deinit {
    values.deallocate()
    bounds.deallocate()
  }

  /// The number of columns, response included.
  var columns: Int { expertFeatures + gateFeatures + 1 }

  /// The problem as the kernels take it, valid while `self` lives.
  func problem(experts: Int) -> expert_problem {
    expert_problem(
      rows: rows, block_rows: blockRows, experts: experts, expert_features: expertFeatures,
      gate_features: gateFeatures, data: UnsafePointer(values), bounds: UnsafePointer(bounds))
  }

  /// An entry; columns count from 0 over expert features, gate features and the response.
  func value(row: Int, column: Int) -> Double {
    precondition((0..<rows).contains(row) && (0..<columns).contains(column), "an entry outside the data")
    return values[position(row: row, column: column)]
  }

  /// The response of a row.
  func response(_ row: Int) -> Double { value(row: row, column: columns - 1) }

  private func position(row: Int, column: Int) -> Int {
    let first = row / blockRows * blockRows
    let padded = Self.padded(min(blockRows, rows - first))
    return first * columns + column * padded + (row - first)
  }

  private func store(_ source: ArraySlice<Double>, as column: Int) {
    var bound = 0.0
    var isFinite = true
    for first in stride(from: 0, to: rows, by: blockRows) {
      let start = position(row: first, column: column)
      for offset in 0..<min(blockRows, rows - first) {
        let value = source[source.startIndex + first + offset]
        values[start + offset] = value
        bound = max(bound, abs(value))
        isFinite = isFinite && value.isFinite
      }
    }
    bounds[column] = isFinite ? bound : .infinity
  }

  private static let largePage = 1 << 21

  private static func padded(_ rows: Int) -> Int {
    let multiple = Int(EXPERT_ROW_MULTIPLE)
    return (rows + multiple - 1) / multiple * multiple
  }

  /// Zeroed memory on a cache line's boundary; where it is large, in large pages if the system has them, so that reading it
  /// front to back does not wait for page tables.
  private static func aligned(_ count: Int) -> UnsafeMutablePointer<Double> {
    let bytes = max(count, 1) * MemoryLayout<Double>.stride
    let isLarge = bytes >= 4 * largePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? largePage : 64)
    #if canImport(Glibc)
      if isLarge { madvise(memory, bytes / largePage * largePage, MADV_HUGEPAGE) }
    #endif
    let values = memory.bindMemory(to: Double.self, capacity: max(count, 1))
    values.initialize(repeating: 0, count: max(count, 1))
    return values
  }

  /// Rows in a block: columns and intermediate results in 28 KB, all blocks of nearly one length.
  private static func blockRows(rows: Int, streams: Int) -> Int {
    let multiple = Int(EXPERT_ROW_MULTIPLE)
    let fitting = min(max(28_672 / (MemoryLayout<Double>.stride * streams), 32), 256)
    let blocks = max(1, (rows + fitting / 2) / fitting)
    return max(multiple, padded((rows + blocks - 1) / blocks))
  }
}
