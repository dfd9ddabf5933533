#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import GaussianProcesses
import LogDensities
import Priors

/// Models mixed by a Gaussian process: the quantity that all of them predict is a draw of a process, and each model's
/// predictions are that quantity with correlated errors, y ~ N(μ, K_θ + Σ) with Σ the covariance of the errors.
///
/// θ are the free parameters of the kernel, with independent priors whose hyperparameters λ can be tuned. A kernel with a
/// changepoint lets the quantity behave in two ways, as where one expansion takes over from another (Melendez et al. 2019;
/// Semposki et al. 2022).
public struct ProcessMixingModel: IndependentPriorModel {
  /// The kernel. The bounds of its free parameters are those of the search of `mode` alone: a prior's interval where there is
  /// one, else the kernel's own, widened where they leave out its value. Draws have no bounds but those of their priors.
  public let kernel: CovarianceFunction
  /// The models' predictions.
  public let data: ProcessMixingData
  /// The family of every parameter's prior, and its entries of λ.
  public let layout: PriorLayout
  /// λ where tuning starts; at first nothing is tuned. Entries must stay those of the layout.
  public var hyperparameters: Hyperparameters
  /// The prior at one λ; see `prepared(for:)`.
  public var preparedPrior = PreparedPrior()
  let likelihood: ProcessMixingLikelihood

  /// Shares of the mean square of the data that are tried as jitter.
  private static let jitterLadder = [0, 1e-12, 1e-10, 1e-8, 1e-6]

  /// A mixing of models by one kernel.
  /// - Parameters:
  ///   - data: The models' predictions.
  ///   - kernel: The covariance of the mixed quantity; a value outside its prior's interval is replaced by the middle.
  ///   - priors: Priors of free parameters by name, such as `rbf.length_scale` (`CovarianceFunction.namedParameters`). A positive
  ///     parameter without one has LogNormal(ln v, 1) about its value v; a location must have one.
  ///   - jitter: A variance on the diagonal of the covariance matrix; nil for the smallest of 0 and 1e-12 to 1e-6 of the
  ///     data's mean square with which the matrix is positive definite where the kernel starts.
  /// - Throws: `ModelError` where kernel, priors and data do not fit together.
  public init(
    data: ProcessMixingData, kernel: CovarianceFunction, priors: [String: ScalarPrior] = [:], jitter: Double? = nil
  ) throws(ModelError) {
    let free = kernel.namedParameters(features: data.inputNames).filter { !$0.parameter.isFixed }
    let names = free.map(\.name)
    guard !free.isEmpty else { throw .invalid("The kernel has no free parameter; nothing is left to infer.") }
    var defaults: [ScalarPrior] = []
    for named in free {
      if named.parameter.scale == .linear, priors[named.name] == nil {
        throw .invalid("The parameter \(named.name) needs a prior.")
      }
      defaults.append(
        named.parameter.scale == .linear
          ? .normal(location: 0, scale: 1) : .logNormal(location: log(named.parameter.value), scale: 1))
    }
    let resolved = try PriorLayout.resolving(
      defaults, overrides: priors, names: names,
      supports: free.map { $0.parameter.scale == .linear ? .real : .positive }, allowingNarrower: true)
    (layout, hyperparameters) = PriorLayout.arranging(resolved, names: names, blocks: free.map { Self.block($0.name) })
    let bounded = kernel.bounded(by: layout.supports)
    let coordinates = KernelCoordinates(supports: layout.supports, scales: free.map(\.parameter.scale))
    self.kernel = bounded
    self.data = data
    let marginal = try Self.marginal(bounded, data, jitter: jitter)
    likelihood = ProcessMixingLikelihood(marginal: marginal, coordinates: coordinates)
  }

  /// `length_scale` of `rbf#2.length_scale[x]`.
  private static func block(_ name: String) -> String {
    let end = name.firstIndex(of: "[") ?? name.endIndex
    let start = name[..<end].lastIndex(of: ".").map { name.index(after: $0) } ?? name.startIndex
    return String(name[start..<end])
  }

