import Testing

@testable import ModelMixing

@Suite struct CutGridTests {
  @Test func uniformCutsLieInside() throws {
    let grid = try CutGrid.uniform(3, over: [[2, 0, 4], [5, 5, 5], [-1e308, 1e308, 0]])
    #expect(grid.cuts[0] == [1, 2, 3])
    #expect(grid.cuts[1].isEmpty)
    #expect(grid.cuts[2].count == 3 && grid.cuts[2].allSatisfy(\.isFinite))
    // Neighbouring numbers leave one cut, which parts them.
    let close = try CutGrid.uniform(100, over: [[1, 1.nextUp]])
    #expect(close.cuts[0] == [1.nextUp])
    #expect(throws: MixingError.self) { try CutGrid.uniform(0, over: [[1, 2]]) }
  }

  @Test func binsSayWhichSide() throws {
    let grid = try CutGrid([[0.1, 0.4, 0.7]])
    for x in [-5, 0.1.nextDown, 0.1, 0.3, 0.4, 0.69, 0.7, 99] {
      let bin = Int(grid.bin(x, variable: 0))
      for (index, cut) in grid.cuts[0].enumerated() { #expect((bin <= index) == (x < cut)) }
    }
    #expect(throws: MixingError.cutPoints(column: 1)) { try CutGrid([[], [2, 1]]) }
    #expect(throws: MixingError.cutPoints(column: 0)) { try CutGrid([[.nan]]) }
    #expect(throws: MixingError.cutPoints(column: 0)) { try CutGrid([[1, 1]]) }
  }
}
