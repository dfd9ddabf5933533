#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities
import Priors

/// A Bayesian neural network with one hidden layer of tanh units and Gaussian noise of one standard deviation:
/// y ~ N(b₂ + Σ_h v_h tanh(b_h + w_h · x), σ), with independent priors (Neal 1996; MacKay 1992).
///
/// The likelihood is the same however hidden units are numbered, and where the signs of w_h, b_h and v_h change together:
/// H! 2^H copies of every place, which priors of one scale a block about 0 leave equally probable. Chains that stay in
/// different copies have converged, since every quantity of interest (`convergenceQuantities(at:)`, block scales,
/// predictions) is the same in all of them; an average over copies would change nothing.
///
/// Hyperparameters that belong to single units (roles other than one scale a block) are not the same in all copies, and are
/// not supported by estimates that average over chains.
///
/// Sampling: copies are one thing, but networks that fit in different ways are another, and chains may stay in those. What
/// helped on real rows: long warm-up (2000) at a target acceptance of 0.95 and a diagonal metric.
public struct NeuralNetworkModel: IndependentPriorModel {
  /// The shape of the network.
  public let architecture: NeuralNetworkArchitecture
  /// ln p(y | X, θ).
  public let likelihood: NeuralNetworkLikelihood
  /// The family of every parameter's prior, and its entries of λ.
  public let layout: PriorLayout
  /// Such as `input[1,temperature]`, in the order of a position.
  public let parameterNames: [String]
  /// λ where tuning starts, with roles; at first `TuningRoles.blockScales`. Entries must stay those of the layout.
  public var hyperparameters: Hyperparameters
  let probes: PredictiveProbes
  /// The prior at one λ; see `prepared(for:)`.
  public var preparedPrior = PreparedPrior()

  /// A model of data.
  /// - Parameters:
  ///   - rows: The rows, with features and response of order 1.
  ///   - hiddenUnits: H, from 1 to 256.
  ///   - priors: The priors, whose hyperparameters are the initial λ; the defaults are `NeuralNetworkPriors(hiddenUnits:)`.
  /// - Throws: `ModelError` where rows, names or priors do not fit together.
  public init(
    rows: NeuralNetworkRows, hiddenUnits: Int = 5, priors: NeuralNetworkPriors? = nil
  ) throws(ModelError) {
    try rows.validate()
    guard (1...NeuralNetworkArchitecture.mostHiddenUnits).contains(hiddenUnits) else {
      throw .invalid("A network has 1 to 256 hidden units, found \(hiddenUnits).")
    }
    let architecture = NeuralNetworkArchitecture(features: rows.featureNames.count, hiddenUnits: hiddenUnits)
    self.architecture = architecture
    likelihood = try NeuralNetworkLikelihood(architecture, rows: rows)
    parameterNames = architecture.parameterNames(features: rows.featureNames)
    let resolved = try (priors ?? NeuralNetworkPriors(hiddenUnits: hiddenUnits))
      .resolved(parameterNames, architecture.blocks)
    let (layout, hyperparameters) = PriorLayout.arranging(
      resolved, names: parameterNames, blocks: architecture.blocks.map(\.rawValue))
    self.layout = layout
    self.hyperparameters = hyperparameters.assigned(.blockScales)
    probes = try PredictiveProbes(architecture, rows)
  }

  /// The length of a position.
  public var dimension: Int { architecture.dimension }
  /// The number of rows.
  public var rows: Int { likelihood.rows }

  /// The posterior at λ.
  /// - Throws: `ModelError` where a scale, say, is not finite and positive.
  public func posterior(given lambda: Hyperparameters) throws(ModelError) -> NeuralNetworkPosterior {
    NeuralNetworkPosterior(likelihood: likelihood, prior: try prior(at: lambda))
  }

  /// The posterior with every |x| of a Laplace prior, should there be one, smoothed to √(x² + (0.05 scale)²).
  public func smoothedPosterior(given lambda: Hyperparameters) throws(ModelError) -> NeuralNetworkPosterior {
    NeuralNetworkPosterior(
      likelihood: likelihood, prior: try ProductPrior(layout, at: lambda.values, laplaceSmoothing: 0.05))
  }

  /// ln p(y | X, θ).
  public func logLikelihood(at position: Span<Double>) -> Double { likelihood.logLikelihood(at: position) }

  /// ln p(y_n | x_n, θ) for every row.
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    likelihood.pointwiseLogLikelihood(at: position, into: &values)
  }

  /// The log-likelihood, σ, and the predictive mean at eight rows, named by their responses' rank.
  public var convergenceQuantityNames: [String] {
    ["log-likelihood", "sigma"] + probes.indices.map { "predictive mean at row \($0 + 1)" }
  }

  /// The log-likelihood, σ, and the network's output at about eight rows spread evenly over the order of the responses:
  /// none depends on how hidden units are numbered or signed.
  public func convergenceQuantities(at position: Span<Double>) -> [Double] {
    [logLikelihood(at: position), exp(position[architecture.logSigma])] + probes.likelihood.means(at: position)
  }
}

/// Rows at which predictions are watched: about eight, evenly spaced over the order of the responses.
struct PredictiveProbes: Sendable {
  static let most = 8
  /// Indices of rows, by ascending response.
  let indices: [Int]
  let likelihood: NeuralNetworkLikelihood

  init(_ architecture: NeuralNetworkArchitecture, _ rows: NeuralNetworkRows) throws(ModelError) {
    let order = rows.response.indices.sorted { (rows.response[$0], $0) < (rows.response[$1], $1) }
    let count = min(Self.most, rows.count)
    indices = (0..<count).map { order[count == 1 ? 0 : $0 * (rows.count - 1) / (count - 1)] }
    likelihood = try NeuralNetworkLikelihood(architecture, rows: rows.selected(indices))
  }
}
