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
