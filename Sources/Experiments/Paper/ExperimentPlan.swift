import EmpiricalBayes
import Experts
import GaussianProcesses
import LogDensities
import NeuralNetworks
import Priors

/// What one repetition of an experiment fits, and which fits its table shows. Everything that can be wrong with the rows is
/// found here, before the first fit.
public struct ExperimentPlan: Sendable {
  /// A row of the table: the best of some fits by Algorithm 1.
  public struct Row: Sendable {
    /// What the table calls it.
    public var label: String
    /// The row of the paper's table that it stands beside; nil where there is none.
    public var published: String?
    /// The keys of its fits.
    public var candidates: [String]
    /// Why nothing is fitted, a sentence; nil where something is.
    public var leftOut: String?
  }

  /// Fits among which Algorithm 1 chooses.
  public struct Choice: Sendable {
    /// The model.
    public var model: String
    /// The keys of its fits.
    public var candidates: [String]
  }

  /// The settings of all repetitions.
  public let settings: ExperimentSettings
  /// The random numbers of this one.
  public let seed: UInt64
  /// The rows and where they come from.
  public let problem: Problem
  /// What is fitted.
  public private(set) var jobs: [ExperimentJob] = []
  /// What the table shows, in its order.
  public private(set) var rows: [Row] = []
  /// What Algorithm 1 is asked.
  public private(set) var choices: [Choice] = []

  /// The plan of one repetition.
  /// - Throws: what the columns of a file throw; `ModelError`, `DesignError` and `GaussianProcessError` for what does not fit.
  public init(_ settings: ExperimentSettings, seed: UInt64, data: (some ColumnSource)?) throws {
    self.settings = settings
    self.seed = seed
    problem = try settings.problem(seed: seed, data: data)
    switch settings.experiment {
    case .switch, .transition: try addGrid()
    case .motorcycle, .wind: try addHandPriors()
    case .pdb: try addTunedPriors()
    }
    if settings.fitsBaselines { try addBaselines() }
  }

  private static let models: [(combination: Combination, name: String)] = [
    (.moe, "MoE"), (.boe, "BoE"), (.cocoafuse, "CoCoAFusE"),
  ]

  private var fitSettings: FitSettings {
    var settings = FitSettings(sampler: settings.sampler)
    settings.sampler.seed = seed
    return settings
  }

  private var tuningSettings: TuningSettings { TuningSettings(entropyWeight: settings.entropyWeight) }

  /// Every model with every number of experts and degree of the gate, at default priors.
  private mutating func addGrid() throws {
    let gates = try settings.gateDegrees.map { degree in
      let terms = try FeatureTerm.text(of: [FeatureTerm(.polynomial(.column("x"), degree: degree))])
      return (degree, try problem.rows(gateTerms: degree == 1 ? problem.gateTerms : terms))
    }
    for (combination, name) in Self.models {
      var keys: [String] = []
      for experts in settings.experts {
        var own: [String] = []
        for (degree, rows) in gates {
          let key = "\(name) | \(experts) experts | gate degree \(degree)"
          let model = try ExpertModel(combination, experts: experts, data: rows.training)
          add(key, name, "\(experts) experts, gate degree \(degree)", model, test: rows.test)
          own.append(key)
        }
        keys += own
        if settings.experiment == .transition, combination == .moe {
          rows.append(Row(label: "MoE\(experts)", published: "MoE\(experts)", candidates: own))
        }
      }
      choices.append(Choice(model: name, candidates: keys))
      if settings.experiment != .transition || combination != .moe {
        rows.append(Row(label: name, published: name, candidates: keys))
      }
    }
  }

  /// Every model at the paper's hand-made priors, and tuned.
  private mutating func addHandPriors() throws {
    let (training, test) = try problem.rows()
    for (combination, name) in Self.models {
      let model = try model(combination, training, handMade: true)
      add(name, name, "\(problem.experts) experts, priors by hand", model, test: test)
      rows.append(Row(label: name, published: name, candidates: [name]))
    }
    guard settings.tuningStart != .none else { return }
    for (combination, name) in Self.models {
      let start = try model(combination, training, handMade: settings.tuningStart == .table)
      let key = "\(name), tuned"
      let detail = "tuned from \(settings.tuningStart == .table ? "the priors by hand" : "the default priors")"
      add(key, key, detail, start, test: test, tuning: tuningSettings)
      rows.append(Row(label: key, published: nil, candidates: [key]))
    }
  }

