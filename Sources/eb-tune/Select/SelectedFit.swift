import Experiments
import TuningIO

/// The command that fits a chosen trial, as a user would type it.
struct SelectedFit: Sendable {
  let text: String

  init(
    _ configuration: TrialConfiguration, _ priors: SelectPriorSet?, _ study: Study, _ data: DataOptions,
    _ sampling: SamplingOptions
  ) {
    var words = ["eb-tune", "tune"]
    func add(_ option: String, _ value: String?) {
      guard let value else { return }
      words += [option, value]
    }
    add("--problem", data.data == nil ? study.name : nil)
    add("--data", data.data)
    add("--test-data", data.testData)
    add("--test-fraction", data.testFraction.map { "\($0)" })
    add("--split-seed", data.splitSeed.map { "\($0)" })
    add("--test-after", data.testAfter)
    add("--target", data.target)
    add("--expert", data.expert)
    // One expert has no gate, but the data options of a file may need one.
    var gate = configuration.experts > 1 ? configuration.gate : data.expert == nil ? study.gateTerms : nil
    if gate?.isEmpty == true { gate = nil }
    add("--gate", data.data == nil && gate == study.gateTerms && data.gate == nil ? nil : gate)
    if data.rawScale { words.append("--raw-scale") }
    if data.defaultPriors || (study.handPriors != nil && priors?.own == nil) { words.append("--default-priors") }
    add("--model", configuration.combination.rawValue)
    add("--experts", "\(configuration.experts)")
    for option in priors?.options ?? [] { add("--prior", option.text) }
    if let weight = configuration.entropyWeight, weight > 0 { add("--gamma", "\(weight)") }
    if sampling.seed != 1 { add("--seed", "\(sampling.seed)") }
    text = words.map(ShellWord.quoted).joined(separator: " ")
  }
}
