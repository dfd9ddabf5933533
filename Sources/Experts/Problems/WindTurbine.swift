import LogDensities

/// The wind turbine experiment of the CoCoAFusE paper (section 7 and Table 6) on the public file `T1.csv`.
///
/// Wind speed is divided by its largest training value, both powers by the largest theoretical value in training. The experts
/// see the theoretical curve; the gates see wind speed, sin and cos of wind direction.
public enum WindTurbine {
  /// The columns of the public file that are read.
  public enum Column {
    /// Measured power, the target, in kW.
    public static let power = "LV ActivePower (kW)"
    /// Wind speed in m/s.
    public static let speed = "Wind Speed (m/s)"
    /// What the manufacturer's curve gives at that wind speed.
    public static let theoretical = "Theoretical_Power_Curve (KWh)"
    /// Wind direction in degrees.
    public static let direction = "Wind Direction (°)"
    /// All of them.
    public static let all = [power, speed, theoretical, direction]
  }

  /// `rows` random rows to fit and as many others to test, with the priors of Table 6.
  /// - Throws: the source's errors for missing columns; `ModelError` where there are too few rows or no power at all.
  public static func problem(_ source: some ColumnSource, rows: Int = 500, seed: UInt64 = 1) throws -> Problem {
    let columns = try Column.all.map { try source.column($0) }
    guard let count = columns.first?.count, count >= 2 * rows else {
      throw ModelError.invalid(
        "The wind experiment needs \(2 * rows) rows, \(rows) to fit and \(rows) to test; found \(columns.first?.count ?? 0)."
      )
    }
    var stream = RandomStream(seed: seed, purpose: .partition)
    let drawn = stream.sample(2 * rows, of: Array(0..<count))
    return try problem(columns, training: drawn[..<rows].sorted(), test: drawn[rows...].sorted())
  }

  /// The problem for rows that were chosen by somebody else.
  /// - Throws: the source's errors for missing columns; `ModelError` where training rows have no power at all.
  public static func problem(_ source: some ColumnSource, training: [Int], test: [Int]) throws -> Problem {
    try problem(Column.all.map { try source.column($0) }, training: training, test: test)
  }

  private static func problem(_ columns: [[Double]], training: [Int], test: [Int]) throws -> Problem {
    let fastest = training.reduce(0) { max($0, abs(columns[1][$1])) }
    let largest = training.reduce(0) { max($0, columns[2][$1]) }
    guard fastest > 0, largest > 0 else {
      throw ModelError.invalid("The training rows have no wind or no theoretical power above 0.")
    }
    let all = NumericColumns(
      names: ["power", "wind_speed", "theoretical_pc", "direction"],
      values: [columns[0], columns[1].map { $0 / fastest }, columns[2].map { $0 / largest }, columns[3]])
    return Problem(
      name: "wind", summary: "Power of one wind turbine, Yalova, 2018 (Wind Turbine Scada Dataset, B. Erisen).",
      isSimulated: false, training: all.selecting(training), test: all.selecting(test), target: "power",
      expertTerms: "theoretical_pc", gateTerms: "wind_speed,fourier(direction,360,1)", standardizesColumns: false,
      scaling: ResponseScaling(location: 0, scale: largest), experts: 2, priors: priors,
      notes: [
        "Wind speed is divided by \(fastest) m/s, both powers by \(largest), the largest theoretical value in training.",
        "The paper's Table 6 has two equal gate columns; here expert 2 is the reference and expert 1 has the column.",
      ])
  }

  /// Table 6: (location, scale) of Laplace priors, normal on ln σ.
  public static let priors = HandPriors(
    intercepts: [LocationScale(0, 0.2), LocationScale(0, 0.2)],
    slopes: [LocationScale(0, 0.07), LocationScale(1, 0.07)],
    gate: [LocationScale(0, 1), LocationScale(0, 1), LocationScale(0, 0.2), LocationScale(0, 0.2)],
    behaviour: [LocationScale(5, 0.15), LocationScale(-10, 0.15), LocationScale(0, 0.2), LocationScale(0, 0.2)],
    noise: [LocationScale(-4, 0.2), LocationScale(-2.5, 0.2)])
}
