import LogDensities
import Priors

extension ExpertModel {
  /// The scalar priors of all parameters at λ, as exceptions by name: to impose what was tuned on one model on another.
  public func priors(at lambda: Hyperparameters) -> ExpertPriors {
    precondition(lambda.count == hyperparameters.count, "λ is of this model")
    var priors = ExpertPriors()
    for (index, name) in parameterNames.enumerated() {
      var values = HyperparameterVector(repeating: 0)
      for (lane, entry) in layout.entries[index].enumerated() { values[lane] = lambda.values[entry] }
      priors.overrides[name] = ScalarPrior(layout.families[index], tuningValues: values)
    }
    return priors
  }
}

extension ExpertPriors {
  /// The same without exceptions for parameters that a model of other shape does not have, such as the behaviour gate.
  public func restricted(to names: [String]) -> ExpertPriors {
    var priors = self
    let known = Set(names)
    priors.overrides = overrides.filter { known.contains($0.key) }
    return priors
  }
}
