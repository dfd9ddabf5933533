import LogDensities

/// The motorcycle experiment of the CoCoAFusE paper (section 7 and Table 9).
///
/// Time is scaled to [0, 1] over all readings, acceleration divided by its largest absolute training value. The experts see
/// sin and cos of 2πt/0.4, the gate sees t and q(t) = 64/9 t (3/4 − t).
public enum Motorcycle {
  /// Which rows are held out.
  public enum Split: Sendable, Equatable {
    /// Nothing: all 133 rows are fitted.
    case none
    /// The 39 rows whose time occurred before, and 19 of the other 94 at random: 75 rows to fit, 58 to test. The paper's
    /// own draw is not published.
    case random(seed: UInt64)
  }

  /// Where the gates of Table 9 are centred.
  public enum Gates: String, Sendable, Codable, CaseIterable {
    /// As printed: biases 15 and −50, so that regimes change at t = 1/2 and t = 1, where no regime of the data does.
    case printed
    /// Biases 5 and −35, slopes as printed: regimes change at t = 1/6 and t = 0.7, as the annotated strata do.
    case annotated
  }

  /// The problem with the priors of Table 9.
  public static func problem(split: Split = .random(seed: 1), gates: Gates = .printed) -> Problem {
    let all = columns()
    let (trainingRows, testRows) = rows(of: split, times: all.values[0])
    let training = all.selecting(trainingRows)
    let largest = training.values[2].reduce(0) { max($0, abs($1)) }
    return Problem(
      name: "motorcycle",
      summary:
        "Head acceleration in a simulated motorcycle crash, \(all.rows) readings (Silverman 1985; R package MASS).",
      isSimulated: false, training: training, test: all.selecting(testRows), target: "acceleration",
      expertTerms: "fourier(time,0.4,1)", gateTerms: "time,q=64/9*time*(3/4-time)", standardizesColumns: false,
      scaling: ResponseScaling(location: 0, scale: largest), experts: 3, priors: priors(gates),
      notes: [
        "Column time is milliseconds scaled to [0, 1]; acceleration is in g and divided by \(largest) for the model.",
        "Which experts the two gate columns of the paper's Table 9 belong to is our reading: columns 1 and 2, with expert 3 the reference.",
      ])
  }

  /// Table 9: (location, scale) of Laplace priors, normal on ln σ. What the table leaves out has the default (0, 1).
  public static let priors = priors(.printed)

  /// Table 9 with its gates read one way or the other.
  public static func priors(_ gates: Gates) -> HandPriors {
    let biases = gates == .printed ? (15.0, -50.0) : (5.0, -35.0)
    return HandPriors(
      intercepts: [LocationScale(0, 1), LocationScale(0, 1), LocationScale(0, 0.5)],
      slopes: [0.01, 0.01, 2].flatMap { [LocationScale(0, $0), LocationScale(0, $0)] },
      gate: [
        LocationScale(biases.0, 1), LocationScale(-30, 0.1), LocationScale(0, 0.01),
        LocationScale(biases.1, 1), LocationScale(50, 0.1), LocationScale(0, 0.01),
      ],
      behaviour: [.standard, .standard, .standard],
      noise: [LocationScale(-5, 0.2), LocationScale(-3, 0.2), LocationScale(-1, 0.2)])
  }

  /// All readings: `milliseconds`, `time` (scaled to [0, 1]) and `acceleration` (g).
  static func columns() -> NumericColumns {
    let readings = MotorcycleData.readings
    let times = stride(from: 0, to: readings.count, by: 2).map { readings[$0] }
    let accelerations = stride(from: 1, to: readings.count, by: 2).map { readings[$0] }
    let first = times.min() ?? 0
    let span = (times.max() ?? 1) - first
    return NumericColumns(
      names: ["milliseconds", "time", "acceleration"],
      values: [times, times.map { ($0 - first) / span }, accelerations])
  }

  private static func rows(of split: Split, times: [Double]) -> (training: [Int], test: [Int]) {
    guard case .random(let seed) = split else { return (Array(times.indices), []) }
    let distinct = times.indices.filter { $0 == 0 || times[$0] != times[$0 - 1] }
    var stream = RandomStream(seed: seed, purpose: .partition)
    let heldOut = Set(stream.sample(19, of: distinct)).union(Set(times.indices).subtracting(distinct))
    return (times.indices.filter { !heldOut.contains($0) }, heldOut.sorted())
  }
}
