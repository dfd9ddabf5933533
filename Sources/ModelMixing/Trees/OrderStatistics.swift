/// Some order statistics of a list, without sorting all of it (Hoare 1961, "Algorithm 65: find", for several ranks at once).
enum OrderStatistics {
  /// Shorter stretches are sorted.
  private static let short = 24

  /// Moves to each of `ranks` (ascending) the value that a sorted list has there.
  static func place(_ values: inout [Double], at ranks: [Int]) {
    guard !values.isEmpty, !ranks.isEmpty else { return }
    let last = values.count - 1
    var span = values.mutableSpan
    place(&span, 0, last, ranks[...])
  }

  private static func place(_ values: inout MutableSpan<Double>, _ low: Int, _ high: Int, _ ranks: ArraySlice<Int>) {
    guard !ranks.isEmpty, low < high else { return }
    if high - low < short { return sort(&values, low, high) }
    let pivot = median(values[low], values[(low + high) / 2], values[high])
    var left = low
    var right = high
    while left <= right {
      while values[left] < pivot { left += 1 }
      while pivot < values[right] { right -= 1 }
      guard left <= right else { break }
      values.swapAt(left, right)
      left += 1
      right -= 1
    }
    // What lies between `right` and `left` equals the pivot, and is in its place.
    place(&values, low, right, ranks.prefix { $0 <= right })
    place(&values, left, high, ranks.drop { $0 < left })
  }

  private static func median(_ a: Double, _ b: Double, _ c: Double) -> Double { max(min(a, b), min(max(a, b), c)) }

  private static func sort(_ values: inout MutableSpan<Double>, _ low: Int, _ high: Int) {
    for index in low + 1...high {
      let value = values[index]
      var place = index
      while place > low && value < values[place - 1] {
        values[place] = values[place - 1]
        place -= 1
      }
      values[place] = value
    }
  }
}