  /// CoCoAFusE with priors tuned from the defaults; MoE and BoE with its tuned priors.
  private mutating func addTunedPriors() throws {
    let (training, test) = try problem.rows()
    let experts = settings.experts[0]
    let fused = "CoCoAFusE"
    add(
      fused, fused, "\(experts) experts, priors tuned", try model(.cocoafuse, training, handMade: false), test: test,
      tuning: tuningSettings)
    for (combination, name) in Self.models.dropLast() {
      // Any priors show now whether the model fits the rows.
      let plain = try model(combination, training, handMade: false)
      let settings = fitSettings
      jobs.append(
        ExperimentJob(key: name, seed: seed, predecessor: fused) { priors in
          let imposed = try ExpertModel(
            combination, experts: experts, data: training,
            priors: (priors ?? ExpertPriors()).restricted(to: plain.parameterNames))
          let fit = try await PosteriorFit(imposed, settings)
          return .init(scores: try fit.scores(name: name, detail: "priors of \(fused)", test: test), priors: nil)
        })
      rows.append(Row(label: name, published: name, candidates: [name]))
    }
    rows.append(Row(label: fused, published: fused, candidates: [fused]))
  }

  private func model(_ combination: Combination, _ rows: ExpertRows, handMade: Bool) throws -> ExpertModel {
    let experts = settings.experts[0]
    let architecture = ExpertArchitecture(
      combination: combination, experts: experts, expertFeatures: rows.expertNames.count,
      gateFeatures: rows.gateNames.count)
    let names = architecture.parameterNames(expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    let priors = handMade ? try problem.priors?.priors(of: architecture, named: names) : nil
    return try ExpertModel(combination, experts: experts, data: rows, priors: priors ?? ExpertPriors())
  }

  private mutating func add(
    _ key: String, _ name: String, _ detail: String, _ model: ExpertModel, test: ExpertRows?,
    tuning: TuningSettings? = nil
  ) {
    var settings = fitSettings
    settings.tuning = tuning
    var model = model
    if let tuning {
      model.hyperparameters = model.hyperparameters.assigned(
        tuning.roles, hyperprior: tuning.usesHyperprior ? .halfCauchyScale(1) : nil)
    }
    let (fitted, how) = (model, settings)
    jobs.append(
      ExperimentJob(key: key, seed: seed, predecessor: nil) { _ in
        let fit = try await PosteriorFit(fitted, how)
        return .init(
          scores: try fit.scores(name: name, detail: detail, test: test),
          priors: tuning == nil ? nil : fitted.priors(at: fit.lambda))
      })
  }

  /// The most rows of a Gaussian process: a climb holds matrices of all pairs of rows, 200 MB each at this number.
  public static let mostProcessRows = 5000

  private mutating func addBaselines() throws {
    let (training, test) = try problem.rows()
    let baseline = try BaselineRows(training: training, test: test, target: problem.target)
    let network = try NeuralNetworkModel(
      rows: NeuralNetworkRows(
        featureNames: baseline.names, features: Array(baseline.training.joined()), response: baseline.response),
      hiddenUnits: settings.hiddenUnits)
    var how = fitSettings
    how.sampler = settings.networkSampler
    how.sampler.seed = seed
    let (drawing, detail) = (how, "\(settings.hiddenUnits) hidden units")
    jobs.append(
      ExperimentJob(key: "BNN", seed: seed, predecessor: nil) { _ in
        .init(scores: try await PosteriorFit(network, drawing).scores(detail: detail, rows: baseline), priors: nil)
      })
    rows.append(Row(label: "BNN", published: "BNN", candidates: ["BNN"]))
    try addProcess(baseline)
  }

  private mutating func addProcess(_ baseline: BaselineRows) throws {
    let kernel = settings.kernel
    _ = try CovarianceFunction(parsing: kernel, features: baseline.names)
    var row = Row(label: "GPR", published: "GPR", candidates: [])
    if baseline.response.count > Self.mostProcessRows {
      row.leftOut =
        "left out, since \(baseline.response.count) rows are more than the \(Self.mostProcessRows) for which a matrix of all"
        + " pairs of rows is made."
    } else {
      row.candidates = ["GPR"]
      let search = GaussianProcessFitSettings(seed: seed, threads: settings.sampler.threads)
      jobs.append(
        ExperimentJob(key: "GPR", seed: seed, predecessor: nil) { _ in
          .init(scores: try await .process(kernel: kernel, rows: baseline, settings: search), priors: nil)
        })
    }
    rows.append(row)
  }
}

extension Problem {
  /// Training and test rows with the features of experts and gate, those of the gate replaced where `gateTerms` are given.
  /// - Throws: what `Design.fit` throws, and `FeatureSyntaxError`.
  func rows(gateTerms: String? = nil) throws -> (training: ExpertRows, test: ExpertRows?) {
    let expert = try expertDesign()
    let gate = try Design.fit(
      FeatureTerm.parse(gateTerms ?? self.gateTerms), to: training, rows: training.rows, bias: true,
      standardizesColumns: standardizesColumns)
    let fitted = ExpertRows(expert.matrix, gate.matrix, response: try trainingResponse())
    guard test.rows > 0 else { return (fitted, nil) }
    let held = ExpertRows(
      try expert.design.matrix(for: test, rows: test.rows), try gate.design.matrix(for: test, rows: test.rows),
      response: try testResponse())
    return (fitted, held)
  }
}
