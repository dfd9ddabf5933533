import Foundation
import Testing

/// Everything that a user can get wrong ends with one sentence that says what, where and what is allowed.
@Suite struct BadInputTests {
  /// A CSV file of `rows` good rows: a seasonal target with a little deterministic noise.
  private func goodRows(_ rows: Int) -> [String] {
    (0..<rows).map { row in
      let x = Double(row) / 7
      return "\(row),\(sin(x)),\(cos(2.3 * x)),\(sin(x) + 0.1 * sin(37.1 * x))"
    }
  }

  private func table(_ rows: [String], header: String = "row,a,b,y") -> String {
    ([header] + rows).joined(separator: "\n") + "\n"
  }

  private func expectFailure(
    _ outcome: Program.Outcome, status: Int32, mentions words: [String], location: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == status, "\(outcome.error)", sourceLocation: location)
    #expect(outcome.output.isEmpty, sourceLocation: location)
    let lines = outcome.error.split(separator: "\n")
    #expect(lines.count == 1, "one line, found: \(outcome.error)", sourceLocation: location)
    #expect(outcome.error.hasPrefix("eb-tune: "), sourceLocation: location)
    for word in words {
      #expect(outcome.error.contains(word), "'\(word)' in: \(outcome.error)", sourceLocation: location)
    }
  }

  /// Each bad file with what the sentence must mention.
  @Test func badFiles() throws {
    let program = try Program()
    defer { program.remove() }
    var nan = goodRows(60)
    nan[2] = "2,nan,1,2"
    var infinite = goodRows(60)
    infinite[4] = "4,1,inf,2"
    var text = goodRows(60)
    text[7] = "7,1,hello,2"
    var ragged = goodRows(60)
    ragged[9] = "9,1,2"
    var empty = goodRows(60)
    empty[3] = "3,,1,2"
    let constant = goodRows(60).map { row in
      let cells = row.split(separator: ",")
      return "\(cells[0]),5,\(cells[2]),\(cells[3])"
    }
    let flat = goodRows(60).map { row in row.split(separator: ",").dropLast().joined(separator: ",") + ",3" }
    let cases: [(name: String, text: String, status: Int32, words: [String])] = [
      ("nan.csv", table(nan), 65, ["nan.csv", "line 4", "a", "nan"]),
      ("infinite.csv", table(infinite), 65, ["infinite.csv", "line 6", "b", "inf"]),
      ("text.csv", table(text), 65, ["text.csv", "line 9", "b", "hello"]),
      ("ragged.csv", table(ragged), 65, ["ragged.csv", "line 11"]),
      ("empty-cell.csv", table(empty), 65, ["empty-cell.csv", "line 5", "a"]),
      ("duplicate.csv", table(goodRows(60), header: "row,a,a,y"), 65, ["duplicate.csv", "a"]),
      ("empty.csv", "", 65, ["empty.csv"]),
      ("header-only.csv", "row,a,b,y\n", 65, ["header-only.csv"]),
      ("constant.csv", table(constant), 65, ["constant.csv", "Feature a", "vary"]),
      ("flat.csv", table(flat), 65, ["flat.csv", "target y", "vary"]),
      ("few.csv", table(goodRows(5)), 65, ["5 rows"]),
      ("two.csv", table(goodRows(2)), 65, ["2 rows"]),
    ]
    for bad in cases {
      let file = try program.write(bad.text, to: bad.name)
      let outcome = try program.run(
        "--data", file, "--target", "y", "--expert", "a", "--gate", "b", "--experts", "2", "--iterations", "2", "--out",
        "run")
      expectFailure(outcome, status: bad.status, mentions: bad.words)
      #expect(!program.exists("run/priors.json"))
    }
  }

  @Test func unknownNames() throws {
    let program = try Program()
    defer { program.remove() }
    let file = try program.write(table(goodRows(60)), to: "good.csv")
    func run(_ arguments: String...) throws -> Program.Outcome { try program.run(["--iterations", "2"] + arguments) }
    expectFailure(
      try run("--data", "absent.csv", "--target", "y", "--expert", "a"), status: 66, mentions: ["absent.csv"])
    expectFailure(
      try run("--data", program.directory.path, "--target", "y", "--expert", "a"), status: 66, mentions: ["directory"])
    expectFailure(
      try run("--data", file, "--target", "z", "--expert", "a"), status: 64, mentions: ["good.csv", "z", "y"])
    expectFailure(
      try run("--data", file, "--target", "y", "--expert", "a,c", "--gate", "b"), status: 64, mentions: ["c", "a"])
    expectFailure(
      try run("--data", file, "--target", "y", "--expert", "fourier(a,24", "--gate", "b"), status: 64,
      mentions: ["fourier(a,24"])
    expectFailure(try run("--problem", "weather"), status: 64, mentions: ["weather", "power", "motorcycle"])
  }

  @Test(arguments: [
    (["--gamma", "-1"], ["gamma", "-1"]), (["--gamma", "nan"], ["gamma"]), (["--gamma", "much"], ["gamma", "much"]),
    (["--experts", "0"], ["experts", "0"]), (["--iterations", "0"], ["iterations", "0"]),
    (["--chains", "0"], ["chains", "0"]), (["--step", "0"], ["step"]), (["--model", "tree"], ["tree", "cocoafuse"]),
    (["--order", "size"], ["size", "intercepts"]), (["--threads", "0"], ["threads", "0"]),
    (["--data", "x.csv"], ["--target"]), (["--target", "y"], ["--data"]), (["--gama", "1"], ["--gama"]),
    (["--problem", "power", "--gamma", "1", "--experts", "1"], ["gamma", "expert"]),
    (["--test-fraction", "1", "--data", "x.csv", "--target", "y", "--gate", "b"], ["--test-fraction"]),
  ])
  func badOptions(arguments: [String], words: [String]) throws {
    let program = try Program()
    defer { program.remove() }
    expectFailure(try program.run(arguments), status: 64, mentions: words)
  }

  /// The superuser may write into a read-only directory, so the obstacle is a file where a directory must go.
  @Test func unwritableDirectory() throws {
    let program = try Program()
    defer { program.remove() }
    let file = try program.write("not a directory", to: "taken")
    expectFailure(
      try program.run("--iterations", "2", "--out", file), status: 73, mentions: [file])
    expectFailure(
      try program.run("--iterations", "2", "--out", file + "/below"), status: 73, mentions: [file])
  }
}
