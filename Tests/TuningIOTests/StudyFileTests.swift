import Foundation
import Testing

@testable import TuningIO

/// Studies as arguments, and what is refused.
@Suite struct StudyFileTests {
  static let tune = OptionCatalogue([
    .init("problem"), .init("data"), .init("test-data"), .init("test-fraction"), .init("split-seed"),
    .init("test-after"), .init("target"), .init("expert"), .init("gate"), .init("raw-scale", isFlag: true),
    .init("model"), .init("experts"), .init("gamma"), .init("seed"), .init("prior", isRepeating: true),
    .init("fix", isRepeating: true), .init("tie", isRepeating: true), .init("free", isRepeating: true),
    .init("hyperprior", isRepeating: true),
  ])

  private func words(
    _ text: String, path: String = "study.yaml", for command: OptionCatalogue = tune
  ) throws -> [String] {
    try StudyFile(text: text, path: path).arguments(for: command, among: Self.tune).list.words
  }

  /// The sentence that a text is refused with.
  private func refusal(_ text: String) -> String {
    do {
      return "accepted: \(try words(text))"
    } catch { return "\(error)" }
  }

  static let whole = """
    # what the guide shows (one of many, of course)
    data: load.csv
    target: demand
    model: cocoafuse
    experts: 3
    features:
      expert: [fourier(hour, 24,2), temperature]   # a list
      gate: poly(temperature,2)
    split: {fraction: 0.2, seed: 3}
    raw-scale: true
    priors:
      slopes: normal(0,2)
      slope[*,temperature]: {prior: normal(0,1), tuning: fixed, hyperprior: half-cauchy(2)}
      noise: {tuning: tuned}
      sigma[*]: {prior: "log-normal(0,1)", tuning: free}
      gate: {tuning: tied}
    gamma: [0, 0.1]
    fix: [intercepts, behaviour]
    """

  private static let wholeWords = [
    "--data", "sub/load.csv", "--target", "demand", "--model", "cocoafuse", "--experts", "3",
    "--expert", "fourier(hour, 24,2),temperature", "--gate", "poly(temperature,2)", "--test-fraction", "0.2",
    "--split-seed", "3", "--raw-scale", "--prior", "slopes=normal(0,2)", "--prior", "slope[*,temperature]=normal(0,1)",
    "--fix", "slope[*,temperature]", "--hyperprior", "slope[*,temperature]=half-cauchy(2)", "--prior",
    "sigma[*]=log-normal(0,1)", "--free", "sigma[*]", "--tie", "gate", "--gamma", "0,0.1", "--fix", "intercepts",
    "--fix", "behaviour",
  ]

  @Test func everyPartOfAStudy() throws {
    #expect(try words(Self.whole, path: "sub/study.yaml") == Self.wholeWords)
  }

  @Test func windowsLineEndsAndAByteOrderMark() throws {
    let text = "\u{FEFF}" + Self.whole.replacing("\n", with: "\r\n")
    #expect(try words(text, path: "sub/study.yaml") == Self.wholeWords)
  }

  @Test func theSameInJSON() throws {
    let text = """
      {"data": "load.csv", "target": "demand", "model": "cocoafuse", "experts": 3,
       "features": {"expert": ["fourier(hour, 24,2)", "temperature"], "gate": "poly(temperature,2)"},
       "split": {"fraction": 0.2, "seed": 3}, "raw-scale": true,
       "priors": {"slopes": "normal(0,2)",
         "slope[*,temperature]": {"prior": "normal(0,1)", "tuning": "fixed", "hyperprior": "half-cauchy(2)"},
         "noise": {"tuning": "tuned"}, "sigma[*]": {"prior": "log-normal(0,1)", "tuning": "free"},
         "gate": {"tuning": "tied"}},
       "gamma": [0, 0.1], "fix": ["intercepts", "behaviour"]}
      """
    #expect(try words(text, path: "sub/study.json") == Self.wholeWords)
  }

