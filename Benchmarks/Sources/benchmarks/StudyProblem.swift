import Experts
import LogDensities

/// A built-in problem as the program runs it by default: CoCoAFusE with the problem's own priors, or the default ones.
struct StudyProblem {
  let name: String
  let model: ExpertModel
  /// Held-out rows; nil where there are none.
  let test: ExpertRows?

  init(_ problem: PeerProblem, name: String) throws {
    model = try problem.model()
    test = nil
    self.name = name
  }

  init(_ problem: BuiltInProblem) throws {
    let source = problem.problem()
    let expert = try source.expertDesign()
    let gate = try source.gateDesign()
    let training = ExpertRows(expert.matrix, gate.matrix, response: try source.trainingResponse())
    test = ExpertRows(
      try expert.design.matrix(for: source.test), try gate.design.matrix(for: source.test),
      response: try source.testResponse())
    model = try ExpertModel(
      .cocoafuse, experts: source.experts, data: training, priors: try Self.priors(source, training))
    name = source.name
  }

  private static func priors(_ source: Problem, _ rows: ExpertRows) throws -> ExpertPriors {
    guard let hand = source.priors else { return ExpertPriors() }
    let architecture = ExpertArchitecture(
      combination: .cocoafuse, experts: source.experts, expertFeatures: rows.expertNames.count,
      gateFeatures: rows.gateNames.count)
    let names = architecture.parameterNames(expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    return try hand.priors(of: architecture, named: names)
  }
}
