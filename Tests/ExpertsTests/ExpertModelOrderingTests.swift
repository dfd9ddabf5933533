import Foundation
import LogDensities
import Priors
import Testing

@testable import Experts

/// Priors that differ between experts and between gate columns, so that nothing is exchangeable.
private func asymmetricPriors(_ experts: Int) -> ExpertPriors {
  var priors = ExpertPriors()
  for expert in 1...experts {
    let e = Double(expert)
    priors.overrides["intercept[\(expert)]"] = .laplace(location: 0.3 * e, scale: 0.5 + 0.4 * e)
    priors.overrides["sigma[\(expert)]"] = .logNormal(location: -0.2 * e, scale: 0.6)
    if expert < experts { priors.overrides["gate[\(expert),z]"] = .laplace(location: 0.5 * e - 1, scale: 0.7) }
  }
  return priors
}

@Suite struct ExpertModelOrderingTests {
  @Test func `permutations keep the likelihood and compose`() throws {
    var stream = RandomStream(seed: 11, purpose: .test)
    for combination in Combination.allCases {
      let model = try ExpertModel(combination, experts: 4, data: syntheticRows(30, seed: 12))
      let q = (0..<model.dimension).map { _ in stream.normal() }
      let expected = model.logLikelihood(at: q.span)
      for permutation in allPermutations(4) {
        var moved = q
        var span = moved.mutableSpan
        model.architecture.permute(&span, by: permutation)
        #expect(abs(model.logLikelihood(at: moved.span) - expected) < 1e-10 * abs(expected))
        var inverse = [0, 0, 0, 0]
        for (place, expert) in permutation.enumerated() { inverse[expert] = place }
        var back = moved.mutableSpan
        model.architecture.permute(&back, by: inverse)
        for (a, b) in zip(moved, q) { #expect(abs(a - b) < 1e-13) }
      }
    }
  }

  /// The unordered posterior sends the mass Σ_π L p(πθ | λ) to an ordered point; times exp(log weight) that must be
  /// L p(θ' | λ), the ordered posterior up to Z. Permutations are enumerated here, priors are the model's own.
  @Test(arguments: [Ordering.intercepts, .standardErrors], 1...5) func `weights undo the folding, exactly`(
    ordering: Ordering, experts: Int
  ) throws {
    for priors in [ExpertPriors(), asymmetricPriors(experts)] {
      let rows = syntheticRows(10, seed: 13)
      let model = try ExpertModel(.cocoafuse, experts: experts, data: rows, priors: priors, ordering: ordering)
      let free = try ExpertModel(.cocoafuse, experts: experts, data: rows, priors: priors)
      let lambda = model.hyperparameters
      var stream = RandomStream(seed: 14, purpose: .test)
      for _ in 0..<10 {
        let q = (0..<model.dimension).map { _ in 1.5 * stream.normal() }
        let (folded, _) = model.canonical(q, given: lambda)
        let keys = model.architecture.ordered(by: ordering).map { folded[$0] }
        #expect(keys == keys.sorted())
        var masses: [Double] = []
        for permutation in allPermutations(experts) {
          var other = folded
          var span = other.mutableSpan
          model.architecture.permute(&span, by: permutation)
          masses.append(free.logPrior(at: other.span, given: lambda))
          let (again, weight) = model.canonical(other, given: lambda)
          for (a, b) in zip(again, folded) { #expect(abs(a - b) < 1e-12, "every numbering folds to one point") }
          #expect(weight <= 0)
        }
        let (_, weight) = model.canonical(folded, given: lambda)
        let own = free.logPrior(at: folded.span, given: lambda)
        #expect(abs(weight - (own - logSumExp(masses))) < 1e-10)
      }
    }
  }

  @Test func `an impossible ordering is refused, and has no prior density`() throws {
    var priors = ExpertPriors()
    priors.overrides["intercept[1]"] = .normal(location: 100, scale: 0.1)
    priors.overrides["intercept[2]"] = .normal(location: -100, scale: 0.1)
    let rows = syntheticRows(10, seed: 15)
    let model = try ExpertModel(.moe, experts: 2, data: rows, priors: priors, ordering: .intercepts)
    #expect(throws: ModelError.self) { try model.posterior(given: model.hyperparameters) }
    let q = [Double](repeating: 0, count: model.dimension)
    let density = model.logPrior(at: q.span, given: model.hyperparameters)
    #expect(density == -.infinity)
    #expect(model.scores(q, given: model.hyperparameters).allSatisfy { !$0.isNaN })
  }

  /// The default roles tie all scales of a block: their sum does not see the order, so the ordering takes nothing from their
  /// information. The sum of the members' own would be 4.1 for six experts.
  @Test func `tied scales of an ordered block have the information of an unordered one`() throws {
    let rows = syntheticRows(10, seed: 15)
    let free = try ExpertModel(.moe, experts: 6, data: rows)
    for ordering in Ordering.allCases {
      let model = try ExpertModel(.moe, experts: 6, data: rows, ordering: ordering)
      let found = model.priorInformation(at: model.hyperparameters)
      #expect(found.count == model.hyperparameters.coordinates.count)
      for (information, expected) in zip(found, free.priorInformation(at: free.hyperparameters)) {
        #expect(abs(information / expected - 1) < 1e-7)
      }
      #expect(abs(found[0] - 6) < 1e-6 && abs(found[3] - 12) < 1e-5, "\(found)")
    }
  }

  @Test(arguments: Ordering.allCases) func `preparing for one hyperparameter vector changes no bit at any`(
    ordering: Ordering
  ) throws {
    let model = try ExpertModel(
      .cocoafuse, experts: 3, data: syntheticRows(10, seed: 15), priors: asymmetricPriors(3), ordering: ordering)
    let here = model.hyperparameters
    let elsewhere = here.moved(to: here.free.map { $0 + 0.3 })
    let prepared = model.prepared(for: here)
    var stream = RandomStream(seed: 16, purpose: .test)
    let (q, _) = model.canonical((0..<model.dimension).map { _ in stream.normal() }, given: here)
    for lambda in [here, elsewhere] {
      #expect(prepared.scores(q, given: lambda) == model.scores(q, given: lambda))
      #expect(prepared.logPrior(at: q.span, given: lambda) == model.logPrior(at: q.span, given: lambda))
      #expect(prepared.priorInformation(at: lambda) == model.priorInformation(at: lambda))
    }
  }

  @Test func `two exchangeable experts: the weight is a half whatever the draw`() throws {
    let model = try ExpertModel(.moe, experts: 2, data: syntheticRows(10, seed: 15), ordering: .intercepts)
    var stream = RandomStream(seed: 16, purpose: .test)
    for _ in 0..<50 {
      let q = (0..<model.dimension).map { _ in 3 * stream.normal() }
      #expect(abs(model.canonical(q, given: model.hyperparameters).logWeight + log(2)) < 1e-12)
    }
    let none = try ExpertModel(.moe, experts: 2, data: syntheticRows(10, seed: 15))
    let q = (0..<none.dimension).map { _ in 3 * stream.normal() }
    let (same, weight) = none.canonical(q, given: none.hyperparameters)
    #expect(same == q && weight == 0)
  }

  /// The ordered prior by folding and weighting unordered prior draws against rejection of the same number of draws.
  /// Three experts and an asymmetric gate. 14 comparisons at 5 standard errors: false alarms in 1 of 120,000 runs.
  @Test func `folded and weighted draws have the ordered prior's moments`() throws {
    let model = try ExpertModel(
      .moe, experts: 3, data: syntheticRows(5, seed: 17), priors: asymmetricPriors(3), ordering: .intercepts)
    let lambda = model.hyperparameters
    var stream = RandomStream(seed: 18, purpose: .test)
    let a = model.architecture.intercepts.lowerBound
    var accepted: [[Double]] = []
    var folded: [[Double]] = []
    var weights: [Double] = []
    for _ in 0..<60_000 {
      let q = priorDraw(model, from: &stream)
      if q[a] <= q[a + 1] && q[a + 1] <= q[a + 2] { accepted.append(q) }
      let (position, logWeight) = model.canonical(priorDraw(model, from: &stream), given: lambda)
      folded.append(position)
      weights.append(exp(logWeight))
    }
    // E[exp(weight)] under the folded prior is P(ordered) = Z.
    let z = exp(OrderingNormaliser((0..<3).map { model.layout.prior($0, at: lambda.values) }).logProbability)
    let n = Double(weights.count)
    let mean = weights.reduce(0, +) / n
    let spread = (weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n / n).squareRoot()
    #expect(abs(mean - z) < 5 * spread)
    for index in 0..<model.dimension {
      // Bounded, so that heavy tails do not spoil the standard errors.
      func value(_ q: [Double]) -> Double { tanh(q[index]) }
      let direct = accepted.reduce(0) { $0 + value($1) } / Double(accepted.count)
      let directVariance = accepted.reduce(0) { $0 + pow(value($1) - direct, 2) } / pow(Double(accepted.count), 2)
      let total = weights.reduce(0, +)
      let weighted = zip(folded, weights).reduce(0) { $0 + $1.1 * value($1.0) } / total
      let variance = zip(folded, weights).reduce(0) { $0 + pow($1.1 * (value($1.0) - weighted), 2) } / (total * total)
      #expect(abs(direct - weighted) < 5 * (directVariance + variance).squareRoot(), "\(model.parameterNames[index])")
    }
  }

  /// The tiny posterior by quadrature: two experts of known noise and gate are left with (a_1, a_2).
  @Test func `weighted folding integrates to the ordered evidence over Z`() throws {
    // ∫ over all (a_1, a_2) of L p exp(weight) must be ∫ over a_1 ≤ a_2 of L p; the other parameters stay at one point and
    // are folded along, so the orbit's other point is integrated too.
    let model = try ExpertModel(
      .moe, experts: 2, data: syntheticRows(4, seed: 19), priors: asymmetricPriors(2), ordering: .intercepts)
    let free = try ExpertModel(.moe, experts: 2, data: syntheticRows(4, seed: 19), priors: asymmetricPriors(2))
    let lambda = model.hyperparameters
    var stream = RandomStream(seed: 20, purpose: .test)
    let base = (0..<model.dimension).map { _ in 0.5 * stream.normal() }
    var swapped = base
    var span = swapped.mutableSpan
    model.architecture.permute(&span, by: [1, 0])
    var ordered = 0.0
    var foldedMass = 0.0
    let step = 0.1
    for i in -60...60 {
      for j in -60...60 where i != j {
        for start in [base, swapped] {
          var q = start
          (q[0], q[1]) = (Double(i) * step, Double(j) * step)
          let density = exp(free.logLikelihood(at: q.span) + free.logPrior(at: q.span, given: lambda))
          foldedMass += density * exp(model.canonical(q, given: lambda).logWeight)
          if i < j { ordered += density }
        }
      }
    }
    #expect(abs(foldedMass / ordered - 1) < 1e-10)
  }
}

@Suite struct NumberingWeightsTests {
  private func sample(_ model: ExpertModel, _ lambda: Hyperparameters, accept: ([Double]) -> Bool) -> [Double] {
    var stream = RandomStream(seed: 21, purpose: .test)
    var draws: [Double] = []
    while draws.count < 20_000 * model.dimension {
      let q = priorDraw(model, from: &stream)
      if accept(q) { draws += q }
    }
    return draws
  }

  /// Draws of the prior kept in all numberings, in one, and in two of unequal shares, moved and weighted, have the moments
  /// of the ordered prior. 3 × 5 comparisons at 5 standard errors: false alarms in 1 of 110,000 runs.
  @Test func `whatever numberings were visited, the weights give the ordered prior`() throws {
    // Mild differences: one numbering has to stand for another.
    var priors = ExpertPriors()
    priors.overrides["intercept[1]"] = .laplace(location: -0.3, scale: 1)
    priors.overrides["intercept[2]"] = .laplace(location: 0.2, scale: 0.9)
    priors.overrides["gate[1,bias]"] = .laplace(location: 0.3, scale: 1)
    for block in [ExpertBlock.slopes, .gate] { priors[block] = .laplace(location: 0.1, scale: 1) }
    priors.overrides["sigma[1]"] = .logNormal(location: 0.2, scale: 1)
    let model = try ExpertModel(
      .moe, experts: 2, data: syntheticRows(5, seed: 22), priors: priors, ordering: .intercepts)
    let lambda = model.hyperparameters
    let exact = sample(model, lambda) { $0[0] <= $0[1] }
    var toggle = 0
    let visits: [([Double]) -> Bool] = [
      { _ in true }, { $0[0] > $0[1] },
      {
        toggle += 1
        return $0[0] > $0[1] || toggle % 4 == 0
      },
    ]
    for accept in visits {
      var draws = sample(model, lambda, accept: accept)
      let logs = model.canonicalise(draws: &draws, given: lambda)
      let weights = logs.map { exp($0) }
      let total = weights.reduce(0, +)
      for index in [0, 1, 4, 6, 7] {
        func value(_ draws: [Double], _ draw: Int) -> Double { tanh(draws[draw * model.dimension + index]) }
        let n = Double(weights.count)
        let direct = weights.indices.reduce(0) { $0 + value(exact, $1) } / n
        let spread = weights.indices.reduce(0) { $0 + pow(value(exact, $1) - direct, 2) } / (n * n)
        let found = weights.indices.reduce(0) { $0 + weights[$1] * value(draws, $1) } / total
        let error =
          weights.indices.reduce(0) { $0 + pow(weights[$1] * (value(draws, $1) - found), 2) } / (total * total)
        #expect(abs(found - direct) < 5 * (spread + error).squareRoot(), "\(model.parameterNames[index])")
      }
    }
  }

  @Test func `draws in the ordering already have weight one`() throws {
    let model = try ExpertModel(
      .cocoafuse, experts: 3, data: syntheticRows(5, seed: 23), priors: asymmetricPriors(3), ordering: .intercepts)
    let lambda = model.hyperparameters
    let ordered = sample(model, lambda) { $0[0] <= $0[1] && $0[1] <= $0[2] }
    var draws = ordered
    let logs = model.canonicalise(draws: &draws, given: lambda)
    #expect(draws == ordered)
    #expect(logs.allSatisfy { $0 == 0 })
  }
}
