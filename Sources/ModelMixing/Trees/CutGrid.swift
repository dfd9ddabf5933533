/// Where trees may split: ascending cut points for each input column. A row goes left where its input is below the cut.
public struct CutGrid: Sendable, Equatable {
  /// The cut points, a list for each input column; a column with none is never split on.
  public let cuts: [[Double]]

  /// Cut points of one's own.
  /// - Throws: `MixingError.cutPoints` where a list is not finite and strictly ascending.
  public init(_ cuts: [[Double]]) throws(MixingError) {
    for (column, list) in cuts.enumerated() {
      guard list.allSatisfy(\.isFinite), zip(list, list.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw .cutPoints(column: column)
      }
    }
    self.cuts = cuts
  }

  /// `count` equispaced cut points strictly between the smallest and the largest input of every column; none in a constant
  /// column. A column of very close inputs has fewer, as cuts that rounding makes equal are one.
  public static func uniform(_ count: Int = 100, over inputs: [[Double]]) throws(MixingError) -> CutGrid {
    guard count >= 1, count < 1 << 30 else {
      throw .setting(name: "cuts", value: "\(count)", allowed: "from 1 to a thousand million")
    }
    return try CutGrid(
      inputs.map { column in
        guard let low = column.min(), let high = column.max(), low < high else { return [] }
        var cuts: [Double] = []
        for index in 1...count {
          let share = Double(index) / Double(count + 1)
          let cut = low * (1 - share) + high * share
          if cut > (cuts.last ?? low) && cut <= high { cuts.append(cut) }
        }
        return cuts
      })
  }

  /// How many cut points each column has.
  var counts: [Int] { cuts.map(\.count) }

  /// The number of cut points of column `variable` at or below x: x lies below cut c exactly where this is at most c.
  func bin(_ x: Double, variable: Int) -> Int32 {
    let list = cuts[variable]
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if list[middle] <= x { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }

  /// The bins of all rows, column by column.
  func bins(of inputs: [[Double]]) -> [Int32] {
    inputs.indices.flatMap { variable in inputs[variable].map { bin($0, variable: variable) } }
  }
}
