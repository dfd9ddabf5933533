import Foundation
import Testing

/// The manual page, completions, progress for programs, and mistyped names.
@Suite struct ManualTests {
  private struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      let shouldDisplay: Bool
      let names: [Name]?
    }
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?

    var options: [String] {
      (arguments ?? []).filter(\.shouldDisplay).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map {
        "--\($0.name)"
      }
    }
  }

  private struct Tool: Decodable {
    let command: Command
  }

  /// Every subcommand has a section, and every option of it an entry there.
  @Test func theManualIsComplete() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run("manual")
    #expect(outcome.status == 0 && outcome.error.isEmpty && outcome.output.hasPrefix(".TH "))
    let sections = outcome.output.components(separatedBy: ".SH ").map { $0.replacing("\\-", with: "-") }
    let tool = try JSONDecoder().decode(Tool.self, from: Data(try program.run("--experimental-dump-help").output.utf8))
    let commands = (tool.command.subcommands ?? []).filter { $0.commandName != "help" }
    #expect(commands.count >= 13)
    for command in commands {
      let section = try #require(sections.first { $0.hasPrefix("\"EB-TUNE \(command.commandName.uppercased())\"") })
      for option in command.options {
        #expect(
          section.contains("\(option)\\fR") || section.contains("\(option), "), "\(command.commandName) \(option)")
      }
    }
    let wrong = outcome.output.split(separator: "\n").filter {
      $0.hasPrefix(".") && $0.prefixMatch(of: /\.(TH|SH|SS|PP|TP|nf|fi|RS|RE)\b/) == nil || $0.hasPrefix("'")
    }
    #expect(wrong.isEmpty, "text that the formatter takes for a request: \(wrong)")
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completions(shell: String) throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run("completions", shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    for word in ["benchmark", "compare", "experts", "pooled-newton"] {
      #expect(outcome.output.contains(word), "\(word)")
    }
  }

  private struct Event: Decodable {
    let event: String
    let seconds: Double
    let stage: String?
    let iteration: Int?
    let divergences: Int?
    let name: String?
    let done: Int?
    let total: Int?
  }

  private func events(_ outcome: Program.Outcome) throws -> [Event] {
    try outcome.error.split(separator: "\n").map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
  }

  @Test(.timeLimit(.minutes(30))) func progressForPrograms() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.run(["--problem", "switch", "--progress", "json", "--out", "run"] + short)
    let told = try events(run)
    #expect(told.filter { $0.event == "iteration" }.map(\.iteration) == [0, 1] && told.last?.event == "end")
    #expect(told.filter { $0.event == "iteration" }.allSatisfy { $0.stage == "tuning" && $0.divergences != nil })
    #expect(zip(told, told.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
    let select = try program.run(
      "select", "--problem", "switch", "--experts", "1", "--warmup", "30", "--final-draws", "20", "--chains", "2",
      "--progress", "json")
    let pieces = try events(select).filter { $0.event == "piece" }
    #expect(
      !pieces.isEmpty && pieces.map(\.done) == Array(1...pieces.count)
        && pieces.allSatisfy { $0.stage == "trial" && $0.name != nil })
    #expect(pieces.allSatisfy { $0.total == pieces.count })
    let plain = try program.run(["--problem", "switch", "--progress", "plain"] + short).error
    #expect(
      plain.contains("iteration 1  surrogate ") && plain.contains("Objective over 2 iterations")
        && !plain.contains("\u{1B}"))
    #expect(try program.run(["--problem", "switch", "--progress", "none"] + short).error.isEmpty)
    expectFailure(
      try program.run("-q", "--progress", "json"), status: 64, mentions: ["--quiet or --progress json"])
  }

  @Test(arguments: [
    (["tun"], "did you mean tune?"), (["--gama", "1"], "Did you mean '--gamma'?"),
    (["--problem", "motorcyle"], "did you mean motorcycle?"), (["--model", "cocoafus"], "did you mean cocoafuse?"),
    (["--schedule", "pooled-newtn"], "did you mean pooled-newton?"),
    (["--metric", "lowrank"], "did you mean lowRank?"),
    (["--schedule", "zzzzzzzz"], "allowed is paper, paper-adam"), (["--tune", "block"], "did you mean blocks?"),
    (["--prior", "slopes=nomal(0,1)"], "did you mean normal"), (["experiment", "wnd"], "did you mean wind?"),
    (["plot", "run", "--figure", "objectiv", "--out", "x.svg"], "did you mean objective?"),
    (["benchmark", "--schedules", "papr"], "did you mean paper?"), (["completions", "bsh"], "did you mean bash"),
    (["--problem", "motorcycle", "--expert", "tims", "--gate", "time"], "perhaps time is meant"),
    (["--problem", "motorcycle", "--expert", "fourir(time,24,2)", "--gate", "time"], "perhaps fourier is meant"),
  ])
  func mistypedNames(arguments: [String], hint: String) throws {
    let program = try Program()
    defer { program.remove() }
    expectFailure(try program.run(arguments), status: 64, mentions: [hint])
  }
}
