import EmpiricalBayes
import Evaluation
import Experts
import LogDensities
import Sampling
import TuningIO

/// What the final draws say about λ̂ and what λ̂ does to results: all from draws that are there already.
struct Consequences: Sendable, Codable {
  /// PSIS-LOO in a few numbers. At tuned λ it may not choose λ: a collapsed prior has the best of all.
  struct LeaveOneOut: Sendable, Codable {
    /// A density of the target on the model's scale.
    let elpd: Double
    /// Of the target in its own units; nil in files of earlier versions.
    let elpdInTargetUnits: Double?
    let standardError: Double?
    let effectiveParameters: Double
    /// Rows whose Pareto k is too large to believe their term.
    let unreliableRows: Int
    let rows: Int
    let sentence: String

    /// What people are shown, and what it is a density of.
    var shown: String {
      let value = elpdInTargetUnits ?? elpd
      return standardError.map { NumberText.withError(value, $0) } ?? NumberText.significant(value)
    }
    var scale: String {
      elpdInTargetUnits == nil ? "of the target on the model's scale" : "of the target in its own units"
    }
  }

  let uncertainty: LambdaUncertainty
  /// Parameters, then predictive means at about twenty rows: plug-in, corrected to first order, averaged over λ.
  let posterior: [UncertaintyCorrection.Function]
  /// k̂ of the weights that average over λ; nil where there are none, or it is infinite.
  let averagingKhat: Double?
  /// The largest effects of hyperparameters on posterior means that are more than noise.
  let sensitivity: [PriorSensitivity.Entry]
  let leaveOneOut: LeaveOneOut?

  /// - Parameters:
  ///   - tuned: Draws of the posterior at λ̂, and
  ///   - summarised: the same with experts numbered for people, whose parameters are summarised.
  ///   - averaged: Takes the log weights of the draws for the posterior averaged over λ, where they are allowed.
  init(
    _ tuned: WeightedSample, summarised: PosteriorSample, at lambda: Hyperparameters, of run: TuningRun,
    averaged: (([Double]) -> Void)? = nil
  ) throws {
    let model = run.model
    uncertainty = try LambdaUncertainty(tuned, of: model, at: lambda, objective: run.loop.objective)
    let (names, values) = Self.functions(of: summarised, model)
    let correction = try UncertaintyCorrection(
      tuned, of: model, at: lambda, uncertainty: uncertainty, functions: names, values: values)
    posterior = correction.functions
    averagingKhat = correction.averaging?.khat
    if let averaging = correction.averaging, averaging.isAllowed { averaged?(averaging.logWeights) }
    sensitivity = PriorSensitivity(correction, uncertainty).largest(40).filter(\.isResolved)
    leaveOneOut = Self.leaveOneOut(tuned, of: model, run.study.scaling)
  }

  /// The parameters by name, and the predictive means of the model's label-invariant quantities.
  private static func functions(of sample: PosteriorSample, _ model: ExpertModel) -> ([String], [[Double]]) {
    let rows = (0..<sample.count).map { sample.withPosition($0, model.constrained) }
    let invariant = (0..<sample.count).map { sample.withPosition($0, model.convergenceQuantities) }
    let isMean = model.convergenceQuantityNames.map { $0.hasPrefix("predictive mean") }
    var names = model.parameterNames
    var values = names.indices.map { column in rows.map { $0[column] } }
    for (column, name) in model.convergenceQuantityNames.enumerated() where isMean[column] {
      names.append(name)
      values.append(invariant.map { $0[column] })
    }
    return (names, values)
  }

  private static func leaveOneOut(
    _ draws: WeightedSample, of model: ExpertModel, _ scaling: ResponseScaling
  ) -> LeaveOneOut? {
    let sample = draws.sample
    let likelihood = PointwiseLogLikelihood(
      of: model, at: sample.positions, chains: sample.chains, drawsPerChain: sample.drawsPerChain)
    guard let loo = try? PSISLOO(likelihood, logWeights: draws.logWeights) else { return nil }
    return LeaveOneOut(
      elpd: loo.elpd, elpdInTargetUnits: loo.elpd + scaling.logDensityShift(rows: loo.rows.count),
      standardError: loo.standardError, effectiveParameters: loo.effectiveParameters,
      unreliableRows: loo.unreliableRows.count, rows: loo.rows.count, sentence: loo.sentence)
  }
}

extension Consequences {
  /// How much plugging in λ̂ understates, PSIS-LOO, and coordinates without an interval, as sentences.
  var sentences: [String] {
    withoutInterval + [understatement, leaveOneOut.map(Self.text)].compactMap { $0 }
  }

  /// One sentence for each reason why coordinates have no interval.
  private var withoutInterval: [String] {
    [LambdaUncertainty.Standing.atBound, .noLouisError, .noMaximum].compactMap { standing in
      let found = uncertainty.coordinates.filter { $0.standing == standing }
      guard found.count > 2 else { return found.isEmpty ? nil : found.map(\.sentence).joined(separator: " ") }
      let names = found.prefix(3).map(\.name).joined(separator: ", ") + (found.count > 3 ? " and others" : "")
      let reason =
        switch standing {
        case .atBound: "lie at their bounds"
        case .noLouisError: "are Laplace locations, whose score is not continuous"
        default: "are flat, as far as these draws tell, or not at their maximum"
        }
      return "\(found.count) coordinates have no interval, since they \(reason): \(names)."
    }
  }

  private var understatement: String? {
    let ratios = posterior.compactMap { function in
      function.correctedDeviation.map { (function.name, $0 / function.deviation) }
    }.filter { $0.1.isFinite }
    guard let largest = ratios.max(by: { $0.1 < $1.1 }) else { return nil }
    let percent = 100 * (largest.1 - 1)
    let size = percent < 0.05 ? "less than 0.1" : "at most \(NumberText.fixed(percent, digits: 1))"
    let averages =
      averagingKhat.map {
        $0 <= 0.7
          ? " Draws reweighted over the normal for λ agree with this only to first order; their means and deviations stand"
            + " beside (k-hat \(NumberText.fixed($0, digits: 2)))."
          : " Reweighting the draws over the normal for λ is not allowed (k-hat \(NumberText.fixed($0, digits: 2)) above 0.7)."
      } ?? ""
    let isConditional = uncertainty.coordinates.contains { $0.standing != .estimated }
    return "Plugging in λ understates posterior standard deviations by \(size) % (\(largest.0))"
      + (isConditional ? ", not counting coordinates without an interval" : "")
      + "; posterior.csv and report.json give both, plug-in and corrected.\(averages)"
  }

  private static func text(_ loo: LeaveOneOut) -> String {
    "PSIS-LOO at the tuned priors: elpd \(loo.shown) (a density \(loo.scale)), p_loo"
      + " \(NumberText.fixed(loo.effectiveParameters, digits: 1))."
      + " \(loo.sentence) It did not choose the priors, and cannot: priors that collapse on the data look best to it."
  }

  /// The strongest effects, one line a hyperparameter and result.
  func sensitivityLines(width: Int) -> [String] {
    guard !sensitivity.isEmpty else { return [] }
    var table = TextTable([
      ("hyperparameter", .left), ("moves", .left), ("sd per unit", .right), ("sd per its error", .right),
    ])
    for entry in sensitivity.prefix(5) {
      table.append([
        entry.coordinate, entry.function, NumberText.withError(entry.effect.value, entry.effect.standardError),
        entry.perStandardError.map { NumberText.fixed($0, digits: 2) } ?? "-",
      ])
    }
    return ["", "What the priors move most"] + table.lines(width: width)
  }
}
