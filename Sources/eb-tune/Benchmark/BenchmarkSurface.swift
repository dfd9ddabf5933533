import AnalyticModels
import Diagnostics
import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import TuningIO

/// The objective of an experts model about its maximum, where no formula is: draws at a design of λ, pooled by the multistate
/// Bennett acceptance ratio. The likelihood cancels, so the surface at any λ needs the prior of the draws alone.
struct BenchmarkSurface: Sendable, Codable {
  /// λ of the design, on the tuning scale: the centre, and two on every coordinate.
  let design: [[Double]]
  /// Positions of all draws, as many for each λ of the design, one after the other.
  let positions: [Double]
  /// ln L at the design but for a constant.
  let logConstants: [Double]
  /// What the surface's own maximum is expected to lack of the true one, in nats: regrets below it mean nothing.
  private(set) var resolution = 0.0
  /// The mean log predictive density of held-out rows at the initial priors, for comparison; nil where there are none.
  private(set) var untunedDensity: Double?
  /// What is doubtful about it; nil where reference runs agree.
  private(set) var doubt: String?

  /// Draws kept of every λ of the design, out of four times as many.
  static let draws = 800
  /// Effective draws below which λ is too far off to tell.
  static let fewest = 20.0
  /// Standard errors of λ from the centre to the other points of the design.
  static let reach = 1.5

  private typealias Loop = TuningLoop<ExpertModel, NUTSPosteriorSampler<ExpertPosterior>, CatalogueSchedule>

  /// From three runs of the default schedule to convergence, and draws about where the first of them ends.
  init(_ model: ExpertModel, test: ExpertRows?, gamma: Double, threads: Int) async throws {
    var ends: [[Double]] = []
    var centre: (loop: Loop, state: Loop.State)?
    for seed in 1...3 {
      let loop = try Loop(
        model: model,
        sampler: NUTSPosteriorSampler(
          SamplerSettings(metric: .lowRank, seed: 0xBE7C_0000 + UInt64(seed), threads: threads)),
        objective: try Objective(entropyWeight: gamma), schedule: CatalogueSchedule(.pooledNewton),
        selector: LastIterate(), stopping: BudgetOrRegret(budget: 5_000_000, tolerance: 0.01))
      let state = try await loop.run(from: loop.initialState())
      try Task.checkCancellation()
      ends.append((state.proposal ?? state.lambda).free)
      if centre == nil { centre = (loop, state) }
    }
    guard let (loop, state) = centre else { throw TuningError.noDraws }
    let lambda = state.proposal ?? state.lambda
    design = Self.design(about: lambda, state.last?.info, model)
    var positions: [Double] = []
    for free in design {
      let sample = try await loop.posterior(
        at: lambda.moved(to: free), by: loop.sampler, from: state.chains,
        plan: InnerSampling(.rewarmed(warmup: 150), draws: Self.draws)
      ).inner.draws.sample
      positions += Self.thinned(sample)
    }
    self.positions = positions
    if let test {
      let draws = try await loop.posterior(
        at: model.hyperparameters, by: loop.sampler, from: state.chains,
        plan: InnerSampling(.rewarmed(warmup: 200), draws: 250)
      ).inner.draws
      untunedDensity = try ExpertProblem.meanDensity(draws, of: test, model)
    }
    let ratio = Self.ratio(model, design, positions, start: nil)
    logConstants = ratio.logConstants
    resolution = Self.resolution(of: self, model, gamma)
    let height = ObjectiveSurface(self, of: model, gamma: gamma)
    let regrets = ends.map { height.regret(of: lambda.moved(to: $0)) }
    if let worst = regrets.max(), !(worst < 0.1) || !ratio.converged {
      let text = worst.isFinite ? "lack up to \(NumberText.significant(worst, digits: 2)) nats of it" : "end far apart"
      doubt = "Three reference runs \(text): the reference is doubtful."
    }
  }

  /// The centre and ± 1.5 standard errors along every coordinate, from the information that the data supply.
  private static func design(about centre: Hyperparameters, _ info: TuningInfo?, _ model: ExpertModel) -> [[Double]] {
    let information = model.priorInformation(at: centre)
    var points = [centre.free]
    for index in centre.free.indices {
      let share = max(info?.informedShare?[index] ?? 0.25, 0.05)
      let step = min(reach / max(information[index] * share, 1e-12).squareRoot(), 2)
      for direction in [1.0, -1.0] {
        var free = centre.free
        free[index] += direction * step
        points.append(centre.moved(to: free).free)
      }
    }
    return points
  }

