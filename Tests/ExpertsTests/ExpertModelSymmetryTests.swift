import Foundation
import LogDensities
import Priors
import Testing

@testable import Experts

@Suite struct ExpertModelSymmetryTests {
  private func symmetricPrior(
    _ model: ExpertModel, _ position: [Double]
  ) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: model.dimension)
    var span = gradient.mutableSpan
    let value = model.addSymmetricPriorGradient(at: position.span, given: model.hyperparameters, to: &span)
    return (value, gradient)
  }

  private func model(_ experts: Int, ordering: Ordering = .none, areAlike: Bool) throws -> ExpertModel {
    var priors = ExpertPriors()
    priors.gate = .laplace(location: 0.3, scale: 0.8)
    if !areAlike { priors.overrides["intercept[1]"] = .laplace(location: -1, scale: 0.5) }
    return try ExpertModel(
      .cocoafuse, experts: experts, data: syntheticRows(30, seed: 3), priors: priors, ordering: ordering)
  }

  /// The gradient is that of the value, and no numbering changes the value, whether priors are alike or not.
  @Test(arguments: [true, false])
  func isSymmetric(areAlike: Bool) throws {
    let model = try model(3, areAlike: areAlike)
    var stream = RandomStream(seed: 5, purpose: .test)
    for _ in 0..<5 {
      let position = priorDraw(model, from: &stream)
      let (value, gradient) = symmetricPrior(model, position)
      for index in 0..<model.dimension {
        let slope = numericDerivative(1e-5) { step in
          var moved = position
          moved[index] += step
          return symmetricPrior(model, moved).value
        }
        #expect(abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)))
      }
      for permutation in allPermutations(3) {
        var moved = position
        var span = moved.mutableSpan
        model.architecture.permute(&span, by: permutation)
        #expect(abs(symmetricPrior(model, moved).value - value) < 1e-10)
      }
    }
  }

  /// Draws of the prior, weighted by the symmetric prior over the prior itself, have mean weight 1: it is normalised. And so is the
  /// ordered one on top of it. 20,000 draws; bounds of 5 standard errors from the weights' own spread fail by chance in fewer than
  /// one of 10⁶ runs.
  @Test(arguments: [(true, Ordering.none), (false, .none), (false, .intercepts), (true, .standardErrors)])
  func isNormalised(areAlike: Bool, ordering: Ordering) throws {
    let model = try model(2, ordering: ordering, areAlike: areAlike)
    let lambda = model.hyperparameters
    let prepared = model.prepared(for: lambda)
    var stream = RandomStream(seed: 6, purpose: .test)
    let count = 20_000
    let weights = (0..<count).map { _ in
      let position = priorDraw(model, from: &stream)
      var gradient = [Double](repeating: 0, count: model.dimension)
      var span = gradient.mutableSpan
      let own = prepared.addPriorGradient(at: position.span, given: lambda, to: &span)
      let symmetric = prepared.addSymmetricPriorGradient(at: position.span, given: lambda, to: &span)
      return exp(symmetric - own + prepared.logSymmetryWeight(at: position.span, given: lambda))
    }
    let mean = weights.reduce(0, +) / Double(count)
    let variance = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(abs(mean - 1) <= 5 * (variance / Double(count)).squareRoot() + 1e-12)
  }
}
