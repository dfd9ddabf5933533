import GaussianProcesses
import LogDensities

extension ProcessMixingModel {
  /// The kernel at the mode of p(θ | y, λ), the density of θ itself, by climbs from several starts (`GaussianProcess.fit`), with
  /// the model's jitter. The search, unlike draws, keeps to the bounds of the kernel's parameters; `atBounds` tells.
  /// - Parameters:
  ///   - lambda: The priors' hyperparameters; nil for the model's own.
  ///   - settings: How it is looked for. With a kernel that starts from a poor guess, more starts are worth their price.
  /// - Throws: `MixingError` where λ has no prior or no climb ends at a finite density.
  public func mode(
    given lambda: Hyperparameters? = nil, settings: GaussianProcessFitSettings = GaussianProcessFitSettings()
  ) async throws(MixingError) -> GaussianProcessFit {
    let hyperprior: KernelHyperprior
    do throws(ModelError) {
      hyperprior = KernelHyperprior(
        prior: try prior(at: lambda ?? hyperparameters), coordinates: likelihood.coordinates)
    } catch { throw .invalid(error.description) }
    do throws(GaussianProcessError) {
      return try await GaussianProcess.fit(kernel, data.training, prior: hyperprior, settings: settings, jitter: jitter)
    } catch { throw error == .cancelled ? .cancelled : .invalid(error.description) }
  }

  /// ln p(y | θ) + ln p(θ | λ) of kernel parameters, without a Jacobian: what `mode` is the maximum of.
  /// - Throws: `ModelError` where λ has no prior.
  public func logPosterior(of parameters: [Double], given lambda: Hyperparameters) throws(ModelError) -> Double {
    precondition(parameters.count == dimension, "one value a free kernel parameter")
    guard zip(layout.supports, parameters).allSatisfy({ $0.contains($1) }) else { return -.infinity }
    let position = zip(layout.supports, parameters).map { $0.coordinate(of: $1) }
    return likelihood.value(at: position.span) + (try prior(at: lambda)).logDensity(at: position.span)
  }
}
