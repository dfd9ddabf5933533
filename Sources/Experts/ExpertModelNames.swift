import LogDensities
import Priors

extension ExpertArchitecture {
  /// The names of the parameters in the order of a position, such as `slope[1,temperature]`.
  public func parameterNames(expertFeatures features: [String], gateFeatures: [String]) -> [String] {
    var names = (1...experts).map { "intercept[\($0)]" }
    for expert in 1...experts { names += features.map { "slope[\(expert),\($0)]" } }
    for column in 1..<experts { names += gateFeatures.map { "gate[\(column),\($0)]" } }
    if !behaviour.isEmpty { names += gateFeatures.map { "behaviour[\($0)]" } }
    return names + (1...experts).map { "sigma[\($0)]" }
  }

  /// The block of every entry of a position.
  public var blocks: [ExpertBlock] {
    ExpertBlock.allCases.flatMap { block in range(of: block).map { _ in block } }
  }

  /// Where a block stands in a position.
  public func range(of block: ExpertBlock) -> Range<Int> {
    switch block {
    case .intercepts: intercepts
    case .slopes: slopes
    case .gate: gate
    case .behaviour: behaviour
    case .noise: logSigmas
    }
  }
}
