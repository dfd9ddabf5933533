import Diagnostics
import EmpiricalBayes
import LogDensities
import Priors
import Sampling
import TuningIO

extension MixMethod where Model: IndependentPriorModel {
  /// Those of the layout.
  var priorFamilies: [String: String] {
    Dictionary(
      zip(model.layout.names, model.layout.families.map(\.rawValue)), uniquingKeysWith: { first, _ in first })
  }
}

extension LinearMix {
  /// Those of the model.
  var hyperparameters: Hyperparameters {
    get { model.hyperparameters }
    set { model.hyperparameters = newValue }
  }
}

extension ProcessMix {
  /// Those of the model.
  var hyperparameters: Hyperparameters {
    get { model.hyperparameters }
    set { model.hyperparameters = newValue }
  }
}

extension TreeMix {
  /// Those of the model.
  var hyperparameters: Hyperparameters {
    get { model.hyperparameters }
    set { model.hyperparameters = newValue }
  }

  /// Normal leaves, and where the noise is not known the prior of its variance.
  var priorFamilies: [String: String] {
    var families: [String: String] = [:]
    for entry in model.hyperparameters.entries {
      families[entry.parameter] = entry.block == "noise" ? "scaled-inverse-chi-square" : "normal"
    }
    return families
  }
}

extension PriorExport {
  /// The priors of a mixture, tuned where there is a result.
  init(_ method: some MixMethod, gamma: Double, _ result: TuningResult?, _ uncertainty: LambdaUncertainty? = nil) {
    let (start, families) = (method.model.hyperparameters, method.priorFamilies)
    self.init(
      model: method.name, gamma: gamma, bestIteration: result?.best.info.iteration ?? 0,
      initial: result?.initial ?? start, tuned: result?.tuned ?? start,
      standardErrors: uncertainty?.coordinates.map(\.standardError) ?? [], family: { families[$0] ?? "" })
  }
}
