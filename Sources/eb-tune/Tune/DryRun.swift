import EmpiricalBayes
import Experts
import LogDensities
import TuningIO

/// What a run would do, without a draw: its design, priors, hyperparameters and rough price.
struct DryRun: Sendable {
  let run: TuningRun
  let command: TuneCommand

  /// Lines of at most `width` columns.
  func text(width: Int) throws -> String {
    let (study, model) = (run.study, run.model)
    let architecture = model.architecture
    func folded(_ text: String) -> [String] { TextWidth.folded(text, to: width, indent: "  ") }
    var lines = folded(study.summary) + (study.notes + study.warnings).flatMap { folded("  " + $0) }
    lines += folded(
      "\(architecture.combination.rawValue) with \(count(architecture.experts, "expert")); \(model.rows) rows to fit,"
        + " \(study.test?.count ?? 0) held out; gamma = \(NumberText.significant(run.gamma)).")
    for (name, columns) in [("Expert", study.training.expertNames), ("Gate", study.training.gateNames)] {
      lines += folded("\(name) features (\(columns.count)): \(columns.joined(separator: ", "))")
    }
    let blocks = ExpertBlock.allCases.map { ($0.rawValue, architecture.range(of: $0).count) }.filter { $0.1 > 0 }
    lines += folded(
      "Parameters (\(model.dimension)): \(blocks.map { "\($0.0) \($0.1)" }.joined(separator: ", "))")
    let lambda = model.hyperparameters
    lines += folded("Tuned (\(lambda.coordinates.count)): \(lambda.coordinates.map(\.name).joined(separator: ", "))")
    lines += ["", "Priors"] + TextTable.priorSummary(PriorSummary(run)).lines(width: width)
    lines += ["", "Price"] + (try price()).flatMap { folded("  " + $0) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func price() throws -> [String] {
    let (tuning, sampling) = (command.tuning, command.sampling)
    let final = sampling.finalWarmup + sampling.finalDraws
    let folds = Folds(command, run).map { ", then \(count($0.count, "refitted fold")) that each tune and draw again" }
    let posteriors = run.study.test == nil ? 1 : 2
    return [
      "Schedule \(tuning.schedule.rawValue),"
        + " \(tuning.schedule.knowsWhenToStop ? "which stops by itself after at most " : "")\(count(tuning.resolvedIterations, "iteration"))"
        + " of \(count(sampling.chains, "chain"))\(iterationTransitions.map { ", \($0) transitions each" } ?? "").",
      "At the end \(count(final, "transition")) of each chain"
        + (posteriors > 1 ? ", at the tuned and at the initial priors" : "") + (folds ?? "") + ".",
      "A gradient takes about \(NumberText.significant(try microsecondsPerGradient(), digits: 2)) microseconds here; a transition"
        + " usually takes from 7 to 31 of them, at most \((1 << sampling.maxDepth) - 1).",
    ]
  }

  /// Transitions of a chain in one iteration of a schedule with full warmups; nil where they vary.
  private var iterationTransitions: Int? {
    guard command.tuning.schedule == .paper || command.tuning.schedule == .paperAdam,
      let draws = command.sampling.draws ?? command.tuning.schedule.draws
    else { return nil }
    return command.sampling.warmup + draws
  }

  /// The least of some evaluations at the origin, which has a density under every prior.
  private func microsecondsPerGradient() throws -> Double {
    let posterior = try run.model.posterior(given: run.model.hyperparameters)
    let position = [Double](repeating: 0, count: posterior.dimension)
    var gradient = position
    var least = Double.infinity
    for _ in 0..<20 {
      let start = ContinuousClock.now
      var span = gradient.mutableSpan
      _ = try posterior.evaluate(at: position.span, gradient: &span)
      least = min(least, (ContinuousClock.now - start) / .microseconds(1))
    }
    return least
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
