import Priors
import TuningIO

extension MixCommand {
  /// What would be done, without a draw, in lines of at most `width` columns.
  func dryRun(of task: any MixTask, _ study: MixStudy, width: Int) -> String {
    func folded(_ text: String) -> [String] { TextWidth.folded(text, to: width, indent: "  ") }
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    let plan = task.plan
    let how = [chosenMethod.rawValue, chosenWeights(study)?.rawValue, chosenRule?.rawValue].compactMap { $0 }
    var lines = folded(study.summary) + study.notes.flatMap { folded("  " + $0) }
    lines += folded(
      "\(how.joined(separator: ", ")) mixing of \(study.predictions.names.joined(separator: ", ")) over"
        + " \(study.data.inputNames.joined(separator: ", ")): \(count(study.data.count, "row")) to fit,"
        + " \(study.test?.data.count ?? 0) held out, predictions at \(count(study.new.predictions.count, "input")).")
    lines += folded("Sampler: \(plan.sampler).")
    if let priors = task.priors {
      let tuned = priors.priors.flatMap { $0.hyperparameters.compactMap(\.coordinate) }
      var known: Set<String> = []
      let names = tuned.filter { known.insert($0).inserted }
      lines += folded(
        names.isEmpty || plan.schedule == nil
          ? "Nothing is tuned." : "Tuned (\(names.count)): \(names.joined(separator: ", "))")
      lines += ["", "Priors"] + TextTable.priorSummary(priors).lines(width: width)
    } else {
      lines += folded("There is no prior to tune.")
    }
    if let schedule = plan.schedule, let iterations = plan.iterations {
      lines += [""]
      lines += folded(
        "Schedule \(schedule.rawValue), \(schedule.knowsWhenToStop ? "which stops by itself after at most " : "")"
          + "\(count(iterations, "iteration")) of \(count(sampling.chains, "chain")); gamma ="
          + " \(NumberText.significant(tuning.gamma)).")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension MixCommand {
  /// Who chose the prior of a parameter.
  func priorSource(of parameter: String, _ study: MixStudy) -> String {
    let block = chosenMethod == .gp ? "kernel" : parameter.hasPrefix("model[") ? "models" : "weights"
    if let option = method.prior.last(where: { $0.pattern.matches(parameter, in: block) }) {
      return "--prior \(option.text)"
    }
    let isSuggestedFamily = chosenWeights(study)?.rawValue == study.suggestion?.weights
    let suggested =
      (isSuggestedFamily ? study.suggestion?.weightPriors ?? [] : []) + (study.suggestion?.modelPriors ?? [])
    if chosenMethod == .linear, suggested.contains(where: { $0.parameter == parameter }) { return study.name }
    guard let leaves = method.leafPrior, parameter != "sigma" else { return "default" }
    return "--leaf-prior \(leaves.rawValue)"
  }
}
