import LogDensities
import Priors

/// The blocks of parameters of the experts models, in the order of a position.
public enum ExpertBlock: String, Sendable, Codable, CaseIterable {
  /// a.
  case intercepts
  /// b.
  case slopes
  /// G, without its reference column.
  case gate
  /// g_β.
  case behaviour
  /// σ.
  case noise
}

/// The scalar priors of an experts model: one a block, with exceptions by parameter name.
public struct ExpertPriors: Sendable, Codable, Equatable {
  /// Of every a_i.
  public var intercepts = ScalarPrior.laplace(location: 0, scale: 1)
  /// Of every b_{i,f}.
  public var slopes = ScalarPrior.laplace(location: 0, scale: 1)
  /// Of every entry of G.
  public var gate = ScalarPrior.laplace(location: 0, scale: 1)
  /// Of every entry of g_β.
  public var behaviour = ScalarPrior.laplace(location: 0, scale: 1)
  /// Of every σ_i, on (0, ∞).
  public var noise = ScalarPrior.logNormal(location: 0, scale: 1)
  /// Exceptions, by parameter name such as `slope[2,temperature]`.
  public var overrides: [String: ScalarPrior] = [:]

  /// The defaults of Appendix D: Laplace(0, 1), and LogNormal(0, 1) for σ.
  public init() {}

  /// The prior of a block's parameters that have no exception.
  public subscript(block: ExpertBlock) -> ScalarPrior {
    get {
      switch block {
      case .intercepts: intercepts
      case .slopes: slopes
      case .gate: gate
      case .behaviour: behaviour
      case .noise: noise
      }
    }
    set {
      switch block {
      case .intercepts: intercepts = newValue
      case .slopes: slopes = newValue
      case .gate: gate = newValue
      case .behaviour: behaviour = newValue
      case .noise: noise = newValue
      }
    }
  }

  /// Puts `prior` in place of those of the parameters at `pattern`; of a block it replaces exceptions too. Names and blocks
  /// are those of all parameters in order; a pattern that matches none changes nothing but the prior of its block.
  public mutating func set(_ prior: ScalarPrior, at pattern: ParameterPattern, _ names: [String], _ blocks: [String]) {
    let block = ExpertBlock(rawValue: pattern.text)
    if let block { self[block] = prior }
    for place in pattern.places(among: names, blocks: blocks) { overrides[names[place]] = block == nil ? prior : nil }
  }

  /// The values that the parameters of a block can have.
  public static func support(of block: String) -> Support { block == ExpertBlock.noise.rawValue ? .positive : .real }

  /// The prior of every parameter.
  /// - Throws: `ModelError` for an exception that names no parameter, a hyperparameter out of its range, or a family whose
  ///   support is not the parameter's.
  func resolved(_ names: [String], _ blocks: [ExpertBlock]) throws(ModelError) -> [ScalarPrior] {
    try PriorLayout.resolving(
      blocks.map { self[$0] }, overrides: overrides, names: names,
      supports: blocks.map { Self.support(of: $0.rawValue) })
  }
}
