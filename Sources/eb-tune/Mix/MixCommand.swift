import ArgumentParser
import EmpiricalBayes
import LogDensities
import ModelMixing
import Sampling
import TuningIO

/// `eb-tune mix`: several models of one quantity, combined by weights that depend on the inputs.
struct MixCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mix", abstract: "Mix several models of one quantity by weights that depend on the inputs.",
    discussion: """
      Every model comes as its predictive mean and standard deviation at observed and at new inputs. The weights' priors, and those of models with parameters, are tuned like any other.

      eb-tune mix --problem samba --out mixed
      eb-tune mix --problem coleman --weights cdf --rule mean
      eb-tune mix --data rows.csv --target y --target-error e --inputs x --model 'low=f1,s1' --model 'high=f2,s2' --weights sigmoid --predict grid.csv --out mixed

      Ctrl-C ends a run after saving where it stands; eb-tune resume goes on with it. The directory holds config.json, report.json, priors.json, trace.jsonl, draws.csv, predictions.csv and mixture.svg.
      """)

  @OptionGroup(title: "Models and data") var data: MixDataOptions
  @OptionGroup(title: "Mixing") var method: MixMethodOptions
  @OptionGroup(title: "Tuning") var tuning: MixTuningOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  /// What `config.json` says about the command.
  var invocation = Invocation.current

  /// The method in use.
  var chosenMethod: MixMethodOptions.Method {
    method.method ?? (data.problem == .taylor2D ? .trees : .linear)
  }

  /// The weight function in use; nil for methods without one.
  func chosenWeights(_ study: MixStudy) -> WeightFamily? {
    guard chosenMethod == .linear else { return nil }
    return study.weightFamily(method)
  }

  /// The rule in use; nil for methods without one.
  var chosenRule: MixMethodOptions.Rule? { chosenMethod == .linear ? method.rule ?? .density : nil }

  func run() async throws {
    try await StopRequest.obeyed { stop in try await perform(stop) }
  }

  /// The run from its data to its files. All that a user can get wrong is looked at before the first file is made.
  private func perform(_ stop: StopRequest) async throws {
    let files = try data.recordedFiles(in: nil)
    let study = try study(in: nil)
    let task = try task(of: study)
    if output.dryRun {
      return try Console.standardOutput(dryRun(of: task, study, width: Console.outputWidth))
    }
    let home = try RunHome(output, standard: RunHome.standard(of: study, self))
    home.announce(output.narration.style)
    var command = self
    (command.output, command.invocation) = home.noted(in: output, invocation)
    let directory = try home.path.map { try RunDirectory(preparing: $0, overwriting: output.overwrite) }
    try await command.perform(
      task, of: study,
      in: directory.map { directory in
        try MixFiles(
          beginning: MixConfiguration(command, study, task.plan, files: files, command.invocation), in: directory)
      }, stop)
  }

  /// What is mixed.
  /// - Parameter directory: What relative paths are relative to; nil for the working directory.
  func study(in directory: String?) throws -> MixStudy {
    try method.validate(for: chosenMethod)
    let data =
      directory.map { directory in self.data.mappingPaths { RelativePath.resolved($0, in: directory) } } ?? self.data
    let study = try MixStudy(data, seed: sampling.seed)
    if method.band == .mean, chosenMethod == .gp {
      throw Failure(
        "--band mean is for linear and tree mixing; a process has no weights whose uncertainty stands apart from its own.",
        .usage)
    }
    if method.band == .observation, study.new.errors == nil, chosenMethod != .trees || study.hasErrors {
      throw Failure(
        "--band observation needs the error of observations at the new inputs; give --target-error as a number, or as a column that is in that file too.",
        .usage)
    }
    return study
  }

  /// One run, from its beginning or from where its files stand.
  func perform(_ task: any MixTask, of study: MixStudy, in files: MixFiles?, _ stop: StopRequest) async throws {
    let work = try task.begin(in: files)
    let narrator = Narrator(output.narration.style, iterations: task.plan.knownIterations)
    defer { narrator.end(isFinished: false) }
    narrator.say(study.summary)
    for note in study.notes { narrator.say("  " + note) }
    let outcome = try await work(narrator, stop)
    narrator.end()
    var report = MixReport(self, study, outcome, files: [])
    report.files = files?.files(of: outcome, hasFigure: !report.figures.isEmpty) ?? []
    // Where files cannot be written, the result is printed still.
    let writing = Result { try files?.conclude(report, outcome) }
    report.files = files?.written ?? []
    try Console.standardOutput(
      output.json ? try JSONText.document(report) : report.text(width: Console.outputWidth))
    try writing.get()
  }

  /// The method at work on a study.
  func task(of study: MixStudy) throws -> any MixTask {
    switch chosenMethod {
    case .precision:
      guard !tuning.demandsTuning, tuning.gamma == 0 else {
        throw Failure("Precision mixing has no prior to tune; leave --tune and --gamma out.", .usage)
      }
      return ClosedFormTask { [band = method.band] in try MixOutcome(precisionOf: study, band) }
    case .trees: return try MixRun(TreeMix(study, method), study, self)
    case .gp: return try MixRun(ProcessMix(study, method), study, self)
    case .linear:
      let mixture = try study.linearMixture(method)
      try study.checkOtherRows(of: mixture)
      guard mixture.parameterCount > 0 else {
        guard !tuning.demandsTuning, tuning.gamma == 0 else {
          throw Failure(
            "The weights are known and no model has a parameter: there is nothing to tune; leave --tune and --gamma out.",
            .usage)
        }
        return ClosedFormTask { [band = method.band] in try MixOutcome(knownWeightsOf: mixture, study, band) }
      }
      let model = try study.linearModel(mixture, method)
      guard model.isContinuous else {
        return try MixRun(
          LinearMix(model: model, study: study, samplerName: "slice sampling", followsGradients: false) {
            options, _, meter in
            try SlicePosteriorSampler<LinearMixingPosterior>(
              chains: options.chains, seed: options.seed, threads: options.concurrency, meter: meter)
          }, study, self)
      }
      return try MixRun(
        LinearMix(model: model, study: study, samplerName: "NUTS", followsGradients: true) {
          options, isFinal, meter in
          try NUTSPosteriorSampler<LinearMixingPosterior>(options.settings(isFinal: isFinal), meter: meter)
        }, study, self)
    }
  }
}

extension MixMethodOptions {
  /// That no option is of another method than the one in use, which the problem may have chosen.
  func validate(for method: Method) throws {
    var options = self
    options.method = method
    do { try options.validate() } catch let error as ValidationError { throw Failure(error.message, .usage) }
  }
}
