import Experts
import Foundation
import Priors
import TuningIO

extension Study {
  /// The way of every parameter from the model's scale to the data's units.
  func units(of architecture: ExpertArchitecture) -> ParameterUnits {
    ParameterUnits(architecture, scaling: scaling, target: target, expert: designs.expert, gate: designs.gate)
  }

  /// What target and columns were scaled by, as `priors.json` keeps it.
  var recordedScaling: PriorExport.Scaling {
    let moments = designs.expert.moments.merging(designs.gate.moments) { own, _ in own }
    return PriorExport.Scaling(
      target: .init(location: scaling.location, scale: scaling.scale),
      columns: moments.mapValues { .init(location: $0.mean, scale: $0.standardDeviation) })
  }
}

extension PriorExport {
  /// Notes the scaling of the data with every parameter, and every prior in the data's units.
  mutating func note(_ scaling: Scaling, _ units: ParameterUnits) {
    self.scaling = scaling
    let byName = Dictionary(units.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for index in priors.indices {
      guard let parameter = byName[priors[index].parameter] else { continue }
      priors[index].units = Units(offset: parameter.offset, factor: parameter.factor, unit: parameter.unit)
      let initial = priors[index].values(in: parameter, \.initial)
      let tuned = priors[index].values(in: parameter, \.tuned)
      for lane in priors[index].hyperparameters.indices {
        priors[index].hyperparameters[lane].initialInDataUnits = initial?[lane]
        priors[index].hyperparameters[lane].tunedInDataUnits = tuned?[lane]
      }
    }
  }
}

extension PriorExport.Entry {
  /// The prior with its initial or its tuned values; nil for a family that is not known.
  func prior(_ value: (PriorExport.Hyperparameter) -> Double) -> ScalarPrior? {
    guard let family = PriorFamily(rawValue: family), hyperparameters.count == family.hyperparameters.count else {
      return nil
    }
    var values = HyperparameterVector(repeating: 0)
    for (lane, hyperparameter) in hyperparameters.enumerated() {
      let natural = value(hyperparameter)
      values[lane] = family.hyperparameters[lane].isLogarithm ? log(natural) : natural
      guard values[lane].isFinite else { return nil }
    }
    return ScalarPrior(family, tuningValues: values)
  }

  /// The hyperparameters for the parameter in the data's units.
  fileprivate func values(
    in parameter: ParameterUnits.Parameter, _ value: (PriorExport.Hyperparameter) -> Double
  ) -> [Double]? {
    guard !parameter.isIdentity else { return hyperparameters.map(value) }
    return prior(value).map { prior in
      let moved = prior.inUnits(of: parameter).naturalValues
      return hyperparameters.indices.map { moved[$0] }
    }
  }
}
