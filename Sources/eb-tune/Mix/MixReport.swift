import Diagnostics
import EmpiricalBayes
import ModelMixing
import TuningIO

/// What a run of `mix` was asked for and what it found: `report.json`. It holds no times, and all that figures are drawn of.
struct MixReport: Sendable, Codable {
  /// What was asked for, with what stood for options that were not given.
  struct Configuration: Sendable, Codable {
    let problem: String?
    let data: String?
    let models: [String]
    let inputs: [String]
    /// The column of responses; nil for a ready problem.
    let target: String?
    let rows: Int
    let newRows: Int
    let method: String
    let weights: String?
    let rule: String?
    let priors: [String]
    let sampler: String
    let tuned: Bool
    let gamma: Double
    let chains: Int
    let finalDraws: Int
    let seed: UInt64
  }

  /// The rows of data.
  struct Observations: Sendable, Codable {
    /// Column by column, in the order of `configuration.inputs`.
    let inputs: [[Double]]
    let response: [Double]
    /// The standard deviation of each observation's own error, 0 where there is none.
    let errors: [Double]
  }

  /// What is known at the inputs at which the mixture is wanted.
  struct Place: Sendable, Codable {
    /// Column by column, in the order of `configuration.inputs`.
    let inputs: [[Double]]
    /// Model by model, in the order of `configuration.models`.
    let means: [[Double]]
    /// Model by model.
    let standardDeviations: [[Double]]
    /// nil where nobody knows it.
    let truth: [Double]?
  }

  /// The problem or file.
  let name: String
  let summary: String
  let notes: [String]
  let configuration: Configuration
  let iterations: Int?
  let reason: String?
  let logEvidenceGain: Estimate?
  let coordinates: [RunReport.Coordinate]
  let parameters: [MixOutcome.Quantity]
  /// Of every model, over the rows of data.
  let meanWeights: [MixOutcome.Quantity]
  let tuning: [SampleChecks.Check]
  let posterior: [SampleChecks.Check]
  let chains: [String]
  let heldOut: MixOutcome.HeldOut?
  /// What bands of the mixture are of.
  let bands: String
  let observations: Observations
  let new: Place
  let predictions: MixPredictions
  /// The files of --out; in `report.json` all that a whole run writes.
  var files: [String]

  init(_ command: MixCommand, _ study: MixStudy, _ outcome: MixOutcome, files: [String]) {
    let method = command.chosenMethod
    summary = study.summary
    var notes = study.notes
    if study.models != nil, method != .linear {
      notes.append("The models' own parameters stand at reference values; only linear mixing calibrates them.")
    }
    if method == .linear || method == .gp, !study.hasErrors {
      notes.append(
        "Observations were taken as exact: \(method.rawValue) mixing estimates no noise; give --target-error.")
    }
    if method == .linear, command.method.rule == .correlated {
      notes.append(
        "The correlated form is no density of the data: evidence and tuning by it are for comparison with Taweret alone,"
          + " and held-out rows have no log density.")
    }
    notes += study.notes(for: method, command.method)
    if method == .gp || method == .trees, command.method.band == .quantity {
      notes.append(
        method == .trees
          ? "Trees do not use the models' own errors: bands are of the weighted sum of their means."
          : "Bands are of the random function that models and observations share.")
    }
    if method == .trees, outcome.result != nil, study.data.responseErrors.allSatisfy({ $0 > 0 }) {
      notes.append("The prior of the noise stands at the errors that are known, and was not tuned.")
    }
    if method == .gp {
      notes.append("What the models' weights lack to 1 is that of the observations and of the prior mean.")
    }
    self.notes = notes
    configuration = Configuration(
      problem: command.data.problem?.rawValue, data: command.data.data, models: study.predictions.names,
      inputs: study.data.inputNames, target: command.data.target, rows: study.data.count,
      newRows: study.new.predictions.count,
      method: method.rawValue,
      weights: command.chosenWeights(study)?.rawValue, rule: command.chosenRule?.rawValue,
      priors: command.method.prior.map(\.text), sampler: outcome.samplerName, tuned: outcome.result != nil,
      gamma: outcome.gamma, chains: command.sampling.chains, finalDraws: command.sampling.finalDraws,
      seed: command.sampling.seed)
    name = study.name
    observations = Observations(
      inputs: study.data.inputs, response: study.data.response, errors: study.data.responseErrors)
    new = Place(
      inputs: study.new.inputs, means: study.new.predictions.means,
      standardDeviations: study.new.predictions.standardDeviations, truth: study.truth)
    self.files = files
    iterations = outcome.result?.iterations
    reason = outcome.result?.reason
    logEvidenceGain = outcome.evidenceGain.flatMap { $0.isCertain ? $0.estimate : nil }
    coordinates = outcome.coordinates
    parameters = outcome.parameters
    meanWeights = outcome.meanWeights
    tuning = outcome.tuning
    posterior = outcome.posterior
    chains = outcome.chains
    heldOut = outcome.heldOut
    bands = "From the 5 % to the 95 % quantile, \(outcome.predictions.band.sentence)."
    predictions = outcome.predictions
  }
}
