import CExpertKernels

#if canImport(Glibc)
  import Glibc
#endif

/// Columns of numbers in the order in which the kernels read them: blocks of rows that fit the first-level cache together
/// with their intermediate results, and inside a block one padded column after the other. Data larger than the caches are so
/// read once, front to back.
///
/// Immutable after initialisation, and so `Sendable`.
package final class RowBlocks: Sendable {
  /// The number of rows N, at least 1.
  package let rows: Int
  /// The number of columns.
  package let columns: Int
  /// Rows in every block but perhaps the last.
  package let blockRows: Int
  nonisolated(unsafe) private let values: UnsafeMutablePointer<Double>
  nonisolated(unsafe) private let largest: UnsafeMutablePointer<Double>

  /// Copies columns of one length.
  /// - Parameter intermediates: Vectors as long as a block that a kernel keeps beside the columns.
  package init(_ columns: [ArraySlice<Double>], intermediates: Int) {
    let rows = columns.first?.count ?? 0
    precondition(rows >= 1, "a likelihood needs a row")
    precondition(columns.allSatisfy { $0.count == rows }, "columns have one length")
    self.rows = rows
    self.columns = columns.count
    blockRows = Self.blockRows(rows: rows, streams: columns.count + intermediates)
    let fullBlocks = rows / blockRows
    let count = (fullBlocks * blockRows + Self.padded(rows - fullBlocks * blockRows)) * columns.count
    values = Self.aligned(count)
    largest = Self.aligned(columns.count)
    for (index, column) in columns.enumerated() { store(column, as: index) }
  }

  deinit {
    values.deallocate()
    largest.deallocate()
  }

  /// The blocks, one after the other, valid while `self` lives.
  package var data: UnsafePointer<Double> { UnsafePointer(values) }

  /// The largest magnitude in each column, ∞ where a number is not finite; valid while `self` lives.
  package var bounds: UnsafePointer<Double> { UnsafePointer(largest) }

  /// An entry.
  package func value(row: Int, column: Int) -> Double {
    precondition((0..<rows).contains(row) && (0..<columns).contains(column), "an entry outside the data")
    return values[position(row: row, column: column)]
  }

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
    largest[column] = isFinite ? bound : .infinity
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
