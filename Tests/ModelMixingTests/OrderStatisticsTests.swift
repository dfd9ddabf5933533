import LogDensities
import Testing

@testable import ModelMixing

@Suite struct OrderStatisticsTests {
  /// Against the sorted list: random values, many ties, all equal, ascending, descending, one.
  @Test func ranksHoldWhatSortingPutsThere() {
    var stream = RandomStream(seed: 8, purpose: .test)
    let random = (0..<1001).map { _ in stream.normal() }
    let lists = [
      random, random.map { ($0 * 2).rounded() }, [Double](repeating: 3, count: 500), random.sorted(),
      random.sorted(by: >), [1], (0..<50).map { Double($0 % 2) },
    ]
    for list in lists {
      let sorted = list.sorted()
      let ranks = Set([0, 0.025, 0.03, 0.5, 0.975, 1].map { Int($0 * Double(list.count - 1)) }).sorted()
      var placed = list
      OrderStatistics.place(&placed, at: ranks)
      for rank in ranks { #expect(placed[rank] == sorted[rank]) }
      #expect(placed.sorted() == sorted)
    }
  }
}
