import Foundation
import Testing
import _TestSupport

@testable import TuningIO

struct TableTests {
  private func table(_ text: String) throws(TableError) -> Table { try Table(bytes: Array(text.utf8), file: "d.csv") }

  @Test func readsPlainFiles() throws {
    let table = try table("a,b,c\n1,2.5,x\n-3,+4e-2,y\n")
    #expect(table.columnNames == ["a", "b", "c"])
    #expect(table.rows == 2)
    #expect(try table.numeric("a") == [1, -3])
    #expect(try table.numeric("b") == [2.5, 0.04])
    #expect(try table.text("c") == ["x", "y"])
    #expect(table.place(ofRow: 1) == "d.csv, line 3")
  }

  @Test(arguments: [
    "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4", "\u{FEFF}a,b\n1,2\n3,4", "\n\na,b\n\n1,2\n   \n3,4\n\n\n",
    "\"a\",\"b\"\n\"1\",2\n3,\"4\"", " a , b\n 1 ,\t2\n3,4 ",
  ])
  func readsEveryDialect(_ text: String) throws {
    let table = try table(text)
    #expect(table.columnNames == ["a", "b"])
    #expect(try table.numeric("a") == [1, 3])
    #expect(try table.numeric("b") == [2, 4])
  }

  @Test func quotedFieldsHoldAnything() throws {
    let table = try table(
      "\"Wind Speed (m/s)\",\"a,\"\"b\"\"\",n\n1,\"two\nlines\r\nand, commas\",5\n2,\"say \"\"hi\"\"\",x\n")
    #expect(table.columnNames == ["Wind Speed (m/s)", "a,\"b\"", "n"])
    #expect(try table.numeric("Wind Speed (m/s)") == [1, 2])
    #expect(try table.text("a,\"b\"") == ["two\nlines\r\nand, commas", "say \"hi\""])
    // The second row begins on line 5: the quoted field spans three lines.
    #expect(throws: TableError.notANumber(file: "d.csv", line: 5, column: "n", found: "x")) { try table.numeric("n") }
  }

  @Test func namelessColumnsAreAllowed() throws {
    let table = try table(",x,\n1,2,3\n")
    #expect(table.columnNames == ["x"])
    #expect(try table.numeric("x") == [2])
  }

  @Test(arguments: [
    ("", TableError.empty(file: "d.csv"), 65), (" \n\r\n", .empty(file: "d.csv"), 65),
    ("\u{FEFF}", .empty(file: "d.csv"), 65),
    ("a,b\n", .headerOnly(file: "d.csv"), 65), ("a,b\n\n\n", .headerOnly(file: "d.csv"), 65),
    ("a,b,a\n1,2,3\n", .duplicateHeader(file: "d.csv", name: "a", first: 1, second: 3), 65),
    ("a,b\n1,2\n3\n", .raggedRow(file: "d.csv", line: 3, found: 1, expected: 2), 65),
    ("a,b\n\n1,2,\n", .raggedRow(file: "d.csv", line: 3, found: 3, expected: 2), 65),
    ("a,b\n1,\"2\n", .unclosedQuote(file: "d.csv", line: 2), 65),
    ("a,b\n\"1\"x,2\n", .textAfterQuote(file: "d.csv", line: 2, found: "x"), 65),
    ("1,2\n3,4\n", .noHeader(file: "d.csv", found: "1, 2"), 65),
    (
      "a;b\n1;2\n",
      .wrongFormat(
        file: "d.csv", found: "the header is separated by semicolons",
        advice: "columns must be separated by commas, with a point in decimal numbers"), 65
    ),
    (
      "a\tb\n1\t2\n",
      .wrongFormat(
        file: "d.csv", found: "the header is separated by tabs",
        advice: "columns must be separated by commas, with a point in decimal numbers"), 65
    ),
    (
      "a,b\n1,\0\n",
      .wrongFormat(file: "d.csv", found: "the file holds binary data", advice: "a text file in UTF-8 is needed"), 65
    ),
  ])
  func badFilesAreNamed(_ text: String, _ expected: TableError, _ code: Int32) {
    let error = #expect(throws: TableError.self) { try table(text) }
    #expect(error == expected)
    #expect(error?.exitCode.rawValue == code)
    #expect(error?.description.hasPrefix("d.csv") == true && error?.description.hasSuffix(".") == true)
  }

