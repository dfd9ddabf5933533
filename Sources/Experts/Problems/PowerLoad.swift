import LogDensities

/// The power distribution board experiment of the CoCoAFusE paper (section 7, Appendix H.4) on the public file
/// `PDB_Load_History.csv`.
///
/// Experts see Fourier terms of the hour and temperature; gates see Fourier terms of month and weekday, temperature and its
/// square. Response and temperature are standardised on the training rows.
public enum PowerLoad {
  /// How many harmonics of each period are features. The paper does not say.
  public struct Harmonics: Sendable, Codable, Equatable {
    /// Of 24 hours, for the experts.
    public var hour: Int
    /// Of 7 days, for the gates; 3 at most.
    public var weekday: Int
    /// Of 12 months, for the gates; 5 at most.
    public var month: Int

    /// Numbers of harmonics.
    public init(hour: Int = 4, weekday: Int = 2, month: Int = 2) {
      self.hour = hour
      self.weekday = weekday
      self.month = month
    }
  }

  /// The columns of the public file that are read; `hour` is 1 to 24, `weekday` 1 to 7.
  public static let columns = ["hour", "weekday", "month", "temperature", "demand"]

  /// 1000 random rows of the first 80 % to fit, 250 equispaced rows of the last 20 % to test.
  /// - Throws: the source's errors for missing columns; `ModelError` where there are too few rows; `DesignError` where demand
  ///   does not vary.
  public static func problem(
    _ source: some ColumnSource, harmonics: Harmonics = Harmonics(), seed: UInt64 = 1
  ) throws -> Problem {
    let all = try read(source)
    let border = all.rows * 4 / 5
    guard border >= 1000, all.rows - border >= 250 else {
      throw ModelError.invalid(
        "The pdb experiment draws 1000 rows of the first 80 % and 250 of the last 20 %; found \(all.rows) rows in all.")
    }
    var stream = RandomStream(seed: seed, purpose: .partition)
    let spacing = Double(all.rows - 1 - border) / 249
    return try problem(
      training: all.selecting(stream.sample(1000, of: Array(0..<border)).sorted()),
      test: all.selecting((0..<250).map { border + Int((Double($0) * spacing).rounded()) }), harmonics: harmonics)
  }

  /// The problem for rows that were chosen by somebody else.
  /// - Throws: as above.
  public static func problem(
    training: some ColumnSource, test: some ColumnSource, harmonics: Harmonics = Harmonics()
  ) throws -> Problem {
    try problem(training: read(training), test: read(test), harmonics: harmonics)
  }

  private static func problem(
    training: NumericColumns, test: NumericColumns, harmonics: Harmonics
  ) throws -> Problem {
    func fourier(_ name: String, _ period: Int, _ count: Int) -> String? {
      count > 0 ? "fourier(\(name),\(period),\(count))" : nil
    }
    return Problem(
      name: "pdb",
      summary: "Hourly electric load of a distribution network (PDB Electric Power Load History, A. Yeafi).",
      isSimulated: false, training: training, test: test, target: "demand",
      expertTerms: [fourier("hour", 24, harmonics.hour), "temperature"].compactMap { $0 }.joined(separator: ","),
      gateTerms: [
        fourier("month", 12, harmonics.month), fourier("weekday", 7, harmonics.weekday), "poly(temperature,2)",
      ].compactMap { $0 }.joined(separator: ","), standardizesColumns: true,
      scaling: try .standardizing(training.column("demand"), name: "demand"), experts: 3, priors: nil, notes: [])
  }

  private static func read(_ source: some ColumnSource) throws -> NumericColumns {
    NumericColumns(names: columns, values: try columns.map { try source.column($0) })
  }
}
