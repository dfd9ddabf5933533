#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many draws each outer iteration gets.
public protocol DrawSchedule: Sendable {
  /// The draws that each chain makes at outer iteration `iteration`, counted from 0; at least 1.
  func drawsPerChain(at iteration: Int) -> Int
}

/// The same number of draws always.
public struct ConstantSchedule: DrawSchedule, Codable, Equatable {
  /// Draws a chain.
  public let draws: Int

  /// A positive number of draws.
  public init(draws: Int) {
    precondition(draws > 0, "an iteration needs draws")
    self.draws = draws
  }

  /// The same always.
  public func drawsPerChain(at iteration: Int) -> Int { draws }
}

/// Few draws while λ is far off, more as it settles.
public struct GrowingSchedule: DrawSchedule, Codable, Equatable {
  /// Draws a chain at iteration 0.
  public let first: Int
  /// The factor from one iteration to the next, at least 1.
  public let growth: Double
  /// The most draws a chain.
  public let most: Int

  /// A schedule from `first` up to `most`.
  public init(first: Int = 8, growth: Double = 1.15, most: Int = 200) {
    precondition(first > 0 && growth >= 1 && most >= first, "a growing schedule starts above 0 and does not shrink")
    self.first = first
    self.growth = growth
    self.most = most
  }

  /// first · growthᵗ, at most `most`.
  public func drawsPerChain(at iteration: Int) -> Int {
    Int(min(Double(first) * pow(growth, Double(iteration)), Double(most)))
  }
}
