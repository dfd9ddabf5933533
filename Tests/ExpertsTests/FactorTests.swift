import Foundation
import Testing

@testable import Experts

/// Text and numbers in memory.
struct MixedColumns: ColumnSource {
  var numbers: [String: [Double]] = [:]
  var text: [String: [String]] = [:]

  var columnNames: [String] { numbers.keys.sorted() + text.keys.sorted() }

  func column(_ name: String) throws -> [Double] {
    guard let values = numbers[name] else { throw DesignError.unknownColumn(name: name, available: columnNames) }
    return values
  }

  func categories(_ name: String) throws -> CategoryColumn {
    guard let cells = text[name] else { return CategoryColumn(try column(name)) }
    return CategoryColumn(text: cells, numbers: cells.map { Double($0) })
  }

  func selecting(_ rows: [Int]) -> MixedColumns {
    MixedColumns(
      numbers: numbers.mapValues { values in rows.map { values[$0] } },
      text: text.mapValues { cells in rows.map { cells[$0] } })
  }
}

struct FactorTests {
  private let data = MixedColumns(
    numbers: ["x": [1, 2, 3, 4, 5, 9], "code": [10, 2, 2, 1, 10, 1]],
    text: [
      "day": ["Tue", "Mon", "Wed", "Tue", "Mon", "Wed"], "shift": ["late", "early", "early", "late", "late", "early"],
      "team": ["b", "a", "b", "b", "a", "a"], "grade": ["10", "2", "1.0", "1", "2.0", "10"],
      "one": ["a", "a", "a", "a", "a", "a"],
      "id": ["p", "q", "r", "s", "t", "u"],
    ])

  private func fit(_ text: String, to source: MixedColumns? = nil, bias: Bool = false) throws -> (
    design: Design, matrix: DesignMatrix
  ) {
    try Design.fit(FeatureTerm.parse(text), to: source ?? data, bias: bias)
  }

  /// What `model.matrix(~ day)` of R and `pandas.get_dummies(day, drop_first=True)` make of the column.
  @Test func treatmentContrastsOfText() throws {
    let (design, matrix) = try fit("factor(day)", bias: true)
    #expect(design.featureNames == ["bias", "day.Tue", "day.Wed"])
    #expect(Array(matrix.column(1)) == [1, 0, 0, 1, 0, 0])
    #expect(Array(matrix.column(2)) == [0, 0, 1, 0, 0, 1])
    #expect(design.levels["day"]?.levels == ["Mon", "Tue", "Wed"])
    #expect(design.scaleWarnings.isEmpty && design.moments.isEmpty, "indicators are not standardised")
  }

  /// As `factor(c(10, 2, 2, 1, 10, 1))`: the levels are 1, 2, 10. So are those of text that is numbers throughout.
  @Test func numbersAreSortedAsNumbers() throws {
    let (design, matrix) = try fit("factor(code)")
    #expect(design.featureNames == ["code.2", "code.10"])
    #expect(Array(matrix.column(0)) == [0, 1, 1, 0, 0, 0])
    #expect(Array(matrix.column(1)) == [1, 0, 0, 0, 1, 0])
    let grades = try fit("factor(grade)")
    #expect(grades.design.featureNames == ["grade.2", "grade.10"])
    #expect(Array(grades.matrix.column(0)) == [0, 1, 0, 0, 1, 0])
    // One word among them, and they are words.
    var mixed = data
    mixed.text["grade"] = ["10", "2", "A", "10", "2", "A"]
    #expect(try fit("factor(grade)", to: mixed).design.levels["grade"]?.levels == ["10", "2", "A"])
  }

  /// Products of indicators and standardised columns; z has mean 4 and population variance 40/6.
  @Test func interactions() throws {
    let z = [-3, -2, -1, 0, 1, 5].map { $0 / (40.0 / 6).squareRoot() }
    let slopes = try fit("x,factor(day):x")
    #expect(slopes.design.featureNames == ["x", "day.Tue:x", "day.Wed:x"])
    for (found, wanted) in zip(slopes.matrix.column(1), [z[0], 0, 0, z[3], 0, 0]) {
      #expect(abs(found - wanted) < 1e-15)
    }
    for (found, wanted) in zip(slopes.matrix.column(2), [0, 0, z[2], 0, 0, z[5]]) {
      #expect(abs(found - wanted) < 1e-15)
    }
  }

  @Test func emptyCellsOfAnInteractionAreNamed() throws {
    // shift is early in every row whose code is 2.
    #expect(throws: DesignError.emptyCombination(name: "code.2:shift.late")) { try fit("factor(code):factor(shift)") }
    let two = try fit("factor(team):factor(day)")
    #expect(two.design.featureNames == ["team.b:day.Tue", "team.b:day.Wed"])
  }

