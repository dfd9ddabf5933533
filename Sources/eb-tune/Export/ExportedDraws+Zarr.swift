import TuningIO

extension ExportedDraws {
  /// The numbers of chains and draws, from 0.
  var coordinates: [ZarrArray] {
    [
      .coordinate("chain", .integers(Array(0..<chains))), .coordinate("draw", .integers(Array(0..<drawsPerChain))),
    ]
  }

  /// What the sampler recorded.
  var statisticsArrays: [ZarrArray] {
    func array(_ name: String, _ values: ZarrValues, _ remark: String? = nil) -> ZarrArray {
      ZarrArray(
        name, ["chain", "draw"], shape: [chains, drawsPerChain], values,
        attributes: remark.map { ["description": .text($0)] } ?? [:])
    }
    let records = statistics
    return coordinates + [
      array("lp", .doubles(records.map(\.logDensity)), "log density of unconstrained coordinates, Jacobian included"),
      array("acceptance_rate", .doubles(records.map(\.acceptance))),
      array("step_size", .doubles(records.map(\.stepSize))), array("tree_depth", .integers(records.map(\.treeDepth))),
      array("n_steps", .integers(records.map(\.leapfrogSteps))),
      array("diverging", .booleans(records.map(\.isDivergent))), array("energy", .doubles(records.map(\.energy))),
    ] + logWeights.sorted { $0.key < $1.key }.map { array($0.key, .doubles($0.value)) }
  }
}
