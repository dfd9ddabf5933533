import LogDensities
import Sampling

/// `draws.csv`: one row a draw; chain and draw counted from 1, what the sampler recorded, then the parameters themselves
/// (not the unconstrained coordinates), all digits kept.
public enum DrawsCSV {
  /// The columns before the parameters.
  public static let statisticsNames = [
    "chain", "draw", "log_density", "acceptance", "step_size", "tree_depth", "leapfrog_steps", "divergent", "energy",
  ]

  /// Writes `sample` to `path`, with a column `log_weight` before the parameters where draws carry log importance weights
  /// (one a draw), and `log_weight_averaged` where there are weights for the posterior averaged over λ. `constrained` maps a position to one value for each of `parameterNames`.
  /// - Throws: `OutputError`; then there is no file.
  public static func write(
    _ sample: PosteriorSample, logWeights: [Double]? = nil, averagedLogWeights: [Double]? = nil,
    parameterNames: [String],
    to path: String, constrained: (Span<Double>) -> [Double]
  ) throws(OutputError) {
    let file = try AtomicFile(path: path)
    try file.append(
      (statisticsNames + (logWeights == nil ? [] : ["log_weight"])
        + (averagedLogWeights == nil ? [] : ["log_weight_averaged"]) + parameterNames).map(CSVField.quoted).joined(
          separator: ",")
        + "\n")
    for index in 0..<sample.count {
      let values = sample.withPosition(index, constrained)
      precondition(values.count == parameterNames.count, "every parameter needs one name")
      let weights = [logWeights, averagedLogWeights].compactMap { $0?[index] }
      try file.append(row(index, of: sample, weights + values))
    }
    try file.commit()
  }

  private static func row(_ index: Int, of sample: PosteriorSample, _ values: [Double]) -> String {
    let record = sample.statistics[index]
    var row = "\(index / sample.drawsPerChain + 1),\(index % sample.drawsPerChain + 1),\(record.logDensity),"
    row += "\(record.acceptance),\(record.stepSize),\(record.treeDepth),\(record.leapfrogSteps),"
    row += "\(record.isDivergent ? 1 : 0),\(record.energy)"
    for value in values { row += ",\(value)" }
    return row + "\n"
  }
}
