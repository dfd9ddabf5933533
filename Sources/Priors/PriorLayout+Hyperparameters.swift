import LogDensities

extension PriorLayout {
  /// The prior of every parameter: its block's, or its own exception.
  /// - Parameters:
  ///   - priors: The priors that parameters without an exception have.
  ///   - overrides: Exceptions, by parameter name.
  ///   - names: The names of the parameters.
  ///   - supports: The values that each parameter can have.
  ///   - allowingNarrower: Whether a prior on an interval of these values will do. For models that take every parameter
  ///     through the support of its own prior (`PriorLayout.supports`).
  /// - Throws: `ModelError` for an exception that names no parameter, a hyperparameter out of its range, or a family whose
  ///   support is not the parameter's.
  public static func resolving(
    _ priors: [ScalarPrior], overrides: [String: ScalarPrior], names: [String], supports: [Support],
    allowingNarrower: Bool = false
  ) throws(ModelError) -> [ScalarPrior] {
    precondition(priors.count == names.count && priors.count == supports.count, "one prior and one support a parameter")
    for name in overrides.keys.sorted() where !names.contains(name) {
      throw .invalid("A prior is given for \(name), which is no parameter of this model.")
    }
    var result: [ScalarPrior] = []
    for (index, name) in names.enumerated() {
      let prior = overrides[name] ?? priors[index]
      try prior.validate(name: name)
      let isNarrower = allowingNarrower && prior.family.support == nil && supports[index].includes(prior.support)
      guard prior.support == supports[index] || isNarrower else {
        throw .invalid("The parameter \(name) needs a prior on \(supports[index]), found \(prior.family.rawValue).")
      }
      result.append(prior)
    }
    return result
  }

  /// The layout of one prior a parameter, and λ as one entry after the other: parameter by parameter, in each family's
  /// order, such as `slope[1,x].location`, all of them fixed.
  /// - Parameters:
  ///   - priors: One a coordinate of a position.
  ///   - names: The names of the parameters.
  ///   - blocks: The block of each parameter.
  public static func arranging(
    _ priors: [ScalarPrior], names: [String], blocks: [String]
  ) -> (layout: PriorLayout, hyperparameters: Hyperparameters) {
    precondition(priors.count == names.count && priors.count == blocks.count, "one name and one block a prior")
    var entries: [Hyperparameters.Entry] = []
    var values: [Double] = []
    var members: [[Int]] = []
    for (index, prior) in priors.enumerated() {
      let kinds = prior.family.hyperparameters
      members.append(Array(entries.count..<entries.count + kinds.count))
      for (lane, kind) in kinds.enumerated() {
        entries.append(.init(name: "\(names[index]).\(kind.quantity)", kind: kind, block: blocks[index]))
        values.append(prior.tuningValues[lane])
      }
    }
    let layout = PriorLayout(
      families: priors.map(\.family), entries: members, names: names, supports: priors.map(\.support))
    return (layout, Hyperparameters(entries: entries, values: values))
  }

  /// Σ ∂u/∂c · G over the members of each coordinate c, with u = m + s·ξ or the like; see `HierarchicalModel.pathwiseScore`.
  /// nil where λ has no prior, or where a coordinate has a gamma shape, degrees of freedom or a truncated prior among its
  /// members.
  public func pathwiseScore(
    at position: Span<Double>, likelihoodGradient: Span<Double>, given lambda: Hyperparameters
  ) -> [Double]? {
    guard isInRange(lambda.values) else { return nil }
    var result = [Double](repeating: 0, count: lambda.coordinates.count)
    for (parameter, entries) in entries.enumerated() {
      guard entries.contains(where: { lambda.membership[$0] != nil }) else { continue }
      let slopes = prior(parameter, at: lambda.values).pathwiseDerivative(at: position[parameter])
      for (lane, entry) in entries.enumerated() {
        guard let coordinate = lambda.membership[entry] else { continue }
        guard families[parameter].movesByPaths(lane) else { return nil }
        result[coordinate] += slopes[lane] * likelihoodGradient[parameter]
      }
    }
    return result
  }

  /// For every coordinate of λ whether its score is continuous: all but those with a Laplace location among their members.
  public func scoreIsContinuous(for lambda: Hyperparameters) -> [Bool] {
    var result = lambda.coordinates.map { _ in true }
    for (parameter, entries) in entries.enumerated() where families[parameter] == .laplace {
      if let coordinate = lambda.membership[entries[0]] { result[coordinate] = false }
    }
    return result
  }
}