  @Test func labelsAndClashesOfNames() throws {
    #expect(try fit("d=factor(day)").design.featureNames == ["d.Tue", "d.Wed"])
    var clash = data
    clash.numbers["day.Tue"] = [3, 1, 4, 1, 5, 9]
    #expect(
      try fit("`day.Tue`,factor(day)", to: clash).design.featureNames
        == ["standardize(day.Tue)", "factor(day).Tue", "factor(day).Wed"])
  }

  @Test func levelsBecomePartsOfNames() {
    func names(_ levels: [String]) -> [String] {
      FactorLevels(of: CategoryColumn(text: levels, numbers: levels.map { _ in nil })).names
    }
    #expect(names(["Mon", "New York", "a,b", "x[1]"]) == ["Mon", "New_York", "a_b", "x_1_"])
    #expect(names(["<=50K", ">50K", "été", "a-b/c"]) == ["<_50K", ">50K", "a-b/c", "été"])
    // Sorted: "a b", "a,b", "a_b", "a_b_2"; the last two keep their names.
    #expect(names(["a b", "a,b", "a_b", "a_b_2"]) == ["a_b_3", "a_b_4", "a_b", "a_b_2"])
    #expect(names(["line\nbreak", "*", ":"]) == ["_", "__2", "line_break"])
    let many = names((0..<90).map { "l\(Character(UnicodeScalar(UInt8(33 + $0))))" })
    #expect(many.allSatisfy { !$0.contains(",") && !$0.contains("]") && !$0.contains(" ") })
    #expect(Set(many).count == 90)
  }

  /// Test rows take the levels of the training rows, whatever they hold themselves.
  @Test func testRowsTakeTheTrainingLevels() throws {
    let (design, matrix) = try fit("factor(day),factor(grade),factor(shift):x", bias: true)
    for rows in [[0, 1, 2, 3, 4, 5], [3], [5, 2], [1, 1, 4]] {
      let part = try design.matrix(for: data.selecting(rows))
      for column in 0..<matrix.columns {
        let all = Array(matrix.column(column))
        #expect(Array(part.column(column)) == rows.map { all[$0] })
      }
    }
    let decoded = try JSONDecoder().decode(Design.self, from: JSONEncoder().encode(design))
    #expect(decoded == design)
    #expect(try decoded.matrix(for: data) == matrix)
    // Numbers of another spelling are the same level; without a word in sight, words stay words.
    var other = data.selecting([0, 1])
    other.text["grade"] = ["01", "+10"]
    #expect(Array(try design.matrix(for: other).column(3)) == [0, 0])
    var words = data
    words.text["grade"] = ["01", "1", "A", "01", "1", "A"]
    let levels = try fit("factor(grade)", to: words).design
    var numbers = data.selecting([0, 1])
    numbers.text["grade"] = ["1", "01"]
    #expect(Array(try levels.matrix(for: numbers).column(0)) == [1, 0])
  }

  @Test func unseenLevelsAreNamed() throws {
    let design = try fit("factor(day),factor(code)").design
    var test = data
    test.text["day"] = ["Mon", "Tue", "Sun", "Mon", "Mon", "Mon"]
    let error = #expect(throws: DesignError.self) { try design.matrix(for: test) }
    #expect(error == .unseenLevel(column: "day", level: "Sun", place: "row 3", known: ["Mon", "Tue", "Wed"]))
    #expect(
      error?.description
        == "row 3, column \"day\": the level \"Sun\" does not occur in the training rows, whose levels are \"Mon\", \"Tue\", \"Wed\"."
    )
    test = data
    test.numbers["code"] = [1, 2, 10, 3, 1, 1]
    #expect(throws: DesignError.unseenLevel(column: "code", level: "3", place: "row 4", known: ["1", "2", "10"])) {
      try design.matrix(for: test)
    }
  }

  @Test(arguments: [
    ("factor(one)", DesignError.oneLevel(column: "one", level: "a")),
    ("factor(id)", .tooManyLevels(column: "id", levels: 6, rows: 6, most: 3)),
    ("factor(day),factor(day)", .duplicateFeature(name: "day.Tue", other: "day.Tue")),
    ("day", .unknownColumn(name: "day", available: ["code", "x", "day", "grade", "id", "one", "shift", "team"])),
  ])
  func errorsNameTheColumn(_ text: String, _ expected: DesignError) {
    let error = #expect(throws: DesignError.self) { try fit(text) }
    #expect(error == expected)
    #expect(error?.description.hasSuffix(".") == true)
  }

  @Test func atMostAHundredLevelsAndAThousandProducts() throws {
    func rows(_ levels: Int, _ other: Int) -> MixedColumns {
      MixedColumns(numbers: [
        "a": (0..<(4 * levels)).map { Double($0 % levels) }, "b": (0..<(4 * levels)).map { Double($0 / 7 % other) },
      ])
    }
    #expect(try fit("factor(a)", to: rows(100, 2)).matrix.columns == 99)
    #expect(throws: DesignError.tooManyLevels(column: "a", levels: 101, rows: 404, most: 100)) {
      try fit("factor(a)", to: rows(101, 2))
    }
    #expect(throws: DesignError.tooManyFeatures(term: "factor(a):factor(b)", most: 1000)) {
      try fit("factor(a):factor(b)", to: rows(100, 30))
    }
  }

  @Test func columnsAreReadAsWhatTheyAre() throws {
    let expression = try #require(FeatureTerm.parse("factor(day):x:factor(`a b`)").first?.expression)
    #expect(expression.columns == ["day", "x", "a b"])
    #expect(expression.numericColumns == ["x"] && expression.factorColumns == ["day", "a b"])
    #expect(expression.description == "factor(day):x:factor(`a b`)")
    #expect(expression.width() == 1)
    let day = FactorLevels(of: try data.categories("day"))
    #expect(expression.width(["day": day, "a b": day]) == 4)
  }
}
