import Experiments
import Experts
import TuningIO

extension ExperimentSettings {
  /// All that the figures depend on, in a sentence.
  var sentence: String {
    var parts: [String] = []
    let number = { (value: Double) in Int(exactly: value).map(String.init) ?? "\(value)" }
    switch experiment {
    case .switch, .transition:
      parts.append("slope τ = \(number(slope))")
      parts.append(law == .normal ? "x ~ N(0, 1)" : "x uniform on (−1, 1)")
      if experiment == .transition { parts.append("k = \(number(concentration))") }
      parts.append("\(rows) training rows and as many test rows")
      parts.append("M of \(list(experts))")
      parts.append("gates of degree \(list(gateDegrees))")
      parts.append("Algorithm 1 with τ = \(number(threshold))")
    case .motorcycle:
      parts.append("gates of Table 9 as \(gates.rawValue)")
      parts.append(tuning)
    case .wind:
      parts.append("\(rows) training rows and as many test rows")
      parts.append(tuning)
    case .pdb:
      parts.append("M = \(list(experts))")
      parts.append("harmonics of hour, weekday, month \(harmonics.hour), \(harmonics.weekday), \(harmonics.month)")
      parts.append("priors tuned with γ = \(number(entropyWeight))")
    }
    parts.append(
      "\(sampler.chains) chains of \(sampler.warmup) warmup transitions and \(sampler.draws) draws at a target acceptance of"
        + " \(number(sampler.targetAcceptance))")
    if fitsBaselines {
      let own = networkSampler
      parts.append(
        "a network of \(hiddenUnits) units (\(own.warmup) warmup transitions, \(number(own.targetAcceptance)))")
      parts.append("a process of kernel \(kernel)")
    }
    return parts.joined(separator: "; ") + "."
  }

  private var tuning: String {
    switch tuningStart {
    case .none: "nothing tuned"
    case .table: "tuned rows start from the priors by hand, γ = \(NumberText.significant(entropyWeight))"
    case .defaults: "tuned rows start from the default priors, γ = \(NumberText.significant(entropyWeight))"
    }
  }

  private func list(_ values: [Int]) -> String { values.map(String.init).joined(separator: ", ") }
}
