import Experts
import Foundation
import LogDensities
import Priors
import TuningIO

/// The tuned priors as an R script of `set_prior` calls: `export --to brms`.
///
/// A mixture of experts is a mixture family of brms; blends and fusions are not, so for them the priors are a table to
/// choose from.
struct BRMSExport {
  private let run: ExportedRun

  /// The syntactic names of R by feature, each different from the others.
  private let columns: [String: String]

  init(_ run: ExportedRun) {
    self.run = run
    columns = Self.columns(of: run.expertFeatures + run.gateFeatures)
  }

  var text: String {
    let lines = zip(run.parameterNames, calls).map { name, call in
      "  \(call),  # \(name.map { $0.isNewline ? " " : String($0) }.joined())"
    }
    // The comma goes where R allows none: after the last call.
    let last = (lines.last ?? "").replacingOccurrences(of: "),  #", with: ")  #")
    return ([run.comment("#"), "library(brms)", "", formula, "tuned_priors <- c("] + lines.dropLast() + [last, ")"])
      .joined(separator: "\n") + "\n"
  }

  private var formula: String {
    let m = run.architecture.experts
    let remark =
      "# Features are on the run's scale: standardise columns and target as the run did, and name the columns of your data\n"
      + "# as the coefficients below. Formulas need '0 + Intercept', so that intercepts are where features are 0."
    guard run.architecture.combination == .moe, m > 1 else {
      return remark
        + "\n# brms has no family for this model; the distributional parameters mu1, theta1, ... name its parts,\n"
        + "# behaviour is the gate between mixture and blend."
    }
    func terms(_ names: [String]) -> String {
      (["0 + Intercept"] + names.map { columns[$0, default: $0] }).joined(separator: " + ")
    }
    var lines = [remark, "model_formula <- bf(", "  y ~ 1,"]
    lines += (1...m).map { "  mu\($0) ~ \(terms(run.expertFeatures))," }
    lines += (1..<m).map { "  theta\($0) ~ \(terms(run.gateFeatures.filter { $0 != "bias" }))," }
    lines.append("  family = mixture(\((1...m).map { _ in "gaussian" }.joined(separator: ", ")), order = \"none\")")
    return lines.joined(separator: "\n") + "\n)"
  }

  /// One call a parameter, in the order of a position.
  private var calls: [String] {
    run.blocks.flatMap { block -> [String] in
      var calls = [String](repeating: "", count: block.range.count)
      for group in block.groups {
        for (place, member) in group.members.enumerated() {
          let prior = Self.prior(group.family, group.values.map { $0[place] })
          calls[member] = "set_prior(\"\(prior)\", \(target(block, member)))"
        }
      }
      return calls
    }
  }

  /// Which coefficient of which distributional parameter.
  private func target(_ block: ExportedBlock, _ member: Int) -> String {
    func coefficient(_ name: String, _ part: String) -> String {
      "class = \"b\", coef = \"\(name == "bias" ? "Intercept" : columns[name, default: name])\", dpar = \"\(part)\""
    }
    switch block.block {
    case .intercepts: return coefficient("bias", "mu\(member + 1)")
    case .slopes:
      let width = run.architecture.expertFeatures
      return coefficient(run.expertFeatures[member % width], "mu\(member / width + 1)")
    case .gate:
      let width = run.architecture.gateFeatures
      return coefficient(run.gateFeatures[member % width], "theta\(member / width + 1)")
    case .behaviour: return coefficient(run.gateFeatures[member], "behaviour")
    case .noise: return "class = \"sigma\(member + 1)\""
    }
  }

  /// The density in Stan's words; a half density is one on a parameter with the bound 0, which brms gives sigma,
  /// and a truncated one on a parameter with its bounds.
  static func prior(_ family: PriorFamily, _ values: [Double]) -> String {
    let arguments: [Double]
    switch family {
    case .studentT: arguments = [values[2], values[0], values[1]]
    case .halfNormal, .halfCauchy: arguments = [0, values[0]]
    case .truncatedNormal: arguments = [values[0], values[1]]
    case .laplace, .normal, .logNormal, .gamma, .exponential, .uniform: arguments = values
    }
    return "\(family.inStan)(\(arguments.map { "\($0)" }.joined(separator: ", ")))"
  }

  private static func columns(of features: [String]) -> [String: String] {
    var (names, taken): ([String: String], Set<String>) = ([:], [])
    for feature in features where names[feature] == nil {
      let name = column(feature)
      let choices = [name] + (2...features.count + 2).map { "\(name)_\($0)" }
      names[feature] = choices.first { taken.insert($0).inserted }
    }
    return names
  }

  /// A syntactic name of R for a feature.
  static func column(_ feature: String) -> String {
    var name = String(feature.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "." || $0 == "_" ? $0 : "_" })
    while name.hasPrefix("_") { name.removeFirst() }
    return name.first?.isLetter == true ? name : "x" + name
  }
}
