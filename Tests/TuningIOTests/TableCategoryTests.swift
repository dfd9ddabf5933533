import Foundation
import Testing

@testable import TuningIO

/// Text columns of a table, and columns that are read as what they are not.
struct TableCategoryTests {
  private func table(_ text: String) throws(TableError) -> Table { try Table(bytes: Array(text.utf8), file: "d.csv") }

  @Test func cellsAreTextAndPerhapsNumbers() throws {
    let table = try table(
      "k,x\n Mon ,1\n\"a, \"\"b\"\"\",2\n1.0,3\nnone,4\n\"two\nlines\",5\n+1e3,6\nInf,7\nmissing,8\n")
    let cells = try table.categories(of: "k")
    #expect(cells.text == ["Mon", "a, \"b\"", "1.0", "none", "two\nlines", "+1e3", "Inf", "missing"])
    #expect(cells.numbers == [nil, nil, 1, nil, nil, 1000, nil, nil])
    #expect(try table.categories(of: "x").numbers == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test(arguments: ["", "  ", "NA", "na", "n/a", "NaN", "null", "?", "\"\"", "\" NA \""])
  func missingLevelsNameTheLine(_ cell: String) throws {
    let table = try table("k,x\nMon,1\nTue,1\n\(cell),2\n")
    let error = #expect(throws: TableError.self) { try table.categories(of: "k") }
    guard case .missingLevel("d.csv", 4, "k", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.exitCode == .data)
    #expect(error?.description.contains("a level of their own, such as unknown.") == true)
  }

  @Test func cellsOfAnotherEncodingAreNoLevels() throws {
    let latin = Array("k,x\na,1\ngr".utf8) + [0xFC] + Array("n,2\n".utf8)
    let table = try Table(bytes: latin, file: "d.csv")
    #expect(try table.numeric("x") == [1, 2])
    let error = #expect(throws: TableError.self) { try table.categories(of: "k") }
    #expect(error?.description == "d.csv: line 3, column \"k\" is not UTF-8; save the file as UTF-8.")
  }

  /// One bad cell is a mistake; a column of words is a column of words.
  @Test func columnsOfTextSuggestAFactor() throws {
    let words = try table("day of week,x\nMon,1\nTue,2\n3,3\n")
    let error = #expect(throws: TableError.self) { try words.numeric("day of week") }
    #expect(error == .textColumn(file: "d.csv", line: 2, column: "day of week", found: "Mon"))
    #expect(
      error?.description
        == "d.csv, line 2, column \"day of week\": found \"Mon\" where a number such as 12.5 or 3e-4 belongs; most of this "
        + "column is text, which a feature takes as factor(`day of week`).")
    let slip = try table("n,x\n1,1\n2,2\nabc,3\n")
    #expect(throws: TableError.notANumber(file: "d.csv", line: 4, column: "n", found: "abc")) { try slip.numeric("n") }
    #expect(throws: TableError.unknownColumn(file: "d.csv", name: "zzz", nearest: [], available: ["n", "x"])) {
      try slip.categories(of: "zzz")
    }
  }
}