  private static func marginal(
    _ kernel: CovarianceFunction, _ data: ProcessMixingData, jitter: Double?
  ) throws(ModelError) -> MarginalLikelihood {
    if let jitter, !(jitter.isFinite && jitter >= 0) {
      throw .invalid("The jitter is \(jitter); it must be 0 or more.")
    }
    let square = data.training.response.reduce(0) { $0 + $1 * $1 } / Double(data.rows)
    do throws(GaussianProcessError) {
      for added in jitter.map({ [$0] }) ?? jitterLadder.map({ $0 * square }) {
        let density = try MarginalLikelihood(kernel, data.training, jitter: added)
        if density.value(at: kernel.freeLogValues) > -.infinity { return density }
      }
    } catch { throw .invalid(error.description) }
    throw .invalid(
      "The covariance matrix of the models' predictions is singular where the kernel starts; give them errors, or a jitter."
    )
  }

  /// The number of predictions and observations.
  public var rows: Int { data.rows }

  /// The variance that is added to the diagonal of the covariance matrix.
  public var jitter: Double { likelihood.marginal.jitter }

  /// The posterior at λ.
  /// - Throws: `ModelError` where a scale, say, is not finite and positive.
  public func posterior(given lambda: Hyperparameters) throws(ModelError) -> ProcessMixingPosterior {
    ProcessMixingPosterior(likelihood: likelihood, prior: try prior(at: lambda))
  }

  /// ln p(y | θ) of all rows together.
  public func logLikelihood(at position: Span<Double>) -> Double { likelihood.value(at: position) }

  /// ln p(y_n | y without y_n, θ) for every row: what leave-one-out methods need where rows are correlated. They do not sum to
  /// `logLikelihood`; see `MarginalLikelihood.leaveOneOutLogDensities(at:)`.
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    let densities = likelihood.marginal.leaveOneOutLogDensities(
      at: likelihood.coordinates.kernelPosition(of: position))
    for row in densities.indices { values[row] = densities[row] }
  }

  /// The log-likelihood and every kernel parameter.
  public var convergenceQuantityNames: [String] { ["log-likelihood"] + layout.names }

  /// The log-likelihood and every kernel parameter.
  public func convergenceQuantities(at position: Span<Double>) -> [Double] {
    [logLikelihood(at: position)] + constrained(position)
  }

  /// The kernel at a draw, its bounds widened to where the draw is.
  public func kernel(at position: Span<Double>) -> CovarianceFunction {
    kernel.settingFree(values: constrained(position)).changingFree { parameter in
      parameter.lower = min(parameter.lower, parameter.value)
      parameter.upper = max(parameter.upper, parameter.value)
    }
  }
}

extension CovarianceFunction {
  /// The same with the intervals among `supports` as bounds of the free parameters, and a value inside other bounds.
  fileprivate func bounded(by supports: [Support]) -> Self {
    var next = supports.makeIterator()
    return changingFree { parameter in
      guard case .interval(let lower, let upper)? = next.next() else { return parameter.includeValue() }
      let least = parameter.scale == .logarithmic ? max(lower, 1e-12 * upper) : lower
      (parameter.lower, parameter.upper) = (least, upper)
      if !(parameter.value > least && parameter.value < upper) { parameter.value = 0.5 * (lower + upper) }
    }
  }
}

extension KernelParameter {
  /// Bounds as wide about the value as the standard ones are about 1 (about 0 for a location), where it is outside its own.
  fileprivate mutating func includeValue() {
    guard value.isFinite, value < lower || value > upper else { return }
    switch scale {
    case .logarithmic where value > 0:
      lower = min(lower, max(value * Self.standardBounds.lowerBound, .leastNormalMagnitude))
      upper = max(upper, min(value * Self.standardBounds.upperBound, .greatestFiniteMagnitude))
    case .logarithmic: break
    case .linear:
      lower = min(lower, value + Self.standardLocationBounds.lowerBound)
      upper = max(upper, value + Self.standardLocationBounds.upperBound)
    }
  }
}
