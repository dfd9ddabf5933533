import Diagnostics
import EmpiricalBayes
import ModelMixing
import TuningIO

/// What a run of `mix` was asked for and what it found: `mix.json`. It holds no times.
struct MixReport: Sendable, Encodable {
  /// What was asked for, with what stood for options that were not given.
  struct Configuration: Sendable, Encodable {
    let problem: String?
    let data: String?
    let models: [String]
    let inputs: [String]
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
  let predictions: MixPredictions
  var files: [String] = []

  let study: MixStudy
  let outcome: MixOutcome

  private enum CodingKeys: String, CodingKey {
    case summary, notes, configuration, iterations, reason, logEvidenceGain, coordinates, parameters, meanWeights
    case tuning, posterior, chains, heldOut, bands, predictions, files
  }

  init(_ command: MixCommand, _ study: MixStudy, _ outcome: MixOutcome) {
    self.study = study
    self.outcome = outcome
    let method = command.chosenMethod
    summary = study.summary
    var notes = study.notes
    if study.models != nil, method != .linear {
      notes.append("The models' own parameters stand at reference values; only linear mixing calibrates them.")
    }
    if method == .linear, !study.hasErrors {
      notes.append("Observations were taken as exact: linear mixing estimates no noise; give --target-error.")
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
      inputs: study.data.inputNames, rows: study.data.count, newRows: study.new.predictions.count,
      method: method.rawValue,
      weights: method == .linear ? study.weightFamily(command.method).rawValue : nil,
      rule: method == .linear ? (command.method.rule ?? .density).rawValue : nil,
      priors: command.method.prior.map(\.text), sampler: outcome.samplerName, tuned: outcome.result != nil,
      gamma: outcome.gamma, chains: command.sampling.chains, finalDraws: command.sampling.finalDraws,
      seed: command.sampling.seed)
    iterations = outcome.result?.iterations
    reason = outcome.result?.reason
    logEvidenceGain = outcome.result?.logEvidenceGain
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

extension MixReport {
  /// The result for people, in lines of at most `width` columns.
  func text(width: Int) -> String {
    func folded(_ text: String, indent: String = "") -> [String] { TextWidth.folded(text, to: width, indent: indent) }
    let how = [configuration.method, configuration.weights, configuration.rule].compactMap { $0 }
    var lines = folded(
      "\(study.name): \(how.joined(separator: ", ")) mixing of \(configuration.models.joined(separator: ", "));"
        + " \(configuration.rows) rows, \(configuration.sampler)")
    if let iterations, let reason {
      lines += [""] + folded("After \(iterations) iteration\(iterations == 1 ? "" : "s"): \(reason)")
      if let gain = logEvidenceGain {
        lines += folded(
          "  log evidence \(gain.value < 0 ? "fell" : "rose") by \(NumberText.withError(abs(gain.value), gain.standardError))"
            + " nats along the path from the initial priors", indent: "  ")
      }
      lines += ["", "What was tuned"] + RunReport.Coordinate.table(coordinates).lines(width: width)
    }
    lines += quantities("Parameters", parameters, width)
    lines += quantities("Mean weights over the rows", meanWeights, width)
    lines += [""] + folded("Predictions at \(configuration.newRows) inputs. \(bands)")
    lines += ["", "Verdict"]
    var remarks = (tuning + posterior).map { ($0.status == .pass ? "ok" : "WARN", $0.sentence) }
    remarks += chains.map { ("note", $0) }
    remarks += (notes + [heldOut?.sentence].compactMap { $0 }).map { ("note", $0) }
    if iterations == nil {
      remarks.append(
        ("note", configuration.sampler == "closed form" ? "There is no prior to tune." : "Nothing was tuned."))
    }
    for (mark, sentence) in remarks {
      lines += folded("  \(mark)\(String(repeating: " ", count: 4 - mark.count))  \(sentence)", indent: "        ")
    }
    if !files.isEmpty { lines += [""] + folded("Written: " + files.joined(separator: ", "), indent: "  ") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func quantities(_ title: String, _ rows: [MixOutcome.Quantity], _ width: Int) -> [String] {
    guard !rows.isEmpty else { return [] }
    var table = TextTable([
      ("", .left), ("mean", .right), ("sd", .right), ("5 %", .right), ("50 %", .right), ("95 %", .right),
    ])
    for row in rows {
      table.append(
        [row.name]
          + [row.mean, row.standardDeviation, row.lower, row.median, row.upper].map { NumberText.significant($0) })
    }
    return ["", title] + table.lines(width: width)
  }
}