  @Test func headersOfAnotherEncodingAreRecognised() {
    let latin: [UInt8] = Array("a,gr".utf8) + [0xF6, 0xDF] + Array("e\n1,2\n".utf8)
    #expect(
      throws: TableError.wrongFormat(file: "d.csv", found: "the header is not UTF-8", advice: "save the file as UTF-8")
    ) {
      try Table(bytes: latin, file: "d.csv")
    }
  }

  @Test func compressedAndWideTextIsRecognised() {
    for start in [[0x1F, 0x8B, 8, 0], [0xFF, 0xFE, 97, 0], [0x50, 0x4B, 3, 4]] as [[UInt8]] {
      let error = #expect(throws: TableError.self) { try Table(bytes: start + Array("a,b\n1,2\n".utf8), file: "d.csv") }
      guard case .wrongFormat = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test(arguments: [
    ("", "the cell is empty"), ("  ", "the cell is empty"), ("NA", "found \"NA\""),
    ("abc", "found \"abc\" where a number"),
    ("nan", "where a finite number"), ("-inf", "where a finite number"), ("Infinity", "where a finite number"),
    ("1e999", "where a finite number"), ("1.2.3", "where a number such"), ("1e", "where a number such"),
    ("0x10", "where a number such"),
    ("1_000", "where a number such"), ("12 %", "where a number such"), ("--1", "where a number such"),
    ("\"1,5\"", "found \"1,5\""),
    ("é", "found \"é\""),
  ])
  func badCellsAreNamed(_ cell: String, _ words: String) throws {
    let table = try table("x,y\n1,2\n\(cell),4\n")
    let error = #expect(throws: TableError.self) { try table.numeric("x") }
    #expect(error?.exitCode == .data)
    #expect(error?.description.hasPrefix("d.csv, line 3, column \"x\": ") == true)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(try table.numeric("y") == [2, 4], "a bad cell in another column is no error")
  }

  @Test func unknownColumnsGetSuggestions() throws {
    let table = try table("hour,demand,temperature\n1,2,3\n")
    let error = #expect(throws: TableError.self) { try table.numeric("temprature") }
    #expect(
      error?.description
        == "d.csv: there is no column \"temprature\"; perhaps \"temperature\" is meant; the columns are hour, demand, temperature."
    )
    #expect(error?.exitCode == .usage)
    #expect(throws: TableError.unknownColumn(file: "d.csv", name: "zzz", nearest: [], available: table.columnNames)) {
      try table.numeric("zzz")
    }
    #expect(NearestNames.suggestions(for: "Hour", among: table.columnNames) == ["hour"])
    #expect(NearestNames.suggestions(for: "temp", among: table.columnNames) == ["temperature"])
    #expect(NearestNames.editDistance(Array("abcd"), Array("acbd")) == 1)
    #expect(NearestNames.editDistance(Array("kitten"), Array("sitting")) == 3)
  }

  @Test func filesThatCannotBeRead() throws {
    let directory = try TemporaryDirectory()
    #expect(throws: TableError.missing(file: directory.file("no.csv"))) { try Table(path: directory.file("no.csv")) }
    #expect(throws: TableError.isDirectory(file: directory.path)) { try Table(path: directory.path) }
    #expect(
      TableError.missing(file: "f").exitCode == .noInput && TableError.isDirectory(file: "f").exitCode == .noInput)
    try "a,b\n1,2\n".write(toFile: directory.file("d.csv"), atomically: true, encoding: .utf8)
    #expect(throws: TableError.missing(file: directory.file("d.csv/x"))) { try Table(path: directory.file("d.csv/x")) }
    #expect(try Table(path: directory.file("d.csv")).numeric("b") == [2])
    // A process' memory at address 0 opens and cannot be read.
    let error = #expect(throws: TableError.self) { try Table(path: "/proc/self/mem") }
    guard case .readFailed = error, error?.exitCode == .inputOutput else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read every file"))
  func filesWithoutPermission() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("secret.csv")
    try "a\n1\n".write(toFile: path, atomically: true, encoding: .utf8)
    chmod(path, 0)
    #expect(throws: TableError.unreadable(file: path, reason: "permission denied")) { try Table(path: path) }
  }

  @Test func fingerprintsAreSHA256() throws {
    // The test vectors of FIPS 180-4.
    #expect(SHA256.hexadecimal(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hexadecimal(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hexadecimal(of: Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      SHA256.hexadecimal(of: [UInt8](repeating: 97, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(try table("a\n1").fingerprint == SHA256.hexadecimal(of: Array("a\n1".utf8)))
  }

  @Test func randomBytesNeverCrash() {
    var generator = SplitMix(state: 11)
    let likely = Array("ab1,2\"\n\r .e-+;\t".utf8)
    var readable = 0
    for round in 0..<20_000 {
      let count = Int.random(in: 0...40, using: &generator)
      let bytes = (0..<count).map { _ in
        round % 3 == 0
          ? UInt8.random(in: 0...255, using: &generator) : likely[Int.random(in: likely.indices, using: &generator)]
      }
      guard let table = try? Table(bytes: bytes, file: "f") else { continue }
      readable += 1
      for name in table.columnNames {
        #expect((try? table.text(name).count) == table.rows)
        if let values = try? table.numeric(name) { #expect(values.allSatisfy { $0.isFinite }) }
      }
    }
    #expect(readable > 200)
  }

  @Test(
    .enabled(if: SharedData.file("data/pdb_load/pdb_train.csv") != nil, "needs the shared power data"))
  func realFiles() throws {
    let train = try #require(SharedData.file("data/pdb_load/pdb_train.csv"))
    let power = try Table(path: train.path)
    #expect(power.rows == 1000)
    #expect(try power.numeric("demand").prefix(2) == [13181, 17336])
    #expect(throws: TableError.textColumn(file: train.path, line: 2, column: "date", found: "3/7/2003")) {
      try power.numeric("date")
    }
    let wind = try Table(path: #require(SharedData.file("data/wind_turbine/wind_train.csv")).path)
    #expect(wind.rows == 500)
    #expect(try wind.numeric("wind_speed_m_s").first == 6.955307007)
  }

  @Test func threeMegabytesAreQuick() throws {
    var text = "a,b,c,d,e\n"
    for row in 0..<60_000 { text += "\(row),\(Double(row) * 0.37),-12.5,1e-3,\(Double(row).squareRoot())\n" }
    let bytes = Array(text.utf8)
    #expect(bytes.count > 2_500_000)
    let clock = ContinuousClock()
    var table: Table?
    let reading = try clock.measure { table = try Table(bytes: bytes, file: "big.csv") }
    let parsing = try clock.measure { for name in ["a", "b", "c", "d", "e"] { _ = try table?.numeric(name) } }
    // About 0.06 s alone on an idle machine; the bound leaves room for a busy one and still fails a reader built on String.
    #expect(reading + parsing < .seconds(1))
  }
}
