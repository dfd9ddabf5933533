import Testing

@testable import TuningIO

/// Rows after a value, and the instants that dates stand for.
struct TableSplitTests {
  private func table(_ text: String) throws(TableError) -> Table { try Table(bytes: Array(text.utf8), file: "d.csv") }

  /// Seconds since 1970, from `date -u -d … +%s`.
  @Test(arguments: [
    ("1970-01-01", 0.0), ("2004-06-01", 1_086_048_000), ("2004-06", 1_086_048_000), ("2000-02-29", 951_782_400),
    ("1900-03-01", -2_203_891_200), ("0001-01-01", -62_135_596_800), ("2004/06/01", 1_086_048_000),
    ("2004-06-01T12:30", 1_086_093_000), ("2004-06-01 12:30:15", 1_086_093_015),
    (" 2004-06-01t12:30:15.25 ", 1_086_093_015.25), ("2004-06-01T24:00", 1_086_134_400),
  ])
  func datesAreInstants(_ text: String, _ seconds: Double) throws {
    let time = try #require(TableTime(text))
    #expect(time.seconds == seconds && !time.hasOffset)
  }

  @Test(arguments: [
    ("2004-06-01T12:30Z", 1_086_093_000.0), ("2004-06-01T12:30+02:00", 1_086_085_800),
    ("2004-06-01T12:30:00-0530", 1_086_112_800), ("2004-06-01 12:30+02", 1_086_085_800),
  ])
  func offsetsAreTakenOff(_ text: String, _ seconds: Double) throws {
    let time = try #require(TableTime(text))
    #expect(time.seconds == seconds && time.hasOffset)
  }

  @Test(arguments: [
    "", "2004", "20040601", "3/7/2003", "2004-13", "2004-02-30", "1900-02-29", "2004-06-01T", "2004-06-01T12",
    "04-06-01",
    "2004-06-01T25:00", "2004-06-01T12:60", "2004-06-01x", "2004-06/01", "2004-06-01T12:30+25", "2004-W05", "Mon",
    "0000-01",
    "2004-06-01T12:30:15.", "2004-06-01T24:01",
  ])
  func othersAreNoDates(_ text: String) { #expect(TableTime(text) == nil) }

  @Test func numbersAreComparedAsNumbers() throws {
    let table = try table("t,x\n9,1\n10,1\n-1,1\n1e1,1\n10.5,1\n")
    #expect(try table.rows(where: "t", isAfter: "9") == [1, 3, 4])
    #expect(try table.rows(where: "t", isAfter: "10") == [4])
    #expect(try table.rows(where: "t", isAfter: "100") == [])
    #expect(try table.rows(where: "t", isAfter: "-2.5") == [0, 1, 2, 3, 4])
  }

  @Test func datesAreComparedAsInstants() throws {
    let table = try table(
      "day,when,x\n2004-06-02,2004-06-01T23:00+00:00,1\n2003-12-31,2004-06-02T00:30+02:00,1\n\"2004-06-01\",2004-06-01T23:30Z,1\n"
        + "2004-06-01 00:00:01,2004-06-01T20:00-05:00,1\n")
    #expect(try table.rows(where: "day", isAfter: "2004-06-01") == [0, 3])
    #expect(try table.rows(where: "when", isAfter: "2004-06-01T23:00Z") == [2, 3])
  }

  @Test(arguments: [
    (
      "day", "2004", TableError.notComparable(file: "d.csv", line: 2, column: "day", found: "2004-06-02", value: "2004")
    ),
    ("n", "2004-06-01", .notComparable(file: "d.csv", line: 2, column: "n", found: "3", value: "2004-06-01")),
    ("us", "2004-06-01", .notComparable(file: "d.csv", line: 2, column: "us", found: "3/7/2003", value: "2004-06-01")),
    ("mix", "2004-06-01", .notComparable(file: "d.csv", line: 3, column: "mix", found: "7", value: "2004-06-01")),
    ("mix", "7", .notComparable(file: "d.csv", line: 2, column: "mix", found: "2004-06-02", value: "7")),
    (
      "zone", "2004-06-01",
      .notComparable(file: "d.csv", line: 3, column: "zone", found: "2004-06-02T10:00Z", value: "2004-06-01")
    ),
    ("gap", "2004-06-01", .notComparable(file: "d.csv", line: 3, column: "gap", found: "", value: "2004-06-01")),
    ("gap", "3", .notComparable(file: "d.csv", line: 2, column: "gap", found: "2004-06-02", value: "3")),
    ("hole", "3", .missingValue(file: "d.csv", line: 3, column: "hole", found: "")),
    ("day", "June", .noOrder(file: "d.csv", column: "day", value: "June")),
    (
      "zzzzz", "3",
      .unknownColumn(
        file: "d.csv", name: "zzzzz", nearest: [],
        available: ["day", "n", "us", "mix", "zone", "gap", "hole"])
    ),
  ])
  func mixturesAreRefused(_ column: String, _ value: String, _ expected: TableError) throws {
    let table = try table(
      "day,n,us,mix,zone,gap,hole\n2004-06-02,3,3/7/2003,2004-06-02,2004-06-02T10:00,2004-06-02,1\n"
        + "2004-06-03,4,3/8/2003,7,2004-06-02T10:00Z,,\n")
    let error = #expect(throws: TableError.self) { try table.rows(where: column, isAfter: value) }
    #expect(error == expected)
    #expect(error?.description.hasPrefix("d.csv") == true && error?.description.hasSuffix(".") == true)
  }
}
