import Diagnostics
import EmpiricalBayes
import LogDensities
import Sampling
import TuningIO

/// A method of mixing as a run sees it: a model for the outer loop, a sampler of its posterior, and what draws of it say.
protocol MixMethod: Sendable {
  associatedtype Model: HierarchicalModel
  associatedtype Sampler: PosteriorSampler where Sampler.Posterior == Model.Posterior
  /// Draws that predictions can be made of.
  associatedtype Draws: Sendable

  /// What `--method` says.
  var name: String { get }
  /// What is tuned and sampled.
  var model: Model { get }
  /// λ where tuning starts, with roles: that of `model`.
  var hyperparameters: Hyperparameters { get set }
  /// The family of the prior of each parameter with an entry of λ, by its name.
  var priorFamilies: [String: String] { get }
  /// What samples it, in words.
  var samplerName: String { get }
  /// Whether chains follow gradients, so that divergences and energies say something.
  var followsGradients: Bool { get }

  /// Outer iterations at most where nothing else is said, beside the schedule's own limit.
  var mostIterations: Int { get }

  /// The sampler of tuning, or of draws that people read.
  func sampler(_ options: SamplingOptions, isFinal: Bool, meter: ChainMeter) throws -> Sampler

  /// Whether its likelihood is a density of the data, so that there is an evidence.
  var isDensityOfData: Bool { get }

  /// What evidence is estimated of.
  /// - Throws: `Failure` where there is no density that gradients can be followed of.
  func density() throws -> MixDensity

  /// The parameters that a reader wants to see, by their places among `model.parameterNames`.
  var shownParameters: [Int] { get }

  /// The mean over the rows of data of each model's weight, one a draw, chain by chain; nil where a draw has no weights.
  func meanWeights(of sample: PosteriorSample) -> [(name: String, draws: [[Double]])]?

  /// The draws that predictions are made of.
  func draws(
    of final: FinalPosterior<Sampler.Chains>, at lambda: Hyperparameters, _ options: SamplingOptions
  ) async throws -> Draws

  /// Mixture and weights at new inputs.
  func predictions(
    of draws: Draws, to place: MixStudy.Place, _ band: MixBand, _ options: SamplingOptions
  ) async throws -> MixPredictions

  /// ln p(y | data) of every held-out row; nil where there are none, or the method has no density of data.
  func heldOutLogDensities(of draws: Draws, _ options: SamplingOptions) async throws -> [Double]?
}

/// The mixture and its weights at new inputs, with bands.
struct MixPredictions: Sendable, Codable {
  /// One quantity at all inputs.
  struct Curve: Sendable, Codable {
    var mean: [Double]
    var standardDeviation: [Double]
    /// The 5 % quantile.
    var lower: [Double]
    /// The 95 % quantile.
    var upper: [Double]
  }

  /// The probabilities of `lower` and `upper`.
  static let probabilities = [0.05, 0.95]

  /// What `mixture` has spread and bands of.
  let band: MixBand
  /// The mixed quantity.
  let mixture: Curve
  /// The weights of the models, in their order.
  let weights: [Curve]
}

extension MixMethod where Draws == PosteriorSample {
  /// Those that are judged.
  func draws(
    of final: FinalPosterior<Sampler.Chains>, at lambda: Hyperparameters, _ options: SamplingOptions
  ) async throws -> PosteriorSample { final.inner.sample }
}

extension MixMethod {
  /// The schedule's own limit.
  var mostIterations: Int { .max }

  /// It is.
  var isDensityOfData: Bool { true }

  /// One parameter, chains × draws.
  func values(of sample: PosteriorSample, _ place: Int) -> [[Double]] {
    sample.map { model.constrained($0)[place] }
  }
}
