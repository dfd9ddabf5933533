import LogDensities

/// Location and scale of one prior: Laplace for coefficients, normal on ln σ for standard deviations.
public struct LocationScale: Sendable, Codable, Hashable {
  /// The location, in the parameter's units.
  public let location: Double
  /// The scale, positive, in the parameter's units.
  public let scale: Double

  /// A location and a scale.
  public init(_ location: Double, _ scale: Double) {
    self.location = location
    self.scale = scale
  }

  /// The default, (0, 1).
  public static let standard = LocationScale(0, 1)
}

/// A prior for every parameter of an experts model, in the order in which the model keeps its parameters.
public struct HandPriors: Sendable, Codable, Equatable {
  /// Intercepts a_i (length M).
  public let intercepts: [LocationScale]
  /// Slopes b_{i,f}, expert by expert (length M × expert features).
  public let slopes: [LocationScale]
  /// Gate columns G_k for k < M, column by column (length (M − 1) × gate features).
  public let gate: [LocationScale]
  /// The behaviour gate g_β (length gate features); only CoCoAFusE has it.
  public let behaviour: [LocationScale]
  /// ln σ_i (length M).
  public let noise: [LocationScale]

  /// Priors block by block.
  public init(
    intercepts: [LocationScale], slopes: [LocationScale], gate: [LocationScale], behaviour: [LocationScale],
    noise: [LocationScale]
  ) {
    self.intercepts = intercepts
    self.slopes = slopes
    self.gate = gate
    self.behaviour = behaviour
    self.noise = noise
  }

  /// All of them in the order of a position; without the behaviour gate for a model that has none.
  public func flattened(withBehaviour: Bool) -> [LocationScale] {
    intercepts + slopes + gate + (withBehaviour ? behaviour : []) + noise
  }

  /// The same as priors of a model's parameters, whose names are in the order of a position.
  /// - Throws: `ModelError` where there is not one prior for each parameter.
  public func priors(of architecture: ExpertArchitecture, named names: [String]) throws(ModelError) -> ExpertPriors {
    let values = flattened(withBehaviour: !architecture.behaviour.isEmpty)
    guard values.count == names.count, intercepts.count == architecture.experts else {
      throw .invalid(
        "The hand-made priors are for \(intercepts.count) experts and \(values.count) parameters; this model has"
          + " \(architecture.experts) experts and \(names.count) parameters.")
    }
    var priors = ExpertPriors()
    for (index, (name, value)) in zip(names, values).enumerated() {
      priors.overrides[name] =
        architecture.logSigmas.contains(index)
        ? .logNormal(location: value.location, scale: value.scale)
        : .laplace(location: value.location, scale: value.scale)
    }
    return priors
  }
}
