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

      Mixing is quick and keeps no checkpoint: an interrupted run begins anew.
      """)

  @OptionGroup(title: "Models and data") var data: MixDataOptions
  @OptionGroup(title: "Mixing") var method: MixMethodOptions
  @OptionGroup(title: "Tuning") var tuning: MixTuningOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions

  @Option(
    help: ArgumentHelp(
      "Write mix.json, predictions.csv, draws.csv, trace.jsonl and figures to this new directory.", valueName: "dir"))
  var out: String?

  @Flag(help: "Replace an earlier mixture in the same directory.")
  var overwrite = false

  @OptionGroup var narration: ProgressOptions

  @Flag(help: "Print the result as JSON on standard output instead of text.")
  var json = false

  /// The method in use.
  var chosenMethod: MixMethodOptions.Method {
    method.method ?? (data.problem == .taylor2D ? .trees : .linear)
  }

  func run() async throws {
    try await StopRequest.obeyed { stop in try await perform(stop) }
  }

  private func perform(_ stop: StopRequest) async throws {
    try method.validate(for: chosenMethod)
    let study = try MixStudy(data, seed: sampling.seed)
    if method.band == .observation, study.new.errors == nil, chosenMethod == .linear || chosenMethod == .precision {
      throw Failure(
        "--band observation needs the error of observations at the new inputs; give --target-error as a number, or as a column that is in that file too.",
        .usage)
    }
    let files = try out.map { try MixFiles(at: $0, overwriting: overwrite) }
    let narrator = Narrator(
      narration.style, iterations: tuning.schedule?.knowsWhenToStop == false ? tuning.resolvedIterations : nil)
    narrator.say(study.summary)
    for note in study.notes { narrator.say("  " + note) }
    var report = try await report(study, narrator, stop)
    report.files = try files?.conclude(report) ?? []
    try Console.standardOutput(
      json ? try JSONText.document(report) : report.text(width: Console.outputWidth))
  }

  private func report(_ study: MixStudy, _ narrator: Narrator, _ stop: StopRequest) async throws -> MixReport {
    func report<Method: MixMethod>(_ method: Method) async throws -> MixReport {
      MixReport(self, study, try await MixRun(method, study, self).perform(narrator, stop))
    }
    switch chosenMethod {
    case .precision:
      guard tuning.tune != .yes, tuning.gamma == 0 else {
        throw Failure("Precision mixing has no prior to tune; leave --tune and --gamma out.", .usage)
      }
      return MixReport(self, study, try MixOutcome(precisionOf: study, method.band))
    case .trees: return try await report(TreeMix(study, method))
    case .gp: return try await report(ProcessMix(study, method))
    case .linear:
      let mixture = try study.linearMixture(method)
      guard mixture.parameterCount > 0 else {
        guard tuning.tune != .yes, tuning.gamma == 0 else {
          throw Failure(
            "The weights are known and no model has a parameter: there is nothing to tune; leave --tune and --gamma out.",
            .usage)
        }
        return MixReport(self, study, try MixOutcome(knownWeightsOf: mixture, study, method.band))
      }
      let model = try study.linearModel(mixture, method)
      guard model.isContinuous else {
        return try await report(
          LinearMix(model: model, study: study, samplerName: "slice sampling", followsGradients: false) {
            options, _, meter in
            try SlicePosteriorSampler<LinearMixingPosterior>(
              chains: options.chains, seed: options.seed, threads: options.concurrency, meter: meter)
          })
      }
      return try await report(
        LinearMix(model: model, study: study, samplerName: "NUTS", followsGradients: true) {
          options, isFinal, meter in
          try NUTSPosteriorSampler<LinearMixingPosterior>(options.settings(isFinal: isFinal), meter: meter)
        })
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
