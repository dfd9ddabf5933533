import EmpiricalBayes
import Experts
import LogDensities
import TuningIO

/// A model of experts, with block scales and half-Cauchy hyperpriors as plain tuning has them, and its reference surface.
struct ExpertProblem: BenchmarkProblem {
  let name: String
  let summary: String
  let gamma: Double
  private let model: ExpertModel
  private let test: ExpertRows?
  private let surface: ObjectiveSurface

  init(_ name: String, _ study: Study, _ model: ExpertModel, gamma: Double, _ surface: BenchmarkSurface) {
    self.name = name
    self.gamma = gamma
    self.model = model
    test = study.test
    self.surface = ObjectiveSurface(surface, of: model, gamma: gamma)
    summary =
      "\(study.summary) \(model.dimension) parameters, \(model.hyperparameters.coordinates.count) hyperparameters,"
      + " reference from pooled draws about the maximum, known to \(NumberText.significant(surface.resolution, digits: 1)) nats."
      + (surface.untunedDensity.map { " Held-out LPPD/row at the initial priors: \(NumberText.fixed($0, digits: 3))." }
        ?? "")
      + (surface.doubt.map { " " + $0 } ?? "")
  }

  var holdsRowsOut: Bool { test != nil }

  func model(for seed: Int) -> ExpertModel { model }

  func regret(of lambda: Hyperparameters, for seed: Int) -> Double { surface.regret(of: lambda) }

  func heldOutDensity(_ draws: WeightedSample) throws -> Double? {
    try test.map { try Self.meanDensity(draws, of: $0, model) }
  }

  /// The mean log predictive density of rows.
  static func meanDensity(_ draws: WeightedSample, of rows: ExpertRows, _ model: ExpertModel) throws -> Double {
    let densities = try draws.logPredictiveDensity(of: rows, model.architecture)
    return densities.reduce(0, +) / Double(densities.count)
  }

  /// The model of a study, unordered: an ordering changes no evidence that schedules could differ by.
  static func model(of study: Study, _ options: ModelOptions, gamma: Double) throws -> ExpertModel {
    let experts = options.experts ?? study.experts
    let architecture = ExpertArchitecture(
      combination: options.model, experts: experts, expertFeatures: study.training.expertNames.count,
      gateFeatures: study.training.gateNames.count)
    guard study.training.count >= architecture.dimension else {
      throw Failure(
        "\(study.name): \(study.training.count) rows are too few for the \(architecture.dimension) parameters of"
          + " \(options.model.rawValue) with \(experts) experts; allowed is \(architecture.dimension) or more.", .data)
    }
    guard gamma == 0 || experts > 1 else {
      throw Failure(
        "--gamma is \(gamma), but a single expert has no entropy; allowed is 0 or --experts 2 or more.", .usage)
    }
    return try ExpertModel(
      options.model, experts: experts, data: study.training,
      priors: study.priors(for: architecture, options: options.prior))
  }
}
