/// Which rows every split sends left, as bits: a set of rows is divided by an "and" for each 64 of them.
struct SplitMasks: Sendable {
  /// Words of 64 rows in a set.
  let words: Int
  private let rows: Int
  /// Column by column.
  private let bins: [Int32]
  /// Of cut c of column v at (`firsts`[v] + c) · `words`; empty where that would be too large.
  private let table: [UInt64]
  private let firsts: [Int]

  /// - Parameters:
  ///   - bins: Those of all rows, column by column.
  ///   - cutCounts: The number of cut points of each column.
  ///   - mostWords: A table of more is not made; 32 MB.
  init(bins: [Int32], rows: Int, cutCounts: [Int], mostWords: Int = 1 << 22) {
    let words = (rows + 63) / 64
    var firsts: [Int] = []
    var cuts = 0
    for count in cutCounts {
      firsts.append(cuts)
      cuts += count
    }
    var table: [UInt64] = []
    if cuts <= mostWords / max(1, words) {
      table = [UInt64](repeating: 0, count: cuts * words)
      for (variable, count) in cutCounts.enumerated() {
        for row in 0..<rows where Int(bins[variable * rows + row]) < count {
          table[(firsts[variable] + Int(bins[variable * rows + row])) * words + row / 64] |= 1 << UInt64(row % 64)
        }
        for cut in 1..<max(1, count) {
          let place = (firsts[variable] + cut) * words
          for word in place..<place + words { table[word] |= table[word - words] }
        }
      }
    }
    (self.words, self.rows, self.bins, self.table, self.firsts) = (words, rows, bins, table, firsts)
  }

  /// The rows 64 · `word` … that a rule sends left.
  @inline(__always)
  func left(_ rule: SplitRule, word: Int) -> UInt64 {
    if !table.isEmpty { return table[(firsts[rule.variable] + rule.cut) * words + word] }
    return compared(rule, word: word)
  }

  private func compared(_ rule: SplitRule, word: Int) -> UInt64 {
    let start = rule.variable * rows
    var bits: UInt64 = 0
    for row in word * 64..<min(rows, word * 64 + 64) where Int(bins[start + row]) <= rule.cut {
      bits |= 1 << UInt64(row % 64)
    }
    return bits
  }
}
