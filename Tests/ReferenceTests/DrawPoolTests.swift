import AnalyticModels
import Diagnostics
import Foundation
import LogDensities
import Testing

@testable import EmpiricalBayes

/// Pools of draws of a Gaussian hierarchy, whose constants are ln L at the batches' λ.
struct DrawPoolTests {
  private let model = GaussianHierarchy.simulated(seed: 7)

  private func pool(_ lambdas: [[Double]], guesses: [Double]? = nil, seed: UInt64 = 1) throws -> DrawPool {
    var pool = DrawPool()
    let exact = ExactHierarchyDraws(model)
    for (index, free) in lambdas.enumerated() {
      let batch = try exact.batch(
        at: model.hyperparameters.moved(to: free), seed: 100 * seed + UInt64(index), iteration: index + 2)
      pool.add(
        DrawPool.Batch(batch, of: model, withControlVariates: true), logConstant: guesses?[index] ?? 0, of: model,
        from: model.hyperparameters)
    }
    return pool
  }

  private func view(_ pool: DrawPool, _ free: [Double]) -> (logEvidence: Double, weights: ImportanceWeights) {
    pool.view(
      model.priorTable(
        of: pool.statistics, draws: pool.draws, given: model.hyperparameters.moved(to: free)))
  }

  /// Six batches at one λ: their equations have no unique Newton step, their constants are equal, all draws count.
  @Test func oneLambdaForAllBatches() throws {
    let pool = try pool(Array(repeating: [2.8, 0.6], count: 6))
    #expect(pool.logConstants.allSatisfy { abs($0 - pool.logConstants[0]) < 1e-6 }, "\(pool.logConstants)")
    let (value, weights) = view(pool, [2.8, 0.6])
    #expect(abs(value - pool.logConstants[0]) < 1e-6 && abs(weights.effectiveSampleSize - 2400) < 1e-6)
    let search = try searched(pool, from: [2.8, 0.6])
    #expect(search.lambda.allSatisfy { $0.isFinite })
  }

  /// Guesses at the constants that are off by thousands of nats, either way: the constants come out as from good guesses, and
  /// within 4.5 errors of ln L (a false alarm in 10⁻⁵ each; the errors of the bridge are calibrated elsewhere).
  @Test(arguments: [-5000.0, -40, 40, 5000]) func guessesFarOff(_ error: Double) throws {
    let lambdas = [[1.5, 0.3], [2.2, 0.5], [2.8, 0.6], [3.1, 0.8]]
    let exact = lambdas.map { model.logEvidence(at: model.hyperparameters.moved(to: $0)) }
    let good = try pool(lambdas, guesses: exact)
    let bad = try pool(lambdas, guesses: exact.enumerated().map { $1 + error * Double($0) })
    for (index, (a, b)) in zip(good.logConstants, bad.logConstants).enumerated() {
      #expect(b.isFinite)
      #expect(abs(a - b - (good.logConstants[0] - bad.logConstants[0])) < 1e-3, "\(bad.logConstants)")
      let found = b - bad.logConstants[0]
      #expect(abs(found - (exact[index] - exact[0])) < 1, "\(found), exact \(exact[index] - exact[0])")
    }
    #expect(view(bad, [2.8, 0.6]).weights.values.allSatisfy { $0.isFinite })
  }

  /// A batch that shares nothing with the others, guessed a thousand nats too high or low: finite, and out after `keep`.
  @Test(arguments: [-3000.0, 3000]) func aBatchFarAway(_ guess: Double) throws {
    var pool = try pool([[-400, -3], [2.8, 0.6], [2.9, 0.7]], guesses: [guess, 0, 0])
    #expect(pool.logConstants.allSatisfy { $0.isFinite })
    let (value, weights) = view(pool, [2.8, 0.6])
    #expect(value.isFinite && weights.values.allSatisfy { $0.isFinite })
    #expect(pool.shares(of: weights)[0] < 1e-6 && weights.effectiveSampleSize > 400)
    pool.keep([1, 2])
    #expect(pool.batches.count == 2 && pool.draws == 800)
    #expect(abs(view(pool, [2.8, 0.6]).weights.effectiveSampleSize - weights.effectiveSampleSize) < 1)
  }

  private func searched(_ pool: DrawPool, from start: [Double], steps: Int = 15) throws -> PoolSearch<GaussianHierarchy>
  {
    var search = PoolSearch(
      pool, model, .evidence, from: model.hyperparameters.moved(to: start), leastEffectiveDraws: 20, radius: 4)
    search.run(steps: steps)
    return search
  }

  /// On a ridge: where the curvature along ln τ nearly vanishes, a plain Newton step leaps from one flank to the other and may
  /// end lower. The search never goes down, and ends at the pool's maximum from all of 24 starts.
  @Test func stepsClimb() throws {
    let pool = try pool((0..<12).map { [2.8, -0.6 + 0.2 * Double($0)] })
    var (leaps, ends): (Int, [Double]) = (0, [])
    for offset in [-0.3, 0, 0.3] {
      for step in 0..<8 {
        let start = [2.8 + offset, -0.5 + 0.28 * Double(step)]
        var here = start
        for _ in 0..<15 {
          let one = try searched(pool, from: here, steps: 1)
          if let direction = one.direction {
            let point = TuningPoint(iteration: 0, at: model.hyperparameters.moved(to: here), of: model)
            let leap = zip(here, shortened(direction.step, at: point, radius: 4)).map { $0 + $1 }
            if view(pool, leap).logEvidence < view(pool, here).logEvidence - 0.01 { leaps += 1 }
          }
          #expect(view(pool, one.lambda).logEvidence >= view(pool, here).logEvidence - 1e-9)
          here = one.lambda
        }
        ends.append(view(pool, here).logEvidence)
      }
    }
    print("pool search: \(leaps) plain steps would have gone down; ends \(ends.min() ?? 0) to \(ends.max() ?? 0)")
    #expect((ends.max() ?? 0) - (ends.min() ?? 0) < 0.01)
  }
}
