import TuningIO

/// A mixture as a Zarr store with ArviZ's groups, and one of its own for the tuning.
extension ExportedMixture {
  func writeZarr(to path: String, overwriting: Bool) throws {
    let draws = configuration.hasDraws ? try ExportedDraws(directory: self.path) : nil
    let trace = try configuration.schedule.flatMap { _ in try priors.map { try ExportedTrace(directory: self.path, $0) }
    }
    var store = try ZarrStore(path: path, attributes: attributes, overwriting: overwriting)
    func add(_ group: String, _ arrays: [ZarrArray]) throws {
      try store.add(group: group, attributes: attributes, arrays)
    }
    if let draws {
      try add("posterior", posterior(draws))
      try add("sample_stats", draws.statisticsArrays)
    }
    let (data, new) = (report.observations, report.new)
    try add("observed_data", [rows(data.response.count), column("y", data.response, "observations")])
    try add(
      "constant_data",
      [rows(data.response.count), .coordinate("input", .strings(configuration.inputs))] + [
        table("inputs", "input", data.inputs, data.response.count, "what weights depend on"),
        column("y_error", data.errors, "standard deviations of the observations' own errors, 0 where there is none"),
      ])
    try add("predictions", predictions)
    try add(
      "predictions_constant_data",
      [
        rows(count), .coordinate("input", .strings(configuration.inputs)), models,
        table("inputs", "input", new.inputs, count, "where the mixture is wanted"),
        table("model_mean", "model", new.means, count, "what models say there"),
        table("model_sd", "model", new.standardDeviations, count, "the models' own standard deviations"),
      ] + (new.truth.map { [column("truth", $0, "what the mixture should be")] } ?? []))
    if let trace { try add("tuning", trace.arrays) }
    try store.commit()
  }

  private var count: Int { report.predictions.mixture.mean.count }
  private var models: ZarrArray { .coordinate("model", .strings(configuration.models)) }

  private var attributes: [String: ZarrAttribute] {
    [
      "created_by": .text("eb-tune"), "inference_library": .text("eb-tune"),
      "inference_library_version": .text(configuration.version), "eb_run": .text(path),
      "eb_model": .text("\(configuration.method) mixing"), "eb_gamma": .number(configuration.gamma),
      "eb_remarks": .texts(remarks + report.notes),
    ]
  }

  private func posterior(_ draws: ExportedDraws) -> [ZarrArray] {
    draws.coordinates
      + ExportedVariable.all(of: draws.names).flatMap { variable in
        let shape = [draws.chains, draws.drawsPerChain]
        let values = ZarrValues.doubles(draws.values.flatMap { row in variable.places.map { row[$0] } })
        guard !variable.labels.isEmpty else {
          return [ZarrArray(variable.identifier, ["chain", "draw"], shape: shape, values)]
        }
        let dimension = "\(variable.identifier)_dim"
        return [
          .coordinate(dimension, .strings(variable.labels)),
          ZarrArray(
            variable.identifier, ["chain", "draw", dimension], shape: shape + [variable.places.count], values),
        ]
      }
  }

  /// Summaries over draws: a run keeps no draws of predictions.
  private var predictions: [ZarrArray] {
    let (mixture, weights) = (report.predictions.mixture, report.predictions.weights)
    let edges = [mixture.lower, mixture.upper]
    return [
      rows(count), models, .coordinate("quantile", .doubles(MixPredictions.probabilities)),
      column("mixture_mean", mixture.mean, "mean over draws, which the run does not keep; \(report.bands)"),
      column("mixture_sd", mixture.standardDeviation, "standard deviation; \(report.bands)"),
      table("mixture_quantile", "quantile", edges, count, report.bands),
      table("weight_mean", "model", weights.map(\.mean), count, "posterior means"),
      table("weight_sd", "model", weights.map(\.standardDeviation), count, "posterior standard deviations"),
      ZarrArray(
        "weight_quantile", ["row", "model", "quantile"], shape: [count, weights.count, edges.count],
        .doubles((0..<count).flatMap { row in weights.flatMap { [$0.lower[row], $0.upper[row]] } }),
        attributes: ["description": .text("posterior quantiles")]),
    ]
  }

  private func rows(_ count: Int) -> ZarrArray { .coordinate("row", .integers(Array(0..<count).map { $0 + 1 })) }

  private func column(_ name: String, _ values: [Double], _ remark: String) -> ZarrArray {
    ZarrArray(name, ["row"], shape: [values.count], .doubles(values), attributes: ["description": .text(remark)])
  }

  /// Columns side by side, row after row.
  private func table(
    _ name: String, _ dimension: String, _ columns: [[Double]], _ count: Int, _ remark: String
  ) -> ZarrArray {
    ZarrArray(
      name, ["row", dimension], shape: [count, columns.count],
      .doubles((0..<count).flatMap { row in columns.map { $0[row] } }), attributes: ["description": .text(remark)])
  }
}
