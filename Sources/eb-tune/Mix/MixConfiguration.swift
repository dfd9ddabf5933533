import TuningIO

/// `config.json` of a mixture: every option as it was resolved, so that the run can be understood and gone on with.
struct MixConfiguration: Sendable, Codable, Equatable {
  /// A file that was read.
  struct File: Sendable, Codable, Equatable {
    /// As it was typed.
    let path: String
    /// Of its bytes, as `sha256sum` prints it.
    let sha256: String
  }

  /// Where rows and models came from.
  struct DataSource: Sendable, Codable, Equatable {
    /// The ready problem, or nil.
    let problem: String?
    /// The files that were read, each once.
    let files: [File]
    /// Observations.
    let rows: Int
    /// Inputs at which the mixture was wanted.
    let newRows: Int
    /// Rows that were held out.
    let testRows: Int
  }

  /// `mix`; see `RunKind`.
  var command = RunKind.mix.rawValue
  /// The program's version.
  var version: String
  /// The command line as it was typed, program name first.
  let commandLine: [String]
  /// Where it was typed, which relative paths are relative to.
  let workingDirectory: String?
  let data: DataSource
  /// The names of the inputs that weights depend on.
  let inputs: [String]
  /// The names of the models.
  let models: [String]
  /// `linear`, `precision`, `trees` or `gp`.
  let method: String
  /// The weight function of linear mixing; nil for other methods.
  let weights: String?
  /// The rule of linear mixing; nil for other methods.
  let rule: String?
  /// What draws from the posterior, in words.
  let sampler: String
  /// What was tuned: `blocks`, `all` or `no`.
  let tune: String
  /// The weight γ of the entropy penalty.
  let gamma: Double
  /// How λ is moved; nil where nothing is tuned, as the next two.
  let schedule: String?
  /// Outer iterations at most.
  let iterations: Int?
  /// The expected regret at which a schedule that knows it stops, in nats.
  let tolerance: Double?
  let chains: Int
  let warmup: Int
  let finalDraws: Int
  var threads: Int
  /// The seed of every random number.
  let seed: UInt64
  /// Whatever else an option decided, by its long name.
  let other: [String: String]
}

extension MixDataOptions {
  /// The same with every path of a file that is read replaced.
  func mappingPaths(_ body: (String) throws -> String) rethrows -> Self {
    var options = self
    options.data = try data.map(body)
    options.predict = try predict.map(body)
    options.testData = try testData.map(body)
    options.modelCovariance = try modelCovariance.map { try $0.mappingPaths(body) }
    return options
  }

  /// All files that are read, with their checksums.
  /// - Parameter directory: What relative paths are relative to; nil for the working directory.
  /// - Throws: `TableError`.
  func recordedFiles(in directory: String?) throws -> [MixConfiguration.File] {
    try paths.map { path in
      let place = directory.map { RelativePath.resolved(path, in: $0) } ?? path
      return MixConfiguration.File(path: path, sha256: try SHA256.hexadecimal(ofFile: place))
    }
  }

  /// The paths of all files that are read, each once.
  var paths: [String] {
    var all: [String] = []
    _ = mappingPaths { path in
      if !all.contains(path) { all.append(path) }
      return path
    }
    return all
  }
}

extension MixConfiguration {
  /// The options of a command as they were resolved for a study.
  /// - Parameter files: The files that were read.
  init(_ command: MixCommand, _ study: MixStudy, _ plan: MixPlan, files: [File], _ invocation: Invocation) {
    let (method, sampling) = (command.method, command.sampling)
    self.init(
      version: EBTune.configuration.version, commandLine: invocation.arguments,
      workingDirectory: invocation.directory,
      data: DataSource(
        problem: command.data.problem?.rawValue, files: files, rows: study.data.count,
        newRows: study.new.predictions.count, testRows: study.test?.data.count ?? 0),
      inputs: study.data.inputNames, models: study.predictions.names, method: command.chosenMethod.rawValue,
      weights: command.chosenWeights(study)?.rawValue, rule: command.chosenRule?.rawValue, sampler: plan.sampler,
      tune: plan.schedule == nil ? "no" : command.tuning.scope.rawValue, gamma: command.tuning.gamma,
      schedule: plan.schedule?.rawValue, iterations: plan.iterations,
      tolerance: plan.schedule.map { _ in command.tuning.tolerance }, chains: sampling.chains,
      warmup: sampling.warmup, finalDraws: sampling.finalDraws, threads: sampling.concurrency, seed: sampling.seed,
      other: [
        "prior": method.prior.map(\.text).joined(separator: " "), "band": method.band.rawValue,
        "model": command.data.model.map(\.text).joined(separator: " "), "metric": sampling.metric.rawValue,
        "max-depth": "\(sampling.maxDepth)",
        "target-acceptance": sampling.targetAcceptance.map { "\($0)" } ?? "0.8, 0.9 for final draws",
      ].merging(Self.given(command)) { own, _ in own })
  }

  /// What was said and has no key of its own.
  private static func given(_ command: MixCommand) -> [String: String] {
    let (data, method) = (command.data, command.method)
    return [
      "target": data.target, "target-error": data.targetError, "order": data.order.map { "\($0)" },
      "error-model": data.errorModel?.rawValue, "test-rows": data.testRows.map { "\($0)" },
      "model-covariance": Self.list(data.modelCovariance.map(\.text)), "share": Self.list(method.share.map(\.text)),
      "model-errors": method.modelErrors?.rawValue, "leaf-k": method.leafK.map { "\($0)" },
      "noise-degrees": method.noiseDegrees.map { "\($0)" }, "column": method.column, "features": method.features?.text,
      "kernel": method.kernel, "leaf-prior": method.leafPrior?.rawValue,
      "trees": method.trees.map { "\($0)" }, "simplex": method.simplex ? "true" : nil,
      "draws": command.sampling.draws.map { "\($0)" },
    ].compactMapValues { $0 }.merging(command.tuning.roles.recordedRoles) { own, _ in own }
  }

  /// nil for an option that was not given.
  private static func list(_ texts: [String]) -> String? { texts.isEmpty ? nil : texts.joined(separator: " ") }
}
