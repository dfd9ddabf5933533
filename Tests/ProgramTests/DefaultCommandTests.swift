import Foundation
import Testing

/// The main job as a user types it, with a short horizon, and everything that it leaves.
@Suite struct DefaultCommandTests {
  @Test func everyFileIsThereAndWellFormed() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(["--gamma", "0.1"] + short + ["--out", "deep/run"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try program.names(in: "deep/run") == RunFiles.all)

    let configuration = try program.json(RunFiles.Configuration.self, "deep/run/config.json")
    #expect(configuration.model == "cocoafuse" && configuration.gamma == 0.1 && configuration.experts == 3)
    #expect(configuration.data.problem == "power" && configuration.data.rows == 1000)
    #expect(configuration.data.testRows == 250 && configuration.iterations == 2 && configuration.seed == 1)
    #expect(configuration.schedule == "pooled-newton" && configuration.step == nil && configuration.tolerance == 0.1)

    let traceText = try program.read("deep/run/trace.jsonl")
    let trace = try RunFiles.trace(traceText)
    #expect(traceText.hasSuffix("\n") && trace.map(\.info.iteration) == [0, 1])
    for line in trace {
      #expect(line.coordinates.count == 5 && line.info.lambda.count == 5 && line.info.gradient.count == 5)
      #expect(line.info.entropy != nil)
      #expect(line.info.surrogate.standardError > 0)
    }

    let times = try program.read("deep/run/timing.jsonl").split(separator: "\n").map {
      try JSONDecoder().decode(RunFiles.Timing.self, from: Data($0.utf8))
    }
    #expect(times.map(\.iteration) == [0, 1] && times[0].seconds > 0 && times[1].seconds > times[0].seconds)

    let priors = try program.json(RunFiles.Priors.self, "deep/run/priors.json")
    let names = priors.priors.map(\.parameter)
    #expect(names.count == 57 && Set(names).count == 57)
    #expect(names.contains("slope[3,hour_sin4]") && names.contains("gate[2,temperature^2]"))
    #expect(names.contains("behaviour[weekend]") && names.contains("sigma[1]"))
    #expect(priors.priors.allSatisfy { $0.hyperparameters.map(\.name) == ["location", "scale"] })
    #expect(priors.priors.allSatisfy { $0.hyperparameters[0].coordinate == nil && $0.hyperparameters[0].tuned == 0 })
    #expect(priors.priors.allSatisfy { $0.hyperparameters[1].coordinate != nil })
    #expect(Set(priors.priors.map(\.block)) == ["intercepts", "slopes", "gate", "behaviour", "noise"])

    let draws = RunFiles.csv(try program.read("deep/run/draws.csv"))
    let statistics = [
      "chain", "draw", "log_density", "acceptance", "step_size", "tree_depth", "leapfrog_steps", "divergent", "energy",
    ]
    let weights = draws[0].filter { $0.hasPrefix("log_weight") }
    #expect(weights == ["log_weight", "log_weight_averaged"].filter(weights.contains))
    #expect(draws[0] == statistics + weights + names)
    #expect(draws.count == 1 + 4 * 20)
    #expect(
      draws.dropFirst().allSatisfy { $0.count == draws[0].count && $0.allSatisfy { Double($0)?.isFinite == true } })
    #expect(draws.dropFirst().map { $0[0] + "/" + $0[1] } == (1...4).flatMap { c in (1...20).map { "\(c)/\($0)" } })
    #expect(draws.dropFirst().allSatisfy { $0.suffix(3).allSatisfy { (Double($0) ?? -1) > 0 } }, "σ as itself")

    let report = try program.json(RunFiles.Report.self, "deep/run/report.json")
    #expect(report.simulated && report.parameters == 57 && report.rows == 1000 && report.heldOut?.rows == 250)
    #expect(report.bestIteration == priors.bestIteration && !report.tuning.isEmpty && !report.posterior.isEmpty)
    #expect(
      report.files
        == ["config.json", "trace.jsonl", "priors.json", "report.json", "draws.csv", "posterior.csv"].map {
          "deep/run/" + $0
        })

    let text = outcome.output
    for word in [
      "power (simulated)", "After 2 iterations: ", "95 % interval", "PSIS-LOO", "slope[1–3,hour_sin1]", "Held-out",
      "Written: deep/run/config.json",
    ] {
      #expect(text.contains(word), "\(word)")
    }
    let progress = outcome.error.split(separator: "\n").filter { $0.hasPrefix("iteration ") }
    #expect(progress.count == 2)
    for word in ["surrogate", "±", "ELL", "entropy", "|grad|", "R-hat", "div"] {
      #expect(progress.allSatisfy { $0.contains(word) }, "\(word)")
    }
    #expect(!progress[0].contains("left") && !progress[0].contains("0/"), "nobody knows when it stops")
    #expect(outcome.error.contains("simulated"))
    for stream in [outcome.output, outcome.error] {
      #expect(stream.unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" }, "no control codes in a pipe or file")
    }
    #expect(!text.contains("iteration 0/"), "progress is no result")
  }

  @Test func quietAndJSON() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(["--problem", "switch", "--quiet", "--json", "--out", "run"] + short)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(try outcome.output == program.read("run/report.json"))
    let report = try program.json(RunFiles.Report.self, "run/report.json")
    #expect(report.simulated && report.iterations == 2)
    let bare = try program.run(["tune", "--problem", "switch", "-q", "--out", "none"] + short)
    #expect(bare.status == 0 && bare.error.isEmpty && bare.output.hasPrefix("switch (simulated)"))
    #expect(!bare.output.contains("Written"))
  }

  @Test func anEarlierRunIsKeptUnlessSaidOtherwise() throws {
    let program = try Program()
    defer { program.remove() }
    try program.makeFolder("run")
    try program.write("{}", to: "run/priors.json")
    try program.write("mine", to: "run/notes.txt")
    let arguments = ["--problem", "switch", "--quiet", "--out", "run/"] + short
    expectFailure(try program.run(arguments), status: 73, mentions: ["run", "already", "--overwrite"])
    #expect(try program.names(in: "run") == ["notes.txt", "priors.json"])
    #expect(try program.read("run/priors.json") == "{}")
    #expect(try program.run(arguments + ["--overwrite"]).status == 0)
    #expect(try program.json(RunFiles.Priors.self, "run/priors.json").model == "cocoafuse")
    #expect(try program.read("run/notes.txt") == "mine")
  }
}
