import Diagnostics
import LogDensities
import Sampling

/// A λ that may be kept at the end of a run, judged on draws that had no part in proposing it.
public struct Candidate: Sendable, Codable, Equatable {
  /// Where it comes from.
  public enum Origin: Sendable, Codable, Equatable {
    /// The maximiser as the schedule saw it at the end.
    case proposal
    /// An iterate, by its number.
    case iterate(Int)
  }

  /// Where it comes from.
  public let origin: Origin
  /// λ and what fresh draws say of it; its log evidence goes on from the path of iterates.
  public let iterate: Iterate
}

extension TuningLoop {
  /// Draws of a chain for each candidate, after ten to get used to it.
  private static var rescoringPlan: InnerSampling { InnerSampling(.settled(discarded: 10), draws: 100) }

  /// The state with its best iterate chosen anew among the schedule's proposal and the best iterate so far, each scored on
  /// fresh draws, so that no lucky draws decide. As it is where the selector wants no such choice, before the first
  /// iteration, and in a cancelled task.
  public func rescored(_ state: State, isolation: isolated (any Actor)? = #isolation) async throws -> State {
    guard selector.rescores, let best = state.best, let proposal = state.proposal else { return state }
    var next = state
    do {
      for (index, origin) in origins(of: best, proposal, at: state).enumerated() {
        let lambda = origin == .proposal ? proposal : best.lambda
        let iterate = try await scored(lambda, origin, &next, order: index)
        next.candidates.append(Candidate(origin: origin, iterate: iterate))
      }
    } catch {
      if Task.isCancelled { return state }
      throw error
    }
    let usable = next.candidates.filter { !$0.iterate.info.weightsAreDegenerate }
    guard var chosen = usable.first?.iterate else { return state }
    for candidate in usable.dropFirst() where selector.prefers(candidate.iterate, over: chosen, by: objective) {
      chosen = candidate.iterate
    }
    next.best = chosen
    return next
  }

  /// The proposal, and the best iterate where it is not the same to a fiftieth of a unit.
  private func origins(of best: Iterate, _ proposal: Hyperparameters, at state: State) -> [Candidate.Origin] {
    let units = best.info.unit ?? proposal.free.map { _ in 1 }
    let distance = zip(zip(proposal.free, best.lambda.free), units).map { abs($0.0 - $0.1) / $1 }.max() ?? 0
    return distance > 0.02 ? [.proposal, .iterate(best.info.iteration)] : [.proposal]
  }

  /// An iterate from fresh draws at λ. Chains go on; so does the path of evidence.
  private func scored(
    _ lambda: Hyperparameters, _ origin: Candidate.Origin, _ state: inout State, order: Int
  ) async throws -> Iterate {
    let model = model.prepared(for: lambda)
    // Random numbers of an iteration that no run has.
    let (inner, chains, remarks) = try await drawn(
      at: lambda, of: model, from: state.chains, labelling: state.labelling, plan: Self.rescoringPlan,
      iteration: .max - 1 - UInt32(order))
    let (sample, draws) = (inner.sample, inner.draws)
    state.remarks += remarks.map { "Fresh draws: \($0)" }
    let iteration: Int
    switch origin {
    case .proposal: iteration = state.iteration
    case .iterate(let number): iteration = number
    }
    let batch = try TuningBatch(iteration: iteration, lambda: lambda, draws: draws, of: model, objective)
    state.chains = chains
    state.gradientEvaluations += sample.gradientEvaluations + inner.modes.gradientEvaluations
    if draws.isUsable { state.path = EvidencePath(after: state.path, batch, of: model) }
    var info = TuningInfo(
      batch, convergence: convergence(of: draws.sample), move: TuningMove(to: lambda.free, memory: state.memory),
      next: lambda, gradientEvaluations: state.gradientEvaluations, path: state.path)
    info.isBest = true
    info.shortfall = Latest(batch, of: model, objective).shortfall(at: lambda)
    info.heldOutLogDensity = try heldOutLogDensity?(draws)
    return Iterate(lambda: lambda, info: info)
  }

  /// Draws at λ from where chains stand, fit to estimate from, and the chains after that with what was done to them.
  /// - Parameter model: The model prepared for λ.
  func drawn(
    at lambda: Hyperparameters, of model: Model, from chains: Sampler.Chains?, labelling: Labelling?,
    plan: InnerSampling, iteration: UInt32
  ) async throws -> (inner: InnerDraws, chains: Sampler.Chains, remarks: [String]) {
    let (sample, ends) = try await sampler.sample(
      model.posterior(given: lambda), from: chains, startingOn: model.smoothedPosterior(given: lambda), plan: plan,
      iteration: iteration)
    let inner = try InnerDraws(sample, of: model, at: lambda, labelling: labelling, iteration: iteration)
    let (repaired, remarks) = sampler.repaired(ends, by: inner.modes)
    return (inner, repaired, remarks)
  }
}
