import Experts
import Foundation
import TuningIO

/// The draws as CmdStan writes them: `export --to cmdstan`.
struct CmdStanExport {
  private let run: ExportedRun
  private let draws: ExportedDraws

  init(_ run: ExportedRun) throws {
    self.run = run
    draws = try ExportedDraws(directory: run.finished.path, parameters: run.parameterNames)
  }

  func write(to stage: StagedDirectory) throws {
    let weights = draws.logWeights.keys.sorted()
    let writer = CmdStanCSV(
      model: "\(run.configuration.model)_model",
      variables: run.blocks.map { CmdStanCSV.Variable(name: $0.name, shape: $0.shape) }
        + weights.map { CmdStanCSV.Variable(name: "eb_\($0)") },
      warmup: max(run.configuration.warmup, 500),
      maximumTreeDepth: run.configuration.other["max-depth"].flatMap { Int($0) } ?? 10,
      targetAcceptance: run.configuration.other["target-acceptance"].flatMap { Double($0) } ?? 0.9,
      seed: run.configuration.seed, remarks: remarks)
    for chain in 0..<draws.chains {
      let range = draws.range(of: chain)
      let values = range.map { index in draws.values[index] + weights.compactMap { draws.logWeights[$0]?[index] } }
      try stage.write(
        writer.text(
          of: CmdStanCSV.Chain(
            id: chain + 1, statistics: Array(draws.statistics[range]), draws: values,
            inverseMetric: variances(of: range))),
        to: "chain-\(chain + 1).csv")
    }
    try stage.commit()
    try Console.standardOutput("Written: \(stage.path)\n")
  }

  private var remarks: [(key: String, value: String)] {
    [
      ("run", run.finished.path), ("version", run.configuration.version), ("gamma", "\(run.configuration.gamma)"),
      ("target", run.configuration.target), ("expert_features", run.expertFeatures.joined(separator: ", ")),
      ("gate_features", run.gateFeatures.joined(separator: ", ")),
      ("mass_matrix", run.configuration.other["metric"] ?? "?"),
      ("mass_matrix_below", "from the variances of the chain's draws, which stand for what the sampler had"),
      ("elapsed_time", "not recorded for single chains"),
      ("warning", run.remarks[1]),
    ] + scaling
  }

  /// Draws stay on the model's scale, which is the Stan program's; what it is.
  private var scaling: [(key: String, value: String)] {
    guard let target = run.finished.priors.scaling?.target else { return [] }
    return [
      ("scale", "the model's; priors.json of the run has the way of every parameter to the data's units"),
      ("target_location", "\(target.location)"), ("target_scale", "\(target.scale)"),
    ]
  }

  /// The variances of a chain's unconstrained draws.
  private func variances(of range: Range<Int>) -> [Double] {
    let noise = run.architecture.logSigmas
    return (0..<run.architecture.dimension).map { place in
      let column = draws.values[range].map { noise.contains(place) ? log($0[place]) : $0[place] }
      let mean = column.reduce(0, +) / Double(column.count)
      let sum = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return column.count > 1 ? sum / Double(column.count - 1) : 1
    }
  }
}
