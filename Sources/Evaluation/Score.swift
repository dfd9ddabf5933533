/// A metric over rows with its standard error.
public struct Score: Sendable, Codable, Equatable {
  /// The metric.
  public var value: Double
  /// Its standard error from the spread over rows; nil of one row, and where it is not finite.
  public var standardError: Double?

  /// A metric and its error.
  public init(value: Double, standardError: Double?) {
    self.value = value
    self.standardError = standardError.flatMap { $0.isFinite ? $0 : nil }
  }

  /// The sum over rows taken as independent, with √(N Var).
  public static func sum(of rows: [Double]) -> Score {
    let mean = mean(of: rows)
    let count = Double(rows.count)
    return Score(value: rows.reduce(0, +), standardError: mean.standardError.map { $0 * count })
  }

  /// The mean over rows taken as independent, with √(Var / N), the variance with N − 1.
  public static func mean(of rows: [Double]) -> Score {
    let count = Double(rows.count)
    let mean = rows.reduce(0, +) / count
    guard rows.count > 1 else { return Score(value: mean, standardError: nil) }
    let squares = rows.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Score(value: mean, standardError: (squares / (count - 1) / count).squareRoot())
  }
}
