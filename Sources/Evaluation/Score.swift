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

  /// The sum over rows taken as independent, with √(N Var) and the variance with N, as ArviZ has it for elpd and for
  /// differences of elpd. (The R package loo divides by N − 1, as does `mean(of:)` here.) A row of −∞ makes the sum −∞.
  public static func sum(of rows: [Double]) -> Score {
    guard !rows.contains(-.infinity) else { return Score(value: -.infinity, standardError: nil) }
    let sum = rows.reduce(0, +)
    guard rows.count > 1 else { return Score(value: sum, standardError: nil) }
    let mean = sum / Double(rows.count)
    let squares = rows.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Score(value: sum, standardError: squares.squareRoot())
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