  /// Inside of braces YAML splits at commas; priors and patterns are one text all the same.
  @Test func commasWithinBraces() throws {
    let text = """
      priors: {slopes: normal(0,1), gate: normal(0,1), slope[2,x]: {prior: laplace(0, 2), tuning: fixed}}
      features: {expert: "fourier(`day, local`,24,2)", gate: [log((a+b),2), 'x']}
      """
    #expect(
      try words(text) == [
        "--prior", "slopes=normal(0,1)", "--prior", "gate=normal(0,1)", "--prior", "slope[2,x]=laplace(0, 2)", "--fix",
        "slope[2,x]", "--expert", "fourier(`day, local`,24,2)", "--gate", "log((a+b),2),x",
      ])
  }

  @Test func splits() throws {
    #expect(try words("split: {file: ../t.csv}", path: "a/s.yaml") == ["--test-data", "a/../t.csv"])
    #expect(try words("split: {file: /t.csv}", path: "a/s.yaml") == ["--test-data", "/t.csv"])
    #expect(
      try words("split:\n  column: date\n  after: 2004-06-01") == ["--test-after", "date=2004-06-01"])
  }

  @Test func flagsAndNumbersAsTheyAreWritten() throws {
    #expect(try words("raw-scale: false\ngamma: 1e-1\nseed: 007") == ["--gamma", "1e-1", "--seed", "007"])
    #expect(try words("gamma: -1") == ["--gamma=-1"])
  }

  @Test func otherCommandsTakeLess() throws {
    let small = OptionCatalogue([.init("data"), .init("expert")])
    let arguments = try StudyFile(text: Self.whole, path: "s.yaml").arguments(for: small, among: Self.tune)
    #expect(arguments.list.words == ["--data", "load.csv", "--expert", "fourier(hour, 24,2),temperature"])
    #expect(
      arguments.leftOut == [
        "target", "model", "experts", "features.gate", "split.fraction", "split.seed", "raw-scale", "priors", "gamma",
        "fix",
      ])
  }

  @Test func placesAreKept() throws {
    let list = try StudyFile(text: "data: a\nsplit: {fraction: 2}", path: "s.yaml").arguments(
      for: Self.tune, among: Self.tune
    ).list
    #expect(list.items.last?.place == FilePlace(file: "s.yaml", line: 2, column: 19))
    #expect("\(FilePlace(file: "s.yaml", line: 2, column: 19))" == "s.yaml, line 2, column 19")
  }

  @Test(arguments: [
    ("gama: 1", "study.yaml, line 1, column 1: there is no key \"gama\"; did you mean gamma?"),
    ("feature: {}", "study.yaml, line 1, column 1: there is no key \"feature\"; did you mean features?"),
    ("zzzzzz: 1", "study.yaml, line 1, column 1: there is no key \"zzzzzz\"; allowed is problem, data, "),
    ("features:\n  experts: x", "study.yaml, line 2, column 3: there is no key \"experts\"; did you mean expert?"),
    ("split: {share: 1}", "study.yaml, line 1, column 9: there is no key \"share\""),
    ("priors: {slopes: {tunning: fixed}}", "there is no key \"tunning\"; did you mean tuning?"),
    ("seed: [1, 2]", "study.yaml, line 1, column 7: found a list where one value belongs."),
    ("seed: {a: 1}", "study.yaml, line 1, column 7: found keys with values where one value belongs."),
    ("seed:", "found nothing where one value belongs."), ("seed: null", "found nothing where one value belongs."),
    ("raw-scale: maybe", "study.yaml, line 1, column 12: found \"maybe\" where true or false belongs."),
    ("raw-scale: [true]", "found a list where true or false belongs."),
    ("gamma: [[1], 2]", "study.yaml, line 1, column 9: found a list where one value belongs."),
    ("fix: [{a: b}]", "found keys with values where one value belongs."),
    ("features: x", "study.yaml, line 1, column 11: found \"x\" where the keys expert and gate belongs."),
    ("priors: [slopes]", "found a list where names such as slopes, each with a prior belongs."),
    ("priors: {noise: {tuning: loose}}", "found \"loose\" where tuned, fixed, tied or free belongs."),
    ("priors: {noise: {prior: [a]}}", "found a list where a prior such as normal(0,1) belongs."),
    ("priors: {noise: }", "found nothing where a prior such as normal(0,1), or the keys prior, tuning and hyperprior"),
    ("split: {fraction: 0.1, file: x}", "found both fraction and file where one way to hold rows out belongs."),
    ("split: {seed: 1}", "study.yaml, line 1, column 9: found seed without fraction where both belongs."),
    ("split: {column: date}", "found column without after"), ("split: {after: 3}", "found after without column"),
    ("gamma: 1\nseed: 2\ngamma: 2", "\"gamma\" is given twice."),
    ("gamma: 1\n\"gamma\": 2", "\"gamma\" is given twice."),
    ("priors:\n  noise: a\n  noise: b", "\"noise\" is given twice."),
    ("", "study.yaml: the file is empty; keys such as data, target and features are needed."),
    ("# nothing\n", "the file is empty"), ("- a", "found a list where keys such as data, target and features belongs."),
    ("just text", "found \"just text\" where keys such as data, target and features belongs."),
    ("gamma: [1, 2", "study.yaml, line 2, column 1: this is neither YAML nor JSON: "),
    ("gamma: 1\n\tseed: 2", "study.yaml, line 2, column 1: this is neither YAML nor JSON: "),
    ("a: b: c", "study.yaml, line 1, column 5: this is neither YAML nor JSON: "),
    ("expert: `wind`", "study.yaml, line 1, column 9: this is neither YAML nor JSON: "),
    ("gamma: 1\n---\ngamma: 2", "another document"), ("gamma: \u{1}", "this is neither YAML nor JSON"),
    ("a: &x 1\nb: *x", "study.yaml, line 1, column 4: found \"&x\"; a study has no anchors"),
    ("fix: [*noise]", "study.yaml, line 1, column 7: found \"*noise\"; a study has no anchors, aliases or tags"),
    ("gamma: !!float 1", "found \"!!float\""), ("? [a]\n: b", "where the name of a key belongs."),
    ("? {a: b}\n: b", "where the name of a key belongs."),
  ])
  func refuses(text: String, sentence: String) {
    let found = refusal(text)
    #expect(found.contains(sentence), "found: \(found)")
    #expect(!found.contains("\n") && found.hasSuffix(".") || found.hasSuffix("?"))
  }

  /// Neither nesting nor references nor size can keep the program busy or break its stack.
  @Test(.timeLimit(.minutes(30)))
  func bombs() throws {
    let levels = 100_000
    let laughs = (1..<30).map { level in
      "l\(level): &l\(level) [\([String](repeating: "*l\(level - 1)", count: 9).joined(separator: ","))]"
    }
    for text in [
      String(repeating: "[", count: levels), String(repeating: "{a: ", count: levels),
      "gamma: " + String(repeating: "- ", count: levels) + "x", String(repeating: "? ", count: levels),
      (0..<700).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
      "gamma: [[[[[[[[[[[[1]]]]]]]]]]]]", "gamma: \(String(repeating: "(", count: levels))",
      (["l0: &l0 x"] + laughs).joined(separator: "\n"),
      "gamma: [\((0..<levels).map { "a\($0)" }.joined(separator: ","))]" + "\nseed: [1]",
    ] {
      let found = refusal(text)
      #expect(!found.hasPrefix("accepted") || text.contains("(("), "\(found.prefix(200))")
    }
    #expect(refusal("gamma: [[[[[[[[[[[[1]]]]]]]]]]]]").contains("more than 8 levels"))
    #expect(refusal(String(repeating: "[", count: levels)).contains("more than 8 levels"))
  }

  @Test func unreadableFiles() throws {
    let directory = try TemporaryDirectory()
    func refusal(_ path: String) -> StudyFileError? {
      do {
        _ = try StudyFile(path: path)
        return nil
      } catch { return error }
    }
    let absent = directory.file("absent.yaml")
    #expect(refusal(absent)?.description == "\(absent): there is no such file.")
    #expect(refusal(absent)?.exitCode == .noInput)
    #expect(
      refusal(directory.path)?.description
        == "\(directory.path): this is a directory; a study file in YAML or JSON is needed.")
    try Data([0xff, 0xfe, 0x00]).write(to: URL(fileURLWithPath: directory.file("bytes")))
    #expect(refusal(directory.file("bytes"))?.description.contains("it is not UTF-8") == true)
    try Data(repeating: UInt8(ascii: "#"), count: 2 << 20).write(to: URL(fileURLWithPath: directory.file("large")))
    #expect(refusal(directory.file("large"))?.description.hasSuffix("more than 1 MiB; a study is a page.") == true)
    #expect(refusal("/dev/zero")?.exitCode == .noInput)
  }
}
