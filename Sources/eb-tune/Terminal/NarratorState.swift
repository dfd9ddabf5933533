import EmpiricalBayes
import Sampling
import TuningIO

/// What a narrator knows of the run and of what is under way.
struct NarratorState: Sendable {
  /// A tuning run.
  struct Run: Sendable {
    let gamma: Double
    var infos: [TuningInfo]

    var divergences: Int { infos.reduce(0) { $0 + $1.divergences } }

    /// The objective at every iteration: by log evidence where that is known, else by the surrogate.
    var objective: [Double] {
      let evidence = infos.map { $0.penalisedEvidence(entropyWeight: gamma)?.value ?? .nan }
      return evidence.contains(where: \.isFinite) ? evidence : infos.map(\.penalisedSurrogate.value)
    }

    /// The way of the objective, in a line; nil before there is one.
    func curve(width: Int, style: TerminalStyle) -> String? {
      let values = objective
      let known = values.filter(\.isFinite)
      guard values.count > 1, let first = known.first, let last = known.last else { return nil }
      let full =
        "Objective over \(values.count) iterations, from \(NumberText.fixed(first, digits: 1)) to"
        + " \(NumberText.fixed(last, digits: 1)) nats: "
      let fits = width - 1 - full.count >= min(values.count, 10)
      let words = style.shown(fits ? full : "Objective ")
      let room = max(1, width - 1 - words.count)
      return words + Sparkline.text(values, width: min(room, 60), unicode: style.hasUnicode)
    }
  }

  /// Something that takes its time.
  struct Stage: Sendable {
    let name: String
    let meter: ChainMeter?
    let part: (number: Int, of: Int)?
    let start: Double
    /// The last call of the sampler before the stage began.
    let lastCall: Int
    /// When the sampler was last called, and as which call.
    var call: (number: Int, start: Double)
  }

  /// What is on the screen.
  var block = LiveBlock()
  /// The last iteration or piece.
  var top: FittedLine?
  var run: Run?
  var stage: Stage?
  var isTicking = false
  /// When plain text was last written about the stage.
  var lastTold = 0.0
  /// The first part that was done now, and when it began.
  private var firstPart: (number: Int, start: Double)?
  /// The call of the sampler whose divergences are counted already.
  private var countedCall = 0
  private var lastReading = ChainMeter.Reading()

  mutating func begin(_ name: String, _ meter: ChainMeter?, part: (number: Int, of: Int)?, now: Double) {
    if let part, stage?.part == nil { firstPart = (part.number, now) }
    let startOfPart = part != nil && stage?.part?.number == part?.number ? stage?.start : nil
    stage = Stage(
      name: name, meter: meter, part: part, start: startOfPart ?? now,
      lastCall: meter?.reading.calls ?? 0, call: (meter?.reading.calls ?? 0, now))
    lastTold = now
  }

  mutating func note(_ info: TuningInfo) {
    run?.infos.append(info)
    countedCall = stage?.meter?.reading.calls ?? 0
  }

  /// The line of what is under way; nil where nothing is.
  mutating func stageLine(now: Double, iterations: Int?, style: TerminalStyle) -> FittedLine? {
    guard let stage else { return nil }
    let reading = read(now: now)
    return StageLine.line(
      stage.name, objective: isTuning ? run?.objective ?? [] : [], reading: reading, divergences: divergences(reading),
      secondsLeft: secondsLeft(reading, now: now, iterations: iterations), style: style)
  }

  /// Tells of the chains where they have moved on since it was last told.
  mutating func samplingEvent(now: Double, iterations: Int?) -> ProgressEvent? {
    guard let stage else { return nil }
    let reading = read(now: now)
    guard reading != lastReading, reading.planned > 0 else { return nil }
    lastReading = reading
    var event = ProgressEvent(.sampling, seconds: now)
    event.stage = stage.name
    event.transitions = reading.made.reduce(0, +)
    event.transitionsPlanned = reading.planned * reading.made.count
    event.divergences = reading.divergences
    event.secondsLeft = secondsLeft(reading, now: now, iterations: iterations)
    return event
  }

  func event(_ info: TuningInfo, limit: Int?, seconds: Double) -> ProgressEvent {
    var event = ProgressEvent(.iteration, seconds: seconds)
    event.secondsLeft = limit.flatMap {
      ProgressLine.secondsLeft(iteration: info.iteration, total: $0 - 1, elapsed: seconds)
    }
    event.stage = stage?.name
    event.iteration = info.iteration
    event.iterationLimit = limit
    event.surrogate = info.surrogate
    event.logEvidenceGain = info.logEvidenceGain
    event.expectedRegret = info.expectedRegret
    event.rHat = info.worstRHat
    event.isBest = info.isBest
    event.gradientEvaluations = info.gradientEvaluations
    event.divergences = run?.divergences ?? info.divergences
    return event
  }

  private var isTuning: Bool { stage?.name == Narrator.tuning }

  private mutating func read(now: Double) -> ChainMeter.Reading {
    guard let stage, let reading = stage.meter?.reading, reading.calls != stage.lastCall else {
      return ChainMeter.Reading()
    }
    if reading.calls != stage.call.number { self.stage?.call = (reading.calls, now) }
    return reading
  }

  private func divergences(_ reading: ChainMeter.Reading) -> Int {
    guard isTuning else { return reading.divergences }
    return (run?.divergences ?? 0) + (reading.calls <= countedCall ? 0 : reading.divergences)
  }

  private func secondsLeft(_ reading: ChainMeter.Reading, now: Double, iterations: Int?) -> Double? {
    guard let stage else { return nil }
    if let part = stage.part, let firstPart {
      let done = Double(part.number - firstPart.number)
      guard done > 0 else { return nil }
      let left = Double(part.of - part.number + 1)
      return max(0, (stage.start - firstPart.start) / done * left - (now - stage.start))
    }
    if isTuning {
      guard let last = run?.infos.last?.iteration, let iterations else { return nil }
      return ProgressLine.secondsLeft(iteration: last, total: iterations - 1, elapsed: now)
    }
    guard let share = reading.share, share > 0.05 else { return nil }
    return (now - stage.call.start) / share * (1 - share)
  }
}

extension Narrator {
  /// The stage in which λ moves.
  static let tuning = "tuning"
}
