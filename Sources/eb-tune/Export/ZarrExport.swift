import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import TuningIO

/// The run as a Zarr store with ArviZ's groups, and one of its own for the tuning: `export --to zarr`.
struct ZarrExport {
  private let run: ExportedRun
  private let rebuilt: EvidenceRun
  private let draws: ExportedDraws

  init(_ run: ExportedRun, _ rebuilt: EvidenceRun) throws {
    self.run = run
    self.rebuilt = rebuilt
    draws = try ExportedDraws(directory: run.finished.path, parameters: run.parameterNames)
  }

  /// Whether draws have importance weights, which ArviZ knows nothing of.
  var isWeighted: Bool { draws.logWeights["log_weight"] != nil }
  /// Whether there are groups of predictions for rows that were held out.
  var hasHeldOutRows: Bool { rebuilt.run.study.test != nil }

  private var rows: ExpertRows { rebuilt.run.study.training }
  private var scaling: ResponseScaling { rebuilt.run.study.scaling }

  func write(to path: String, overwriting: Bool) throws {
    let trace = try ExportedTrace(directory: run.finished.path, run.finished.priors)
    var store = try ZarrStore(path: path, attributes: attributes, overwriting: overwriting)
    try store.add(group: "posterior", attributes: attributes, posterior)
    try store.add(group: "sample_stats", attributes: attributes, draws.statisticsArrays)
    try addLogLikelihood(to: &store)
    var stream = RandomStream(seed: run.configuration.seed, purpose: .prediction)
    try addPredictions(of: rows, to: &store, "posterior_predictive", &stream)
    try store.add(group: "observed_data", attributes: attributes, [rowNumbers(rows), response(rows)])
    try store.add(group: "constant_data", attributes: attributes, constants(rows) + units + columns())
    if let test = rebuilt.run.study.test {
      try addPredictions(of: test, to: &store, "predictions", &stream)
      try store.add(group: "predictions_constant_data", attributes: attributes, constants(test) + [response(test)])
    }
    try store.add(group: "tuning", attributes: attributes, trace.arrays)
    try store.commit()
  }

  private var attributes: [String: ZarrAttribute] {
    let scaling = scaling
    return [
      "created_by": .text("eb-tune"), "inference_library": .text("eb-tune"),
      "inference_library_version": .text(run.configuration.version), "eb_run": .text(run.finished.path),
      "eb_model": .text(run.configuration.model), "eb_gamma": .number(run.configuration.gamma),
      "eb_remarks": .texts(run.remarks), "eb_target_location": .number(scaling.location),
      "eb_target_scale": .number(scaling.scale),
    ]
  }

  private func rowNumbers(_ rows: ExpertRows) -> ZarrArray { .coordinate("row", .integers(Array(1...rows.count))) }

  private var featureCoordinates: [ZarrArray] {
    [
      .coordinate("expert", .integers(Array(1...run.architecture.experts))),
      .coordinate("gate_expert", .integers(Array((1...run.architecture.experts).dropLast()))),
      .coordinate("expert_feature", .strings(rows.expertNames)), .coordinate("gate_feature", .strings(rows.gateNames)),
    ]
  }

  private var posterior: [ZarrArray] {
    let used = Set(run.blocks.flatMap(\.dimensions))
    return draws.coordinates + featureCoordinates.filter { used.contains($0.name) }
      + run.blocks.map { block in
        ZarrArray(
          block.name, ["chain", "draw"] + block.dimensions, shape: [draws.chains, draws.drawsPerChain] + block.shape,
          .doubles(draws.values.flatMap { $0[block.range] }))
      }
  }

  /// The unconstrained positions of some draws, one after the other.
  private func positions(_ chain: Int, _ stretch: Range<Int>) -> [Double] {
    let noise = run.architecture.logSigmas
    return stretch.flatMap { draw in
      draws.values[chain * draws.drawsPerChain + draw].enumerated().map { place, value in
        noise.contains(place) ? log(value) : value
      }
    }
  }

