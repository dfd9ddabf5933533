import Experts
import Foundation
import LogDensities
import Sampling

/// What scripts run: `peers.sh` beside the programs that we are compared with, a line of JSON each, and `mixing.sh`.
struct PeerCommand: Sendable {
  let name: String
  let usage: String
  let run: @Sendable (_ arguments: [String]) async throws -> Void

  static let all = [
    PeerCommand(name: "peer-data", usage: "DIRECTORY") { arguments in
      for problem in [BuiltInProblem.power, .motorcycle, .switch] {
        try PeerProblem(problem).write(to: "\(try argument(0, of: arguments))/\(problem.rawValue).json")
      }
    },
    PeerCommand(name: "peer-gradient", usage: "FILE", run: gradient),
    PeerCommand(name: "peer-density", usage: "FILE POINTS", run: density),
    PeerCommand(name: "peer-nuts", usage: "FILE METRIC SEED WARMUP DRAWS OUTPUT", run: nuts),
    PeerCommand(name: "peer-tuning", usage: "FILE THREADS") { arguments in
      let study = try StudyProblem(PeerProblem(reading: argument(0, of: arguments)), name: "power, real rows")
      try await printTuning([study], threads: try number(1, of: arguments), quick: false)
    },
    PeerCommand(name: "mixing-times", usage: "PROGRAM DIRECTORY [--quick]") { arguments in
      let rounds = arguments.contains("--quick") ? 1 : 3
      try program(arguments).printTimes(rounds: rounds)
      try await MixingTrees.printTimes(rounds: rounds)
    },
    PeerCommand(name: "mixing-sets", usage: "PROGRAM DIRECTORY [--quick]") { arguments in
      try MixingSets(program: program(arguments), seeds: 1...(arguments.contains("--quick") ? 2 : 10)).printTable()
    },
    PeerCommand(name: "peer-trees-data", usage: "FILE DIVISOR") { arguments in
      try JSONEncoder().encode(MixingTrees(divisor: number(1, of: arguments)))
        .write(to: URL(fileURLWithPath: try argument(0, of: arguments)))
    },
    PeerCommand(name: "peer-trees", usage: "SEED THREADS DIVISOR") { arguments in
      let outcome = try await MixingTrees(divisor: number(2, of: arguments)).run(
        seed: try number(0, of: arguments), threads: try number(1, of: arguments))
      print(String(decoding: try JSONEncoder().encode(outcome), as: UTF8.self))
    },
  ]

  /// Where `eb-tune mix` is and may be run: the first two arguments.
  private static func program(_ arguments: [String]) throws -> MixingProgram {
    MixingProgram(
      path: try argument(0, of: arguments), directory: URL(fileURLWithPath: try argument(1, of: arguments)))
  }

  fileprivate static func argument(_ index: Int, of arguments: [String]) throws -> String {
    guard index < arguments.count else { throw BenchmarkError.usage("argument \(index + 1) is missing") }
    return arguments[index]
  }

  fileprivate static func number<Number: LosslessStringConvertible>(
    _ index: Int, of arguments: [String]
  ) throws -> Number {
    let text = try argument(index, of: arguments)
    guard let number = Number(text) else { throw BenchmarkError.usage("\(text) is no number") }
    return number
  }

  /// Microseconds for log density and gradient, prior included: as posterior, and as it is sampled where its numberings are
  /// summed over.
  private static func gradient(_ arguments: [String]) async throws {
    let model = try PeerProblem(reading: argument(0, of: arguments)).model()
    let posterior = try model.posterior(given: model.hyperparameters)
    let plain = microseconds(posterior)
    let symmetrised = posterior.symmetrised.map { microseconds($0) } ?? plain
    print("{\"d\":\(model.dimension),\"us\":\(plain),\"us_symmetrised\":\(symmetrised)}")
  }

  private static func microseconds<D: LogDensity>(_ density: D) -> Double {
    var random = RandomStream(seed: 1, purpose: .simulation)
    var position = (0..<density.dimension).map { _ in 0.5 * random.normal() }
    var gradient = [Double](repeating: 0, count: position.count)
    return 1e6
      * minimumSeconds(quick: false) {
        position[0] += 1e-9
        var span = gradient.mutableSpan
        if let value = try? density.evaluate(at: position.span, gradient: &span) { position[1] += 1e-300 * value }
      }
  }

  /// Log densities at the points of a file of numbers.
  private static func density(_ arguments: [String]) async throws {
    let model = try PeerProblem(reading: argument(0, of: arguments)).model()
    let text = try String(contentsOfFile: try argument(1, of: arguments), encoding: .utf8)
    let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    let posterior = try model.posterior(given: model.hyperparameters)
    let values = try stride(from: 0, to: numbers.count, by: model.dimension).map { start in
      try posterior.evaluate(at: Array(numbers[start..<start + model.dimension])).value
    }
    print("[\(values.map { "\($0)" }.joined(separator: ","))]")
  }

  /// Four chains one after another, the search for starts included; draws go to a file of doubles.
  private static func nuts(_ arguments: [String]) async throws {
    let model = try PeerProblem(reading: argument(0, of: arguments)).model()
    guard let metric = MetricKind(rawValue: try argument(1, of: arguments)) else {
      throw BenchmarkError.usage("\(arguments[1]) is no metric")
    }
    let (seed, warmup, draws): (UInt64, Int, Int) = (
      try number(2, of: arguments), try number(3, of: arguments), try number(4, of: arguments)
    )
    let sampler = try MultiChainSampler(SamplerSettings(metric: metric, seed: seed, threads: 1))
    let clock = ContinuousClock.now
    let posterior = try model.posterior(given: model.hyperparameters)
    let start = try await sampler.start(
      posterior, searching: try model.smoothedPosterior(given: model.hyperparameters), iteration: 0)
    let sample = try await sampler.sample(
      posterior, from: start.states, warmup: .full(transitions: warmup), draws: draws, iteration: 0
    ).sample
    let time = inSeconds(clock.duration(to: .now))
    let data = sample.positions.withUnsafeBufferPointer { Data(buffer: $0) }
    try data.write(to: URL(fileURLWithPath: try argument(5, of: arguments)))
    let divergences = sample.statistics.count { $0.isDivergent }
    print(
      "{\"seconds\":\(time),\"gradients\":\(start.gradientEvaluations + sample.gradientEvaluations),"
        + "\"divergences\":\(divergences)}")
  }
}
