import EmpiricalBayes
import Foundation
import LogDensities
import Testing

/// Transforms against sequences worked out by hand.
@Suite struct GradientTransformTests {
  private func point(
    _ iteration: Int = 0, information: [Double] = [4, 100], isLocation: [Bool] = [true, false],
    unit: [Double] = [0.1, 1]
  ) -> TuningPoint {
    TuningPoint(
      iteration: iteration, lambda: [0, 0], priorInformation: information, information: information,
      isLocation: isLocation, unit: unit)
  }

  private func close(_ found: [Double], _ expected: [Double]) -> Bool {
    zip(found, expected).allSatisfy { abs($0 - $1) < 1e-14 }
  }

  /// Algorithm 1 of Kingma and Ba, evaluated independently for gradients (1, −0.01), (−2, −0.03), (0.5, 0), in units of the
  /// prior: 0.1 for the location.
  @Test func adamFollowsThePublishedRecursion() {
    let adam = Adam()
    var state = adam.initialState(dimension: 2)
    let expected = [
      [0.9999999900000002, -0.9999990000010001], [-0.36610352472074836, -0.9177807086183926],
      [-0.13669066201746632, -0.7094470763879461],
    ]
    for (gradient, expected) in zip([[1, -0.01], [-2, -0.03], [0.5, 0]], expected) {
      let (ascent, next) = adam.update(gradient, state, at: point())
      #expect(close(ascent, [0.1 * expected[0], expected[1]]))
      state = next
    }
    #expect(state.steps == 3)
  }

  @Test func stepsByHand() {
    let falling = RobbinsMonroStep(size: 2, delay: 4, exponent: 0.5)
    let (first, _) = falling.update([1, -3], Memoryless(), at: point(0))
    let (later, _) = falling.update([1, -3], Memoryless(), at: point(12))
    #expect(close(first, [2, -6]) && close(later, [1, -3]))
    #expect(close(ConstantStep(0.5).update([1, -3], Memoryless(), at: point(12)).ascent, [0.5, -1.5]))
  }

  @Test func scalingAndClippingByHand() {
    #expect(close(NaturalScaling().update([8, 5], Memoryless(), at: point()).ascent, [2, 0.05]))
    let clipping = GradientClipping()
    #expect(close(clipping.update([8, -5], Memoryless(), at: point()).ascent, [0.2, -1]))
    #expect(close(clipping.update([-0.15, 0.9], Memoryless(), at: point()).ascent, [-0.15, 0.9]))
  }

  @Test func chainsApplyInOrderAndNilIsTheIdentity() {
    let chained = Chained(NaturalScaling(), Chained(ConstantStep(10), GradientClipping()))
    let state = chained.initialState(dimension: 2)
    #expect(close(chained.update([0.02, 5], state, at: point()).ascent, [0.05, 0.5]))
    let absent: Adam? = nil
    let (ascent, memory) = absent.update([3, 4], absent.initialState(dimension: 2), at: point())
    #expect(ascent == [3, 4] && memory == nil)
    let present: Adam? = Adam()
    let plain = Adam().update([3, 4], Adam().initialState(dimension: 2), at: point()).ascent
    #expect(present.update([3, 4], present.initialState(dimension: 2), at: point()).ascent == plain)
  }

  @Test func optimiserMemorySurvivesEncoding() throws {
    let optimiser = Optimiser.adam(size: 0.3)
    var state = optimiser.initialState(dimension: 2)
    state = optimiser.update([0.1, -7], state, at: point()).state
    let copy = try JSONDecoder().decode(Optimiser.Stages.State.self, from: JSONEncoder().encode(state))
    #expect(copy == state)
    let expected = optimiser.update([2, 3], state, at: point(1)).ascent
    #expect(optimiser.update([2, 3], copy, at: point(1)).ascent == expected)
  }

  /// Tied members add their information; a location's unit is its prior's scale whatever the number of members.
  @Test func pointOfTiedCoordinates() {
    var model = GaussianHierarchy(y: [1, 2, 3], noise: [1, 1, 1], scale: 0.01)
    var point = TuningPoint(iteration: 7, at: model.hyperparameters, of: model)
    #expect(close(point.information.map { $0 / 30_000 }, [1, 6.0 / 30_000]))
    #expect(close(point.unit, [0.01, 1]))
    #expect(point.isLocation == [true, false] && point.iteration == 7)
    var lambda = Hyperparameters(entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    lambda.tune([3, 4, 5], name: "scale", hyperprior: .normal(location: 0, scale: 0.5))
    model.hyperparameters = lambda
    point = TuningPoint(iteration: 0, at: lambda, of: model)
    #expect(close(point.information, [10]) && point.isLocation == [false])
  }
}
