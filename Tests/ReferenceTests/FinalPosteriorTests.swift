import EmpiricalBayes
import Experts
import LogDensities
import Priors
import Testing

@testable import Sampling

/// A mixture on the motorcycle data at the priors that a run had tuned once: most of eight climbs lead to the mode with the
/// mass, but the highest optimum (by 30 nats) lies in one with e⁻³⁵ of it, where a coefficient each sits on a kink of its prior.
@Suite struct FinalPosteriorTests {
  private let model: ExpertModel
  private let posterior: ExpertPosterior
  private let smoothed: ExpertPosterior

  init() throws {
    let problem = Motorcycle.problem()
    let rows = ExpertRows(
      try problem.expertDesign().matrix, try problem.gateDesign().matrix, response: try problem.trainingResponse())
    let architecture = ExpertArchitecture(combination: .moe, experts: 3, expertFeatures: 2, gateFeatures: 3)
    let names = architecture.parameterNames(expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    var model = try ExpertModel(
      .moe, experts: 3, data: rows, priors: try #require(problem.priors).priors(of: architecture, named: names))
    model.hyperparameters = model.hyperparameters.moved(to: [-1.44, -1.84, 2.62, 0.81])
    self.model = model
    posterior = try model.posterior(given: model.hyperparameters)
    smoothed = try model.smoothedPosterior(given: model.hyperparameters)
  }

  private func sampler(chains: Int) -> SamplerSettings {
    SamplerSettings(chains: chains, targetAcceptance: 0.8, metric: .lowRank, threads: 2)
  }

  private func logLikelihoods(_ positions: [[Double]]) -> [Double] {
    positions.map { model.logLikelihood(at: $0.span) }
  }

  /// Log-likelihoods are about 57 in the mode with the mass and about 4 in the other.
  @Test func heightIsNotMass() async throws {
    let sampler = try MultiChainSampler(sampler(chains: 4))
    let plain = try await sampler.start(posterior, searching: smoothed, iteration: 0)
    #expect(logLikelihoods(plain.states.map(\.position)).allSatisfy { $0 < 30 })
    let piloted = try await sampler.pilotedStart(posterior, searching: smoothed, iteration: 0)
    #expect(logLikelihoods(piloted.states.map(\.position)).allSatisfy { $0 > 45 })
  }

  /// Chains that all sit in the wrong mode agree with each other; those that start anew show what they miss.
  @Test func chainsThatMissTheMassAreFoundOut() async throws {
    let inner = try NUTSPosteriorSampler<ExpertPosterior>(sampler(chains: 4))
    let loop = try TuningLoop(
      model: model, sampler: inner, objective: Objective(), schedule: CatalogueSchedule(.pooledNewton),
      stopping: FixedHorizon(iterations: 1))
    let wrong = try await inner.sampler.start(posterior, searching: smoothed, iteration: 0).states
    let (stuck, chains) = try await inner.sample(
      posterior, from: wrong, startingOn: smoothed, plan: InnerSampling(.fresh(warmup: 200), draws: 50), iteration: 3)
    #expect(stuck.map(model.logLikelihood).joined().allSatisfy { $0 < 30 })

    let plan = InnerSampling(.rewarmed(warmup: 200), draws: 150)
    let final = try await loop.posterior(at: model.hyperparameters, by: inner, from: chains, plan: plan)
    #expect(final.tuningMissedTheMass)
    #expect(final.inner.draws.sample.map(model.logLikelihood).joined().allSatisfy { $0 > 40 })
    #expect(logLikelihoods(final.chains.map(\.position)).allSatisfy { $0 > 40 })

    let again = try await loop.posterior(at: model.hyperparameters, by: inner, from: final.chains, plan: plan)
    #expect(!again.tuningMissedTheMass && again.inner.modes.isSingle)
  }
}
