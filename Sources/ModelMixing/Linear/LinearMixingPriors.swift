import LogDensities
import Priors

/// The scalar priors of a linear mixture: one for each block, with exceptions by parameter name.
public struct LinearMixingPriors: Sendable, Codable, Equatable {
  /// Of every parameter of the weights; nil for what the weight function proposes for the data.
  public var weights: ScalarPrior?
  /// Of every parameter of the models.
  public var models: ScalarPrior
  /// Exceptions, by parameter name such as `weight[theta0]`, `model[coleman1,theta]` or, where it is shared, `model[theta]`.
  public var overrides: [String: ScalarPrior]

  /// The weight function's own priors, and Normal(0, 1) for parameters of models.
  public init(
    weights: ScalarPrior? = nil, models: ScalarPrior = .normal(location: 0, scale: 1),
    overrides: [String: ScalarPrior] = [:]
  ) {
    self.weights = weights
    self.models = models
    self.overrides = overrides
  }

  /// The prior of every parameter of a mixture.
  /// - Throws: `ModelError` for an exception that names no parameter, a hyperparameter out of its range, or a prior that is
  ///   wider than its parameter.
  func resolved(for mixture: LinearMixture) throws(ModelError) -> [ScalarPrior] {
    let names = mixture.parameterNames
    for name in overrides.keys.sorted() where !names.contains(name) {
      throw .invalid("A prior is given for \(name), which is no parameter of this mixture.")
    }
    let proposed = mixture.defaultWeightPriors
    var result: [ScalarPrior] = []
    for (index, name) in names.enumerated() {
      let block = index < proposed.count ? weights ?? proposed[index] : models
      let prior = overrides[name] ?? block
      try prior.validate(name: name)
      let support = index < proposed.count ? mixture.weights.supports[index] : .real
      guard support.includes(prior.support) else {
        throw .invalid("The parameter \(name) needs a prior on \(support), found \(prior.family.rawValue).")
      }
      result.append(prior)
    }
    return result
  }
}

extension LinearMixture {
  /// What the weight function proposes for these data.
  var defaultWeightPriors: [ScalarPrior] {
    let columns = (0..<rows.featureCount).map { column in
      (0..<count).map { rows.features[$0 * rows.featureCount + column] }
    }
    return weights.defaultPriors(for: columns)
  }
}
