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
      ("one.csv", table(goodRows(1)), 65, ["one.csv", "1 row"]),
      ("semicolons.csv", table(goodRows(60)).replacingOccurrences(of: ",", with: ";"), 65, ["semicolons", "commas"]),
      ("tabs.csv", table(goodRows(60)).replacingOccurrences(of: ",", with: "\t"), 65, ["tabs", "commas"]),
      ("no-header.csv", goodRows(60).joined(separator: "\n"), 65, ["no-header.csv", "line 1", "header"]),
      ("quote.csv", table(goodRows(3) + ["3,\"1,2,3"] + goodRows(20)), 65, ["quote.csv", "line 5", "quotation"]),
      ("beyond.csv", table(goodRows(60) + ["60,1e400,1,2"]), 65, ["beyond.csv", "line 62", "a", "1e400"]),
      ("huge.csv", table(goodRows(60) + ["60,1,1,1e300"]), 65, ["huge.csv", "y", "1e+300", "units"]),
      ("huge-feature.csv", table(goodRows(60) + ["60,1e200,1,1"]), 65, ["huge-feature.csv", "a", "1e+200", "units"]),
      ("missing.csv", table(goodRows(60) + ["60,NA,1,1"]), 65, ["missing.csv", "line 62", "\"a\"", "NA"]),
    ]
    for bad in cases {
      let file = try program.write(bad.text, to: bad.name)
      let outcome = try program.run(
        "--data", file, "--target", "y", "--expert", "a", "--gate", "b", "--experts", "2", "--iterations", "2", "--out",
        "run")
      expectFailure(outcome, status: bad.status, mentions: bad.words)
      #expect(!program.exists("run"), "\(bad.name) leaves nothing behind")
    }
  }

  @Test func textOfAnotherEncoding() throws {
    let program = try Program()
    defer { program.remove() }
    let text = table(goodRows(60), header: "row,größe,b,y")
    let latin = program.directory.appendingPathComponent("latin.csv")
    try #require(text.data(using: .isoLatin1)).write(to: latin)
    let utf16 = program.directory.appendingPathComponent("utf16.csv")
    try #require(text.data(using: .utf16)).write(to: utf16)
    for (file, word) in [("latin.csv", "UTF-8"), ("utf16.csv", "UTF-16")] {
      expectFailure(
        try program.run("--data", file, "--target", "y", "--expert", "b"), status: 65, mentions: [file, word])
    }
  }

  @Test func heldOutRows() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(table(goodRows(60)), to: "good.csv")
    try program.write("row,a,y\n1,2,3\n", to: "narrow.csv")
    try program.write(table(["1,2,3,4", "2,3,x,4"]), to: "text.csv")
    try program.write(table(["1,2,3,4", "2,-9,1,4"]), to: "negative.csv")
    try program.write("row,a,b,y\n", to: "none.csv")
    func run(_ options: String...) throws -> Program.Outcome {
      try program.run(
        ["--data", "good.csv", "--target", "y", "--expert", "log(a+2)", "--gate", "b", "--out", "run"] + options)
    }
    expectFailure(try run("--test-data", "narrow.csv"), status: 64, mentions: ["narrow.csv", "\"b\""])
    expectFailure(try run("--test-data", "text.csv"), status: 65, mentions: ["text.csv", "line 3", "\"b\"", "x"])
    expectFailure(
      try run("--test-data", "negative.csv"), status: 65, mentions: ["negative.csv, line 3", "log(a+2)", "-9"])
    expectFailure(try run("--test-data", "none.csv"), status: 65, mentions: ["none.csv"])
    expectFailure(try run("--test-data", "absent.csv"), status: 66, mentions: ["absent.csv"])
    expectFailure(try run("--test-fraction", "0.999"), status: 64, mentions: ["--test-fraction 0.999", "0 of 60 rows"])
    expectFailure(try run("--test-fraction", "0.9"), status: 65, mentions: ["6 rows"])
    expectFailure(try run("--select", "holdout"), status: 64, mentions: ["--select holdout", "--test-fraction"])
    expectFailure(try run("--folds", "31"), status: 64, mentions: ["--folds 31", "60 rows"])
    #expect(!program.exists("run"))
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
    for (terms, words) in [
      ("fourier(a,0,2)", ["fourier(a,0,2)", "period"]), ("poly(a,0)", ["degree"]), ("a,a", ["a", "twice"]),
      ("a b", ["a b"]), ("y", ["y", "target"]), ("a,log(y+3)", ["log(y+3)", "target"]), ("nosuch(a)", ["nosuch"]),
    ] {
      let outcome = try run("--data", file, "--target", "y", "--expert", terms, "--gate", "b", "--out", "run")
      expectFailure(outcome, status: terms == "a,a" ? 65 : 64, mentions: words)
    }
    expectFailure(
      try run("--problem", "motorcycle", "--experts", "2"), status: 64, mentions: ["3 experts", "--default-priors"])
    #expect(!program.exists("run"))
    expectFailure(try run("--problem", "weather"), status: 64, mentions: ["weather", "power", "motorcycle"])
  }

  @Test(arguments: [
    (["--prior", "slopes=cauchy(0,1)"], ["--prior", "cauchy"]),
    (["--prior", "slopes=normal(0,-1)"], ["--prior", "-1"]),
    (["--experts", "9223372036854775807"], ["--experts"]),
    (["--draws", "9223372036854775807"], ["--draws"]), (["--draws", "6"], ["--draws", "paper", "pooled-newton"]),
    (["--gamma", "-1"], ["gamma", "-1"]), (["--gamma", "nan"], ["gamma"]), (["--gamma", "much"], ["gamma", "much"]),
    (["--experts", "0"], ["experts", "0"]), (["--iterations", "0"], ["iterations", "0"]),
    (["--chains", "0"], ["chains", "0"]), (["--schedule", "paper", "--step", "0"], ["--step"]),
    (["--model", "tree"], ["tree", "cocoafuse"]),
    (["--order", "size"], ["size", "intercepts"]), (["--threads", "0"], ["threads", "0"]),
    (["--data", "x.csv"], ["--target"]), (["--target", "y"], ["--data"]), (["--gama", "1"], ["--gama"]),
    (["--problem", "power", "--gamma", "1", "--experts", "1"], ["gamma", "expert"]),
    (["--gamma", "inf"], ["--gamma"]), (["--schedule", "soul", "--step", "nan"], ["--step"]),
    (["--clip", "0"], ["--clip"]),
    (["--warmup", "3"], ["--warmup", "20"]), (["--draws", "0"], ["--draws"]),
    (["--final-draws", "0"], ["--final-draws"]),
    (["--target-acceptance", "1"], ["--target-acceptance"]), (["--max-depth", "99"], ["--max-depth"]),
    (["--seed", "-1"], ["--seed"]), (["--seed", "1.5"], ["--seed"]),
    (["--threads", "99999999999999999999"], ["--threads"]),
    (["--metric", "round"], ["round", "diagonal"]), (["--schedule", "adam"], ["adam", "did you mean paper-adam"]),
    (["--tune", "some"], ["some", "blocks"]), (["--hyperprior", "flat"], ["flat", "half-cauchy"]),
    (["--optimizer", "adam"], ["--optimizer"]), (["--fresh-chains"], ["--fresh-chains"]),
    (["--step", "0.5"], ["--step", "gradient", "paper", "pooled-newton"]),
    (["--schedule", "mcem", "--clip", "2"], ["--clip", "mcem"]),
    (["--schedule", "newton", "--plain-gradient"], ["--plain-gradient", "newton"]),
    (["--schedule", "mcem", "--gamma", "0.1"], ["mcem", "entropy", "gamma"]),
    (["--schedule", "saem", "--gamma", "0,0.1"], ["saem", "entropy", "gamma"]),
    (["--tolerance", "0"], ["--tolerance", "0"]), (["--tolerance", "nan"], ["--tolerance"]),
    (["--tolerance", "-1"], ["--tolerance", "-1"]), (["--select", "best"], ["best", "evidence"]),
    (["--folds", "1"], ["--folds", "1"]), (["--folds", "-2"], ["--folds", "-2"]),
    (["--problem", "motorcycle", "--folds", "5"], ["--folds", "held-out"]),
    (["--gamma", "0,"], ["gamma"]), (["--gamma", "0,much"], ["gamma", "much"]),
    (["--gamma", "1,-1"], ["gamma", "-1"]),
    (["--gamma", "0.1,0,0.10"], ["--gamma", "0.1", "twice"]), (["--gamma", ""], ["gamma"]),
    (["--gamma", "0,0.1", "--experts", "1", "--default-priors"], ["gamma", "expert"]),
    (["--gamma"], ["--gamma"]), (["extra"], ["extra"]), (["tune", "extra"], ["extra"]),
    (["--data", "x.csv", "--problem", "power"], ["--problem", "--data"]),
    (["--data", "x.csv", "--target", "y"], ["--expert", "--gate"]), (["--test-data", "x.csv"], ["--data"]),
    (["--raw-scale"], ["--data"]),
    (
      ["--test-data", "x.csv", "--test-fraction", "0.1", "--data", "x.csv", "--target", "y", "--gate", "b"],
      ["not both"]
    ),
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
    expectFailure(try program.run("--iterations", "2", "--out", ""), status: 73, mentions: ["empty"])
    expectFailure(try program.run("--iterations", "2", "--out", "/proc/run"), status: 73, mentions: ["/proc/run"])
  }
}