  private init(_ design: [[Double]], _ positions: [Double], _ logConstants: [Double]) {
    (self.design, self.positions, self.logConstants) = (design, positions, logConstants)
  }

  /// From the surfaces of either half of the chains: the maximum of one lacks ½ dᵀJd on the other, with d the difference of two
  /// maxima of twice the variance, and so four times what the maximum of all draws lacks of the true one.
  private static func resolution(of surface: BenchmarkSurface, _ model: ExpertModel, _ gamma: Double) -> Double {
    let length = draws / 2 * model.dimension
    let halves = (0..<2).map { part in
      var positions: [Double] = []
      for point in surface.design.indices {
        let start = (2 * point + part) * length
        positions += surface.positions[start..<start + length]
      }
      return ObjectiveSurface(
        BenchmarkSurface(surface.design, positions, surface.logConstants), of: model, gamma: gamma)
    }
    return (halves[0].regret(of: halves[1].maximiser) + halves[1].regret(of: halves[0].maximiser)) / 8
  }

  /// Every so many draws, from all chains alike.
  private static func thinned(_ sample: PosteriorSample) -> [Double] {
    let every = max(1, sample.count / draws)
    return (0..<draws).flatMap { draw in
      let start = min(draw * every, sample.count - 1) * sample.dimension
      return sample.positions[start..<start + sample.dimension]
    }
  }

  /// The pooled draws as ratios of evidences.
  static func ratio(
    _ model: ExpertModel, _ design: [[Double]], _ positions: [Double], start: [Double]?
  ) -> MultistateRatio {
    MultistateRatio(
      logDensities: design.map { logPriors(model, positions, at: model.hyperparameters.moved(to: $0)) },
      counts: design.map { _ in Double(positions.count / model.dimension / design.count) }, start: start)
  }

  /// ln p(θ | λ) of all draws.
  static func logPriors(_ model: ExpertModel, _ positions: [Double], at lambda: Hyperparameters) -> [Double] {
    let model = model.prepared(for: lambda)
    return stride(from: 0, to: positions.count, by: model.dimension).map {
      model.logPrior(at: positions.span.extracting($0..<$0 + model.dimension), given: lambda)
    }
  }
}

/// A surface made ready to be asked.
struct ObjectiveSurface: Sendable {
  private let surface: BenchmarkSurface
  private let model: ExpertModel
  private let gamma: Double
  private let ratio: MultistateRatio
  /// γ ln Hent of every draw; nil where γ is 0.
  private let penalties: [Double]?
  private let top: Double
  /// Where it is highest.
  let maximiser: Hyperparameters

  init(_ surface: BenchmarkSurface, of model: ExpertModel, gamma: Double) {
    let ratio = BenchmarkSurface.ratio(model, surface.design, surface.positions, start: surface.logConstants)
    let penalties: [Double]? =
      gamma == 0
      ? nil
      : stride(from: 0, to: surface.positions.count, by: model.dimension).map {
        gamma * (model.logAllocationEntropy(at: surface.positions.span.extracting($0..<$0 + model.dimension)) ?? 0)
      }
    func height(_ lambda: Hyperparameters) -> Double { Self.height(lambda, surface, model, ratio, penalties) }
    var search = CoordinateSearch()
    (search.step, search.shortest) = (0.1, 1e-4)
    (maximiser, top) = search.maximum(from: model.hyperparameters.moved(to: surface.design[0]), of: height)
    (self.surface, self.model, self.gamma, self.ratio, self.penalties) = (surface, model, gamma, ratio, penalties)
  }

  /// What λ lacks of the maximum; infinite where too few of the draws count there.
  func regret(of lambda: Hyperparameters) -> Double {
    let regret = top - Self.height(lambda, surface, model, ratio, penalties)
    return regret.isNaN ? .infinity : max(0, regret)
  }

  /// ln L + γ H + ln p(λ), up to a constant; −∞ where too few of the draws count.
  private static func height(
    _ lambda: Hyperparameters, _ surface: BenchmarkSurface, _ model: ExpertModel, _ ratio: MultistateRatio,
    _ penalties: [Double]?
  ) -> Double {
    let (evidence, weights) = ratio.extended(to: BenchmarkSurface.logPriors(model, surface.positions, at: lambda))
    guard weights.effectiveSampleSize >= BenchmarkSurface.fewest else { return -.infinity }
    return evidence + lambda.logHyperprior + (penalties.map { weights.mean([$0]) } ?? 0)
  }
}
