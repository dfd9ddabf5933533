import LogDensities

extension MixingProblem {
  /// Simulated observations at the design: the truth with noise of known standard deviation. One seed, one data set.
  /// - Throws: `MixingError` where the truth is not finite.
  public func observations(seed: UInt64) throws(MixingError) -> MixingData {
    try observations(at: design, seed: seed)
  }

  /// Simulated observations at any inputs, column by column (d × n).
  /// - Throws: `MixingError` where lengths differ or an input is not possible.
  public func observations(at columns: [[Double]], seed: UInt64) throws(MixingError) -> MixingData {
    try observations(at: columns, seed: seed, part: .training)
  }

  /// The truth itself at the design, with the errors that observations there would have.
  /// - Throws: `MixingError` where the truth is not finite.
  public func noiselessObservations() throws(MixingError) -> MixingData {
    let truth = try trueValues(at: design)
    return try MixingData(
      inputNames: inputNames, inputs: design, response: truth,
      responseErrors: truth.map { noise.standardDeviation(at: $0) })
  }

  /// Training rows at the design and held-out rows at inputs drawn uniformly from the ranges that the design covers.
  ///
  /// Training noise, held-out inputs and held-out noise come from streams of their own, so that more held-out rows leave
  /// the training rows as they are.
  /// - Parameter heldOut: How many rows are held out.
  /// - Throws: `MixingError` where there is no held-out row.
  public func simulatedSet(seed: UInt64, heldOut: Int = 50) throws(MixingError) -> SimulatedMixingSet {
    guard heldOut > 0 else { throw .noRows }
    var stream = RandomStream(seed: seed, chain: Part.heldOutInputs.rawValue, purpose: .simulation)
    var columns = inputs.map { _ in [Double]() }
    for _ in 0..<heldOut {
      for (index, input) in inputs.enumerated() {
        let (lower, upper) = (input.observed.lowerBound, input.observed.upperBound)
        columns[index].append(lower + (upper - lower) * stream.openUniform())
      }
    }
    return SimulatedMixingSet(
      problem: name, seed: seed, training: try observations(seed: seed),
      heldOut: try observations(at: columns, seed: seed, part: .heldOut), heldOutTruth: try trueValues(at: columns))
  }

  /// Several simulated sets, one a seed: ten by default, for comparisons of tuned with untuned mixing.
  /// - Throws: `MixingError` where there is no held-out row.
  public func simulatedSets(
    seeds: ClosedRange<UInt64> = 1...10, heldOut: Int = 50
  ) throws(MixingError) -> [SimulatedMixingSet] {
    var sets: [SimulatedMixingSet] = []
    for seed in seeds { sets.append(try simulatedSet(seed: seed, heldOut: heldOut)) }
    return sets
  }

  private enum Part: UInt32 { case training, heldOutInputs, heldOut }

  private func observations(at columns: [[Double]], seed: UInt64, part: Part) throws(MixingError) -> MixingData {
    var stream = RandomStream(seed: seed, chain: part.rawValue, purpose: .simulation)
    let truth = try trueValues(at: columns)
    let errors = truth.map { noise.standardDeviation(at: $0) }
    return try MixingData(
      inputNames: inputNames, inputs: columns, response: zip(truth, errors).map { $0 + $1 * stream.normal() },
      responseErrors: errors)
  }
}

/// A simulated data set with rows held out.
public struct SimulatedMixingSet: Sendable, Codable, Equatable {
  /// The problem's name.
  public let problem: String
  /// The seed.
  public let seed: UInt64
  /// The rows to mix with, at the problem's design.
  public let training: MixingData
  /// The rows to judge by, with noise of their own.
  public let heldOut: MixingData
  /// The truth at the held-out rows.
  public let heldOutTruth: [Double]
}
