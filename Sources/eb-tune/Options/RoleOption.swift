import Experts
import LogDensities
import Priors
import TuningIO

/// The parameters of `--fix`, `--tie` or `--free`.
struct RoleOption: Sendable {
  let pattern: ParameterPattern

  /// - Throws: `OptionError` without the name of the option.
  init(_ text: String) throws(OptionError) {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw OptionError("it is empty; a block such as noise or a parameter such as sigma[2] is needed.")
    }
    pattern = ParameterPattern(text)
  }
}

/// A density on tuned scales: `none` or `half-cauchy` for all of them, `slopes=half-cauchy(2)` for those at a pattern.
struct HyperpriorOption: Sendable {
  let text: String
  let density: TuningPlan.Density

  /// - Throws: `OptionError` without the name of the option.
  init(_ text: String) throws(OptionError) {
    self.text = text
    switch text {
    case "none": density = .init(nil, nil)
    case "half-cauchy": density = .init(nil, .halfCauchyScale(1))
    default:
      guard text.contains("=") else {
        throw OptionError("allowed is none, half-cauchy, or such as slopes=half-cauchy(2).")
      }
      let (pattern, family) = try NamedValues.splitting(text, like: "slopes=half-cauchy(2)")
      density = .init(ParameterPattern(pattern), try Self.hyperprior(family))
    }
  }

  private static func hyperprior(_ text: String) throws(OptionError) -> Hyperprior? {
    if text == "none" { return nil }
    if text == "half-cauchy" { return .halfCauchyScale(1) }
    let values = try NamedValues(text, like: "half-cauchy(2)")
    switch values.name {
    case "half-cauchy":
      return .halfCauchyScale(try values.numbers(["scale"], positive: [true], of: values.name)[0])
    case "log-normal":
      let numbers = try values.numbers(["location", "scale"], positive: [false, true], of: values.name)
      return .normal(location: numbers[0], scale: numbers[1])
    default: throw OptionError.unknown("hyperprior", values.name, among: ["half-cauchy", "log-normal", "none"])
    }
  }
}

extension TuningOptions {
  /// `--fix`, `--tie` and `--free` in the order of the command line: later options win whatever their name.
  var rules: [TuningPlan.Rule] {
    var left: [TuningPlan.Exception: ArraySlice<RoleOption>] = [.fixed: fix[...], .tied: tie[...], .free: free[...]]
    let said = roleOrder.compactMap { exception in
      left[exception]?.popFirst().map { TuningPlan.Rule($0.pattern, exception) }
    }
    return said
      + [.fixed, .tied, .free].flatMap { exception in
        (left[exception] ?? []).map { TuningPlan.Rule($0.pattern, exception) }
      }
  }

  /// Whether the order of options of different names can matter.
  var mixesRoles: Bool { [fix, tie, free].count { !$0.isEmpty } > 1 }

  /// Notes the order of `--fix`, `--tie` and `--free` in a command line, which the parser keeps by name only.
  mutating func note(_ list: ArgumentList) {
    roleOrder = list.items.compactMap { item in
      [TuningPlan.Exception.fixed, .tied, .free].first { $0.option == "--\(item.name ?? "")" }
    }
  }

  /// What tuning moves of a model's hyperparameters.
  /// - Throws: `Failure` for a pattern that points at none of its parameters.
  func plan(for parameters: ParameterList) throws(Failure) -> TuningPlan {
    for rule in rules { _ = try parameters.places(of: rule.pattern, for: rule.exception.option) }
    for option in hyperprior {
      guard let pattern = option.density.pattern else { continue }
      _ = try parameters.places(of: pattern, for: "--hyperprior")
    }
    let standard = TuningPlan.Density(nil, .halfCauchyScale(1))
    return TuningPlan(roles: tune.roles, rules: rules, densities: [standard] + hyperprior.map(\.density))
  }

  /// Whether tuned scales have no density but where an option names one.
  var leavesOutHyperpriors: Bool {
    hyperprior.last { $0.density.pattern == nil }.map { $0.density.hyperprior == nil } ?? false
  }

  /// What `config.json` holds of it.
  var recordedRoles: [String: String] {
    var words = [
      "fix": fix.map(\.pattern.text).joined(separator: " "),
      "hyperprior": hyperprior.isEmpty ? "half-cauchy" : hyperprior.map(\.text).joined(separator: " "),
    ]
    guard !tie.isEmpty || !free.isEmpty else { return words }
    words["roles"] = rules.map { "\($0.exception.rawValue) \($0.pattern)" }.joined(separator: "; ")
    return words
  }
}

extension TuningPlan.Exception {
  /// The option that says it.
  var option: String {
    switch self {
    case .fixed: "--fix"
    case .tied: "--tie"
    case .free: "--free"
    }
  }
}
