import Foundation
import ModelMixing

/// Taweret's example of tree mixing: 80 rows, two Taylor expansions of sin x1 + cos x2, 30 trees, 10,000 draws, 900 points.
struct MixingTrees: Codable {
  /// Observed inputs, column by column, and what the models say there.
  let inputs: [[Double]]
  let predictions: [[Double]]
  let response: [Double]
  /// The 30 × 30 points.
  let newInputs: [[Double]]
  let newPredictions: [[Double]]
  let truth: [Double]
  let k: Double
  let degrees: Double
  let sigma: Double
  let trees: Int
  let leastLeafRows: Int
  let warmup: Int
  let draws: Int

  /// - Parameter divisor: Of warm-up and draws, for a busy machine.
  init(seed: UInt64 = 1, divisor: Int = 1) throws {
    let problem = MixingProblem.taylor2D
    let data = try problem.observations(seed: seed)
    let axis = (0..<30).map { -3 + 6 * Double($0) / 29 }
    newInputs = [axis.flatMap { x in axis.map { _ in x } }, axis.flatMap { _ in axis }]
    (inputs, response) = (data.inputs, data.response)
    predictions = try problem.predictions(at: inputs).means
    newPredictions = try problem.predictions(at: newInputs).means
    truth = try problem.trueValues(at: newInputs)
    (k, degrees, sigma, trees, leastLeafRows) = (2.5, 5, 0.01 / 1.4.squareRoot(), 30, 4)
    (warmup, draws) = (4000 / divisor, 10000 / divisor)
  }

  /// What a run found and cost.
  struct Outcome: Codable {
    let seconds: Double
    let sigma: Double
    let error: Double
  }

  /// Both models' means, with errors that trees do not use.
  private static func said(_ means: [[Double]]) throws -> ModelPredictions {
    try ModelPredictions(
      names: ["model1", "model2"], means: means, standardDeviations: means.map { $0.map { _ in 1 } })
  }

  /// Four chains that share warm-up sweeps and draws, so that sweeps are as many as in one long chain.
  func run(seed: UInt64, threads: Int) async throws -> Outcome {
    let clock = ContinuousClock.now
    let mixing = try TreeMixing(
      MixingData(inputNames: ["x1", "x2"], inputs: inputs, response: response),
      predictions: Self.said(predictions),
      prior: TreeMixingPrior(
        trees: trees, tree: TreePrior(minimumLeafRows: leastLeafRows),
        leaves: .nonInformative(models: 2, trees: trees, k: k), noise: .around(sigma, degrees: degrees)))
    let sample = try await mixing.sample(
      TreeSamplingSettings(chains: 4, warmup: warmup / 4, draws: draws / 4, seed: seed, threads: threads))
    let found = try await sample.predict(
      at: newInputs, predictions: Self.said(newPredictions), probabilities: [0.025, 0.975], seed: seed, threads: threads
    )
    let time = inSeconds(clock.duration(to: .now))
    let sigmas = sample.sigmas.flatMap { $0 }
    let errors = zip(found.mixture, truth).map { abs($0.mean - $1) }
    return Outcome(
      seconds: time, sigma: sigmas.reduce(0, +) / Double(sigmas.count),
      error: errors.reduce(0, +) / Double(errors.count))
  }

  static func printTimes(rounds: Int) async throws {
    let problem = try MixingTrees()
    print(
      "\nTree mixing by the library: 80 rows, 30 trees, 10,000 draws after 4,000 sweeps of warm-up in four chains, prediction"
    )
    print("and weights with intervals at 900 points; minima over \(rounds) rounds in which threads take turns.\n")
    printHead(["threads", "seconds", "E σ (truth 0.1)", "mean absolute error"])
    var best: [Int: Outcome] = [:]
    for _ in 0..<rounds {
      for threads in [1, 2] {
        let outcome = try await problem.run(seed: 1, threads: threads)
        if outcome.seconds < best[threads]?.seconds ?? .infinity { best[threads] = outcome }
      }
    }
    for (threads, outcome) in best.sorted(by: { $0.key < $1.key }) {
      printRow([
        "\(threads)", format(outcome.seconds, decimals: 2), format(outcome.sigma, decimals: 3),
        format(outcome.error, decimals: 3),
      ])
    }
  }
}
