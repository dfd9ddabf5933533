import Foundation
import Testing

/// The README and the guides say what is true of the program.
@Suite struct DocumentationTests {
  /// docc, where the toolchain has it: on the path, or beside the compiler that the path points to.
  private static let docc: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let compilers = folders.map { URL(fileURLWithPath: $0).appendingPathComponent("swift").resolvingSymlinksInPath() }
    let candidates = folders.map { "\($0)/docc" } + compilers.map { $0.deletingLastPathComponent().path + "/docc" }
    return candidates.first(where: FileManager.default.isExecutableFile)
  }()

  @Test(.enabled(if: docc != nil, "there is no docc beside swift")) func theGuidesBuildWithoutWarnings() throws {
    let program = try Program()
    defer { program.remove() }
    let log = program.directory.appendingPathComponent("log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    let handle = try FileHandle(forWritingTo: log)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [DocumentationPage.root.appendingPathComponent("Docs/check.sh").path, "\(log.path)-pages"]
    process.environment = ProcessInfo.processInfo.environment.merging(["DOCC": Self.docc ?? ""]) { $1 }
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    let said = try program.read("log").trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(process.terminationStatus == 0 && said.isEmpty, "\(said)")
    for guide in DocumentationPage.guides {
      let name = guide.path.dropFirst("Docs/EBTune.docc/".count).dropLast(3).lowercased()
      #expect(
        program.exists("log-pages/data/documentation/\(name == "ebtune" ? name : "ebtune/\(name)").json"), "\(name)")
    }
  }

  @Test(arguments: DocumentationPage.all) func linksLeadSomewhere(page: DocumentationPage) throws {
    let folder = DocumentationPage.root.appendingPathComponent(page.path).deletingLastPathComponent()
    for link in page.links where !link.contains("://") && !link.hasPrefix("#") {
      let file = link.split(separator: "#").first.map(String.init) ?? ""
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path), "\(link)")
    }
  }

  private struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        let name: String
      }
      let names: [Name]?
    }
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?

    var options: Set<String> {
      Set((arguments ?? []).flatMap { $0.names ?? [] }.map { $0.name.count == 1 ? "-\($0.name)" : "--\($0.name)" })
    }
  }

  private struct Tool: Decodable {
    let command: Command
  }

  /// The options of every command by its name.
  private func options(_ program: Program) throws -> [String: Set<String>] {
    let tool = try JSONDecoder().decode(Tool.self, from: Data(try program.run("--experimental-dump-help").output.utf8))
    return Dictionary(uniqueKeysWithValues: (tool.command.subcommands ?? []).map { ($0.commandName, $0.options) })
  }

  /// Every option of tune is in the manual or a guide, and the pages name none that there is not.
  @Test func optionsAreKnown() throws {
    let program = try Program()
    defer { program.remove() }
    let known = try options(program)
    let pages = DocumentationPage.all.map { $0.prose + $0.fences.flatMap(\.lines).joined(separator: "\n") }
    let manual = try program.run("manual").output.replacing("\\-", with: "-")
    for option in try #require(known["tune"]) where option.hasPrefix("--") {
      #expect((pages + [manual]).contains { $0.contains(option) }, "\(option)")
    }
    let all = known.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    for page in DocumentationPage.all {
      for span in page.spans {
        guard let option = span.prefixMatch(of: /--[a-z][a-z-]*/).map({ String($0.0) }) else { continue }
        // The engine of containers has these.
        let isForeign = ["--user", "--userns"].contains(option)
        #expect(isForeign || all.contains(option), "\(page.path): \(span)")
      }
      for command in page.commands {
        let own = known[command.first ?? ""].map { $0.union(["--version"]) } ?? known["tune"] ?? []
        for word in command where word.prefixMatch(of: /--?[a-z]/) != nil {
          let option = word.split(separator: "=").first.map(String.init) ?? word
          #expect(own.contains(option), "\(page.path): \(command.joined(separator: " "))")
        }
      }
    }
  }

  /// The rows of the guides, and two short runs of them that commands can work on.
  private func prepared() throws -> Program {
    let program = try Program()
    try program.makeFolder("Docs")
    for file in ["load.csv", "load.yaml", "falling.csv", "falling-new.csv"] {
      let text = try String(
        contentsOf: DocumentationPage.root.appendingPathComponent("Docs/\(file)"), encoding: .utf8)
      try program.write(text, to: "Docs/\(file)")
    }
    return program
  }

  /// A command that does not draw for minutes: what would is only set up, or told to write where nothing can be.
  private func harmless(_ command: [String]) -> [String] {
    switch command.first {
    case "select", "experiment", "benchmark", "mix": command + ["--out", "/dev/null/none"]
    case "priors", "resume", "report", "plot", "export", "notebook", "evidence", "list", "compare", "completions",
      "manual", "help":
      command
    default: command + ["--dry-run"]
    }
  }

  /// Every command is understood. Some name files that only a user has (66), or end where nothing can be written (73).
  @Test(.timeLimit(.minutes(30)), arguments: DocumentationPage.all) func commandsAreUnderstood(page: DocumentationPage)
    throws
  {
    let program = try prepared()
    defer { program.remove() }
    for (model, name) in [("cocoafuse", "runs/load"), ("moe", "runs/load-moe")] where page.path.hasPrefix("Docs/EBTune")
    {
      let run = try program.run(
        [
          "--data", "Docs/load.csv", "--target", "load", "--expert", "fourier(hour,24,1),factor(day),temperature",
          "--gate", "temperature", "--test-fraction", "0.2", "--model", model, "--out", name, "--quiet",
        ] + short)
      try #require(run.status == 0, "\(run.error)")
    }
    for command in page.commands {
      let outcome = try program.run(harmless(command))
      #expect([0, 66, 73].contains(outcome.status), "eb-tune \(command.joined(separator: " ")): \(outcome.error)")
    }
  }

  /// What a dry run and the table of priors print depends on no random number, so the guides must have it word for word.
  @Test func outputsAreThoseOfTheCommands() throws {
    let program = try prepared()
    defer { program.remove() }
    var compared = 0
    for page in DocumentationPage.guides {
      for (block, output) in zip(page.fences, page.fences.dropFirst()) {
        let commands = DocumentationPage.commands(in: block.lines)
        guard block.language == "sh", output.language == "text", let command = commands.first, commands.count == 1,
          command.first == "priors" || command.contains("--dry-run")
        else { continue }
        var printed = try program.run(command).output.split(separator: "\n").map(String.init)[...]
        for line in output.lines where line != "…" {
          let place = printed.firstIndex {
            $0.trimmingCharacters(in: .whitespaces) == line.trimmingCharacters(in: .whitespaces)
          }
          #expect(place != nil, "\(page.path): \(line)")
          if let place { printed = printed[(place + 1)...] }
        }
        compared += 1
      }
    }
    #expect(compared == 2)
  }

  /// The tests that have the Swift code of a guide.
  private static let sources = [
    "LibraryUse": ["EmpiricalBayesTests/CountModel.swift", "EmpiricalBayesTests/LibraryGuideTests.swift"],
    "MixingSamba": ["ModelMixingTests/Guides/SambaGuideTests.swift"],
    "AddingToMixing": [
      "ModelMixingTests/Guides/FallingBall.swift", "ModelMixingTests/Guides/BinnedMixing.swift",
      "ModelMixingTests/Guides/MixingGuideTests.swift",
    ],
  ]

  /// The Swift code of the guides is that of tests, but for how far it is indented.
  @Test(arguments: ["LibraryUse", "MixingSamba", "AddingToMixing"]) func codeIsTested(guide: String) throws {
    func trimmed(_ lines: some Sequence<String>) -> String {
      lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }
    let sources = try #require(Self.sources[guide]).map { name in
      trimmed(
        try String(contentsOf: DocumentationPage.root.appendingPathComponent("Tests/\(name)"), encoding: .utf8)
          .components(separatedBy: "\n"))
    }
    let blocks = try DocumentationPage("Docs/EBTune.docc/\(guide).md").fences.filter { $0.language == "swift" }
    #expect(blocks.count >= 4)
    for block in blocks {
      // Parts of a block that stand apart in the source are apart by an empty line here.
      for part in block.lines.split(separator: "") {
        #expect(sources.contains { $0.contains(trimmed(part)) }, "\(part.joined(separator: "\n"))")
      }
    }
  }
}
