import EmpiricalBayes
import Foundation
import Sampling
import Synchronization
import TuningIO

/// Tells on standard error what goes on: live lines on a terminal, plain ones elsewhere, or JSON for programs.
final class Narrator: Sendable {
  /// How that is done here and now.
  enum Mode: Sendable {
    case live
    case plain
    case json
    case none
  }

  let mode: Mode
  let style: TerminalStyle
  /// nil where the schedule stops by itself.
  let iterations: Int?
  private let isTerminal = Console.errorIsTerminal
  private let start = ContinuousClock.now
  private let state = Mutex(NarratorState())

  init(_ style: ProgressStyle, iterations: Int? = 0) {
    let environment = ProcessInfo.processInfo.environment
    self.style = TerminalStyle(environment: environment, isTerminal: isTerminal)
    self.iterations = iterations
    mode =
      switch style {
      case .auto: isTerminal && TerminalStyle.canMoveCursor(environment) ? .live : .plain
      case .plain: .plain
      case .json: .json
      case .none: .none
      }
  }

  /// Seconds since the command began.
  var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// A paragraph of its own, folded on a terminal; further lines are indented like the first, and two columns more.
  func say(_ sentence: String) {
    switch mode {
    case .none: return
    case .json:
      var event = ProgressEvent(.message, seconds: elapsed)
      event.text = sentence.trimmingCharacters(in: .whitespaces)
      write(event)
    case .plain, .live:
      let indent = String(repeating: " ", count: 2 + sentence.prefix { $0 == " " }.count)
      let lines = TextWidth.folded(sentence, to: isTerminal ? Console.errorWidth : .max, indent: indent)
      state.withLock { state in
        let columns = Console.errorWidth
        Console.standardError(state.block.erase(columns: columns) + lines.joined(separator: "\n") + "\n")
        draw(&state, columns: columns)
      }
    }
  }

  /// A run begins, perhaps where an earlier one stood, whose iterations are `before`.
  func beginRun(gamma: Double, after before: [TuningInfo] = []) {
    state.withLock { state in
      state.run = NarratorState.Run(gamma: gamma, infos: before)
      state.top = nil
    }
  }

  /// Something begins that takes its time: it is shown from now on, with how far its chains are.
  ///
  /// - Parameter part: Which of how many such things it is, for an estimate of the time left.
  func begin(_ stage: String, _ meter: ChainMeter?, part: (number: Int, of: Int)? = nil) {
    guard mode != .none else { return }
    let isNew = state.withLock { state in
      state.begin(stage, meter, part: part, now: elapsed)
      draw(&state, columns: Console.errorWidth)
      defer { state.isTicking = true }
      return !state.isTicking
    }
    if isNew { tick() }
  }

  /// An iteration of the run.
  func show(_ info: TuningInfo) {
    guard mode != .none else { return }
    state.withLock { state in
      state.note(info)
      let line = ProgressLine.line(info, total: iterations.map { $0 - 1 }, elapsed: elapsed)
      switch mode {
      case .plain: Console.standardError(line.plain + "\n")
      case .json: write(state.event(info, limit: iterations, seconds: elapsed))
      default:
        state.top = line
        draw(&state, columns: Console.errorWidth)
      }
    }
  }

  /// A piece of a larger whole has ended; `line` tells of it.
  func show(_ event: ProgressEvent, as line: FittedLine) {
    state.withLock { state in
      switch mode {
      case .none: return
      case .plain: Console.standardError(line.plain + "\n")
      case .json: write(event)
      case .live:
        state.top = line
        draw(&state, columns: Console.errorWidth)
      }
    }
  }

  /// What was under way is over: the last line of iterations or pieces stays as it stands.
  func endStage() {
    state.withLock { state in
      state.stage = nil
      guard mode == .live else { return }
      draw(&state, columns: Console.errorWidth)
      Console.standardError(state.block.leave())
      state.top = nil
    }
  }

  /// Everything is over, or broken off. A run that came to its end shows its objective once more.
  func end(isFinished: Bool = true) {
    endStage()
    let run = state.withLock { state in
      defer { state.run = nil }
      return state.run
    }
    guard mode != .none, isFinished, let run, let last = run.infos.last else { return }
    guard mode != .json else {
      var event = ProgressEvent(.end, seconds: elapsed)
      event.iteration = last.iteration
      event.divergences = run.divergences
      return write(event)
    }
    let width = isTerminal ? Console.errorWidth : 80
    if let line = run.curve(width: width, style: style) { Console.standardError(line + "\n") }
  }

  // The pool of tasks may be full of chains, which leave no thread to a task that sleeps.
  private func tick() {
    DispatchQueue.global().asyncAfter(deadline: .now() + (mode == .live ? 0.2 : 1)) { [weak self] in
      guard let self else { return }
      let goesOn = state.withLock { state in
        state.isTicking = state.stage != nil
        guard state.isTicking else { return false }
        self.report(&state)
        return true
      }
      if goesOn { tick() }
    }
  }

  /// Draws anew; or tells of the chains, where nothing was told for a while.
  private func report(_ state: inout NarratorState) {
    let now = elapsed
    switch mode {
    case .none: return
    case .live: draw(&state, columns: Console.errorWidth)
    case .json: if let event = state.samplingEvent(now: now, iterations: iterations) { write(event) }
    case .plain:
      guard now - state.lastTold > 30, let line = state.stageLine(now: now, iterations: iterations, style: style) else {
        return
      }
      state.lastTold = now
      Console.standardError(line.plain + "\n")
    }
  }

  private func draw(_ state: inout NarratorState, columns: Int) {
    guard mode == .live else { return }
    let lines = [state.top, state.stageLine(now: elapsed, iterations: iterations, style: style)].compactMap { $0 }
    Console.standardError(state.block.redraw(lines.map { $0.live(columns: columns, style: style) }, columns: columns))
  }

  private func write(_ event: ProgressEvent) {
    func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
    var event = event
    event.seconds = rounded(event.seconds)
    event.secondsLeft = event.secondsLeft.map(rounded)
    guard let line = try? JSONText.line(event) else { return }
    Console.standardError(line + "\n")
  }
}

extension Narrator {
  /// What will be done.
  func announce(_ run: TuningRun, _ tuning: TuningOptions) {
    let study = run.study
    let model = run.model
    say(study.summary)
    for note in study.notes + study.warnings { say("  " + note) }
    say(
      "\(model.architecture.combination.rawValue), \(count(model.architecture.experts, "expert")), \(model.dimension) parameters;"
        + " \(model.rows) rows to fit, \(study.test?.count ?? 0) held out;"
        + " \(count(study.training.expertNames.count, "expert feature")),"
        + " \(count(study.training.gateNames.count, "gate feature")).")
    say(
      "Tuning \(model.hyperparameters.coordinates.count) of \(model.hyperparameters.count) hyperparameters, gamma ="
        + " \(NumberText.significant(run.gamma)), schedule \(tuning.schedule.rawValue),"
        + " \(tuning.schedule.knowsWhenToStop ? "at most " : "")\(count(tuning.resolvedIterations, "iteration")).")
    if tuning.tune == .all {
      say(
        "  A location and a scale for every parameter fit the data twice"
          + (tuning.roles.leavesOutHyperpriors
            ? ", and the marginal likelihood has no interior maximum: such priors can collapse on the data."
            : " and often predict worse than untuned priors.") + " --tune blocks is the safer choice.")
    }
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
