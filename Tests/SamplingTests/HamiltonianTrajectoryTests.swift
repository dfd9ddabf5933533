import LogDensities
import Testing

@testable import Sampling

@Suite struct HamiltonianTrajectoryTests {
  private let density = IndependentNormals(scales: [1, 2, 0.5])
  private let scale = [1.5, 1, 0.7]

  /// A trajectory at `position` with the momentum of one fixed stream.
  private func begun(at position: [Double]) throws -> HamiltonianTrajectory {
    var trajectory = HamiltonianTrajectory(
      density, metric: MetricMap(.diagonal(scale: scale)), stepSize: 0.2, maximumDepth: 10)
    try trajectory.start(at: position)
    var stream = RandomStream(seed: 71, purpose: .test)
    trajectory.begin(&stream)
    return trajectory
  }

  /// One step each way from the same state: q₊ + q₋ − 2q = ε² S Sᵀ ∇ ln π(q) whatever the momentum, and q₊ − q₋ = 2ε S p.
  @Test func stepsAreSymmetricInTime() throws {
    let start = [0.3, -1, 0.4]
    var ends: [[Double]] = []
    for direction in [Direction.forward, .backward] {
      var trajectory = try begun(at: start)
      _ = try trajectory.extend(direction, into: 1)
      trajectory.adoptProposal(of: 1, in: 0)
      ends.append(trajectory.position.array(count: 3))
      #expect(trajectory.logDensity == (try density.evaluate(at: ends[ends.count - 1]).value))
    }
    let gradient = try density.evaluate(at: start).gradient
    for index in 0..<3 {
      let bend = ends[0][index] + ends[1][index] - 2 * start[index]
      #expect(abs(bend - 0.04 * scale[index] * scale[index] * gradient[index]) < 1e-14)
      #expect(abs(ends[0][index] - ends[1][index]) > 0.01)
    }
  }

  /// From the centre of a symmetric density the past is the mirror image of the future, so that both turn after as many
  /// steps, at about half a period of the fastest coordinate.
  @Test func turnsAfterAsManyStepsEitherWay() throws {
    var counts: [Int] = []
    for direction in [Direction.forward, .backward] {
      var trajectory = try begun(at: [0, 0, 0])
      var steps = 0
      repeat {
        _ = try trajectory.extend(direction, into: 1)
        steps += 1
      } while trajectory.join(1, to: 0, direction) && steps < 500
      counts.append(steps)
      #expect(trajectory.gradientEvaluations == steps + 1)
    }
    #expect(counts[0] == counts[1])
    #expect(counts[0] > 4 && counts[0] < 60)
  }

  /// Both ends of a trajectory go on from where they are, whatever the other does in between.
  @Test func endsDoNotDisturbEachOther() throws {
    var alternating = try begun(at: [0.3, -1, 0.4])
    var forward = try begun(at: [0.3, -1, 0.4])
    for _ in 0..<5 {
      let weight = try forward.extend(.forward, into: 1)
      #expect(try alternating.extend(.forward, into: 1) == weight)
      _ = try alternating.extend(.backward, into: 2)
    }
  }
}
