import ArgumentParser
import Experts
import Foundation
import LogDensities
import Priors

/// A prior as a user types it: `slopes=normal(0,2)` for a block, `sigma[2]=gamma(2,1)` for one parameter.
struct PriorOption: ExpressibleByArgument, Sendable {
  let text: String
  let name: String
  let prior: ScalarPrior

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "="), argument.hasSuffix(")"),
      let bracket = argument[equals...].firstIndex(of: "(")
    else { return nil }
    let values = argument[argument.index(after: bracket)...].dropLast().split(
      separator: ",", omittingEmptySubsequences: false
    ).map { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard let family = PriorFamily(rawValue: String(argument[argument.index(after: equals)..<bracket])),
      values.count == family.hyperparameters.count
    else { return nil }
    var tuningValues = HyperparameterVector(repeating: 0)
    for (lane, (kind, value)) in zip(family.hyperparameters, values).enumerated() {
      guard let value, value.isFinite, kind == .location || value > 0 else { return nil }
      tuningValues[lane] = kind == .location ? value : log(value)
    }
    text = argument
    name = String(argument[..<equals])
    prior = ScalarPrior(family, tuningValues: tuningValues)
  }

  /// Families with their hyperparameters, for the help.
  static let families = PriorFamily.allCases.map { family in
    "\(family.rawValue)(\(family.hyperparameters.map(\.quantity).joined(separator: ",")))"
  }.joined(separator: ", ")

  /// The priors with this one in place; for a block it replaces those of all of its parameters.
  func applied(to priors: ExpertPriors, of architecture: ExpertArchitecture, _ names: [String]) -> ExpertPriors {
    var priors = priors
    if let block = ExpertBlock(rawValue: name) {
      priors[block] = prior
      for index in architecture.range(of: block) { priors.overrides[names[index]] = nil }
    } else {
      priors.overrides[name] = prior
    }
    return priors
  }
}
