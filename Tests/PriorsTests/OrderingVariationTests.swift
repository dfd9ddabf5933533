import Foundation
import LogDensities
import Testing

@testable import Priors

@Suite struct OrderingVariationTests {
  private func ordered(_ priors: [ScalarPrior]) -> (PriorLayout, Hyperparameters) {
    let counts = priors.map { $0.family.hyperparameters.count }
    let starts = counts.indices.map { counts[..<$0].reduce(0, +) }
    let layout = PriorLayout(
      families: priors.map(\.family), entries: zip(starts, counts).map { Array($0..<$0 + $1) },
      names: priors.indices.map { "\($0)" })
    let kinds = priors.flatMap(\.family.hyperparameters)
    let entries = kinds.indices.map { Hyperparameters.Entry(name: "\($0)", kind: kinds[$0], block: "b") }
    let values = zip(priors, counts).flatMap { prior, count in (0..<count).map { prior.tuningValues[$0] } }
    return (layout, Hyperparameters(entries: entries, values: values))
  }

  @Test func `equal priors that move together leave Z alone`() {
    let equal = [ScalarPrior](repeating: .laplace(location: 0.4, scale: 2), count: 3)
    var (layout, lambda) = ordered(equal)
    let variation = OrderingVariation(layout, ordered: [0, 1, 2])
    #expect(!variation.depends(on: lambda))
    lambda.tune([1, 3, 5], name: "scale")
    #expect(!variation.depends(on: lambda) && !variation.depends(on: lambda.moved(to: [1.3])))
    var two = lambda
    two.tune([0, 2], name: "two locations")
    #expect(variation.depends(on: two))
    // Of independent equal priors a common move leaves Z: its second derivative is 0, by cancellation of large parts.
    #expect(variation.hessian(at: lambda).allSatisfy { abs($0) < 1e-7 })
    let (unlike, values) = ordered([equal[0], .laplace(location: 0.4, scale: 1), equal[0]])
    lambda = values
    lambda.tune([1, 3, 5], name: "scale")
    #expect(OrderingVariation(unlike, ordered: [0, 1, 2]).depends(on: lambda))
    #expect(!OrderingVariation(unlike, ordered: []).depends(on: lambda))
  }

  @Test func `the Hessian of ln Z is a second difference of ln Z`() {
    var (layout, lambda) = ordered([
      .laplace(location: 0.5, scale: 2), .normal(location: -0.3, scale: 0.6),
      .studentT(StudentT(location: 0.2, scale: 1.7, degreesOfFreedom: 4)),
    ])
    lambda.tune([0], name: "location")
    lambda.tune([1, 3, 5], name: "scales")
    lambda.tune([2, 4], name: "locations")
    lambda.tune([6], name: "degrees of freedom")
    let variation = OrderingVariation(layout, ordered: [0, 1, 2])
    let hessian = variation.hessian(at: lambda)
    for row in 0..<4 {
      for column in 0..<4 {
        let numeric = derivative(1e-2) { outer in
          derivative(1e-2) { inner in
            var free = lambda.free
            free[row] += outer
            free[column] += inner
            return variation.normaliser(at: lambda.moved(to: free)).logProbability
          }
        }
        #expect(abs(hessian[row * 4 + column] - numeric) < 1e-5, "(\(row), \(column))")
      }
    }
  }
}
