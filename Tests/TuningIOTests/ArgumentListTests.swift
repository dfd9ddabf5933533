import Testing

@testable import TuningIO

/// Command lines as values.
@Suite struct ArgumentListTests {
  static let catalogue = OptionCatalogue([
    .init("data"), .init("problem"), .init("gamma", takesDashes: true), .init("prior", isRepeating: true),
    .init("quiet", short: "q", isFlag: true), .init("raw-scale", isFlag: true), .init("out"),
  ])

  private func list(_ words: String...) -> ArgumentList { ArgumentList(parsing: words, Self.catalogue) }

  @Test func readsEveryForm() {
    let all = list(
      "--gamma", "-1", "--gamma=0.5", "-q", "--prior", "a=normal(0,1)", "--prior=b=c", "extra", "--wrong", "-x")
    #expect(all.values(of: "gamma") == ["-1", "0.5"])
    #expect(all.contains("quiet") && !all.contains("raw-scale"))
    #expect(all.values(of: "prior") == ["a=normal(0,1)", "b=c"])
    #expect(
      all.words == [
        "--gamma=-1", "--gamma", "0.5", "--quiet", "--prior", "a=normal(0,1)", "--prior", "b=c", "extra", "--wrong",
        "-x",
      ])
  }

  /// What is wrong stays wrong, for the parser to say so.
  @Test(arguments: [
    ["--out", "--quiet"], ["--out"], ["--quiet=yes"], ["--", "--gamma", "1"], ["--gamma"], ["--no-such", "x"], ["-"],
  ])
  func leavesMistakesAlone(words: [String]) {
    #expect(ArgumentList(parsing: words, Self.catalogue).words == words)
  }

  @Test func laterOptionsWin() {
    let file = list("--data", "a.csv", "--gamma", "0.1", "--prior", "a=x", "--raw-scale")
    let typed = list("--gamma", "1", "--prior", "b=y")
    #expect(
      file.overridden(by: typed, Self.catalogue).words == [
        "--data", "a.csv", "--prior", "a=x", "--raw-scale", "--gamma", "1", "--prior", "b=y",
      ])
  }

  @Test func whatCannotStandBesideEachOtherGoes() {
    let file = list("--data", "a.csv", "--gamma", "0.1")
    let merged = file.overridden(by: list("--problem", "power"), Self.catalogue) { name, before, after in
      #expect(name == "problem" && before == nil && after == "power")
      return ["data"]
    }
    #expect(merged.words == ["--gamma", "0.1", "--problem", "power"])
    // What was typed is never dropped: the parser refuses it.
    let both = list().overridden(by: list("--data", "b", "--problem", "c"), Self.catalogue) { _, _, _ in ["data"] }
    #expect(both.words == ["--data", "b", "--problem", "c"])
  }

  @Test(arguments: [
    ("x.csv", "", "x.csv"), ("x.csv", ".", "x.csv"), ("x.csv", "studies", "studies/x.csv"), ("/x.csv", "a", "/x.csv"),
    ("../x.csv", "a/b", "a/b/../x.csv"), ("./x.csv", "/a", "/a/x.csv"), ("x.csv", "/", "/x.csv"), ("", "a", ""),
  ])
  func paths(path: String, directory: String, expected: String) {
    #expect(RelativePath.resolved(path, in: directory) == expected)
  }

  @Test func directories() {
    #expect(RelativePath.directory(of: "a/b.yaml") == "a")
    #expect(RelativePath.directory(of: "b.yaml") == "")
    #expect(RelativePath.directory(of: "/b.yaml") == "/")
  }
}
