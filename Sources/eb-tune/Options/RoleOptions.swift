import ArgumentParser
import LogDensities
import Priors
import TuningIO

/// Exceptions from what is tuned, and the densities on what is.
struct RoleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Parameters whose hyperparameters stay as they are: a block such as noise, or a pattern as in --prior. May be repeated; of --fix, --tie and --free the last wins.",
      valueName: "pattern"), transform: { try RoleOption($0) })
  var fix: [RoleOption] = []

  @Option(
    help: ArgumentHelp(
      "Parameters whose scales move together as one hyperparameter, apart from the rest of their block, such as 'slope[*,temperature]'. May be repeated.",
      valueName: "pattern"), transform: { try RoleOption($0) })
  var tie: [RoleOption] = []

  @Option(
    help: ArgumentHelp(
      "Parameters that have a tuned scale each, such as 'slope[2,*]'. May be repeated.", valueName: "pattern"),
    transform: { try RoleOption($0) })
  var free: [RoleOption] = []

  /// The order in which the options of the three names stand.
  var roleOrder: [TuningPlan.Exception] = []

  @Option(
    help: ArgumentHelp(
      "The density on tuned scales, in units of where each starts: half-cauchy (of scale 1) or none for all, 'slopes=half-cauchy(2)', 'noise=log-normal(0,0.5)' or 'gate=none' for some. May be repeated; later ones win. (default: half-cauchy)",
      valueName: "density"), transform: { try HyperpriorOption($0) })
  var hyperprior: [HyperpriorOption] = []
}

extension RoleOptions {
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

  /// Whether nothing was said.
  var isStandard: Bool { fix.isEmpty && tie.isEmpty && free.isEmpty && hyperprior.isEmpty }

  /// Whether the order of options of different names can matter.
  var mixesRoles: Bool { [fix, tie, free].count { !$0.isEmpty } > 1 }

  /// Notes the order of `--fix`, `--tie` and `--free` in a command line, which the parser keeps by name only.
  mutating func note(_ list: ArgumentList) {
    roleOrder = list.items.compactMap { item in
      [TuningPlan.Exception.fixed, .tied, .free].first { $0.option == "--\(item.name ?? "")" }
    }
  }

  /// What tuning moves of a model's hyperparameters.
  /// - Parameters:
  ///   - roles: What holds where no option says otherwise.
  ///   - standing: Exceptions that the model has by itself.
  /// - Throws: `Failure` for a pattern that points at none of its parameters.
  func plan(
    for parameters: ParameterList, roles: TuningRoles, after standing: [TuningPlan.Rule] = []
  ) throws(Failure) -> TuningPlan {
    for rule in rules { _ = try parameters.places(of: rule.pattern, for: rule.exception.option) }
    for option in hyperprior {
      guard let pattern = option.density.pattern else { continue }
      _ = try parameters.places(of: pattern, for: "--hyperprior")
    }
    let standard = TuningPlan.Density(nil, .halfCauchyScale(1))
    return TuningPlan(
      roles: roles, rules: standing + rules, densities: [standard] + hyperprior.map(\.density))
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