  private func addLogLikelihood(to store: inout ZarrStore) throws {
    try store.add(group: "log_likelihood", attributes: attributes, draws.coordinates + [rowNumbers(rows)])
    let model = rebuilt.run.model
    let array = ZarrStore.DrawArray(
      "y", chains: draws.chains, draws: draws.drawsPerChain, rows: rows.count,
      attributes: ["description": .text("log densities of y on the model's scale; " + rebuilt.run.study.scalingRemark)])
    try store.add(array, to: "log_likelihood") { chain, stretch in
      let found = positions(chain, stretch)
      var values = [Double](repeating: 0, count: rows.count)
      return stretch.indices.flatMap { index in
        let start = (index - stretch.lowerBound) * model.dimension
        var span = values.mutableSpan
        model.pointwiseLogLikelihood(at: found.span.extracting(start..<start + model.dimension), into: &span)
        return values
      }
    }
  }

  private func addPredictions(
    of rows: ExpertRows, to store: inout ZarrStore, _ group: String, _ stream: inout RandomStream
  ) throws {
    try store.add(group: group, attributes: attributes, draws.coordinates + [rowNumbers(rows)])
    let array = ZarrStore.DrawArray(
      "y", chains: draws.chains, draws: draws.drawsPerChain, rows: rows.count, attributes: responseAttributes)
    try store.add(array, to: group) { chain, stretch in
      let predictive = try PosteriorPredictive(
        rebuilt.run.model.architecture, positions: positions(chain, stretch), rows: rows)
      let byRow = predictive.predictiveDraws(from: &stream)
      return stretch.indices.flatMap { draw in byRow.map { scaling.undo($0[draw - stretch.lowerBound]) } }
    }
  }

  private var responseAttributes: [String: ZarrAttribute] {
    ["long_name": .text(run.configuration.target), "description": .text("in the target's own units")]
  }

  private func response(_ rows: ExpertRows) -> ZarrArray {
    ZarrArray("y", ["row"], shape: [rows.count], .doubles(scaling.undo(rows.response)), attributes: responseAttributes)
  }

  /// What undoes the scaling of a block of parameters, in the block's own shape: in the data's units it is offset + factor ·
  /// the posterior's draws.
  private var units: [ZarrArray] {
    let parameters = rebuilt.run.study.units(of: rebuilt.run.model.architecture).parameters
    let used = Set(run.blocks.flatMap(\.dimensions))
    // Features are coordinates of X and Z already.
    return featureCoordinates.filter { used.contains($0.name) && $0.name.hasSuffix("expert") }
      + run.blocks.flatMap { block in
        let own = parameters[block.range]
        func array(_ name: String, _ values: [Double], _ remark: String) -> ZarrArray {
          ZarrArray(
            "\(block.name)_\(name)", block.dimensions, shape: block.shape, .doubles(values),
            attributes: ["description": .text(remark), "units": .texts(own.map(\.unit))])
        }
        return [
          array("offset", own.map(\.offset), "added to factor times a draw, for the parameter in the data's units"),
          array("factor", own.map(\.factor), "multiplies a draw first, for the parameter in the data's units"),
        ]
      }
  }

  /// The features as the model sees them.
  private func constants(_ rows: ExpertRows) -> [ZarrArray] {
    func array(_ name: String, _ dimension: String, _ names: [String], _ columns: [Double]) -> [ZarrArray] {
      guard !names.isEmpty else { return [] }
      let values = (0..<rows.count).flatMap { row in names.indices.map { columns[$0 * rows.count + row] } }
      return [
        .coordinate(dimension, .strings(names)),
        ZarrArray(name, ["row", dimension], shape: [rows.count, names.count], .doubles(values)),
      ]
    }
    return [rowNumbers(rows)] + array("X", "expert_feature", rows.expertNames, rows.expertFeatures)
      + array("Z", "gate_feature", rows.gateNames, rows.gateFeatures)
  }

  /// The columns that the features are made of, in their own units; a factor's are places among its levels, from 0.
  private func columns() throws -> [ZarrArray] {
    let columns = rebuilt.run.study.columns
    let names = columns.columnNames
    guard !names.isEmpty else { return [] }
    let all = try names.map(columns.column)
    let values = (0..<columns.rows).flatMap { row in all.map { $0[row] } }
    let levels = names.compactMap { name in columns.levels(of: name).map { ("levels_\(name)", $0) } }
    return [
      .coordinate("column", .strings(names)),
      ZarrArray(
        "columns", ["row", "column"], shape: [columns.rows, names.count], .doubles(values),
        attributes: levels.reduce(
          into: ["description": .text("what the features are made of, in the data's own units")]
        ) { $0[$1.0] = .texts($1.1) }),
    ]
  }
}
