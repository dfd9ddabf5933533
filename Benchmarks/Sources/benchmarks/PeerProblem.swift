import Experts
import Foundation
import LogDensities
import Priors

/// CoCoAFusE's data and priors as the programs that we are compared with read them: the JSON data of a Stan program.
///
/// Matrices are arrays of rows. Row 1 of the coefficients is for the intercepts.
struct PeerProblem: Codable {
  let count: Int
  let expertFeatures: Int
  /// Bias included.
  let gateFeatures: Int
  let experts: Int
  /// Expert features with a one before them.
  let expertRows: [[Double]]
  let gateRows: [[Double]]
  let response: [Double]
  /// 0: CoCoAFusE.
  var combination = 0
  /// 0: experts are not ordered.
  var ordering = 0
  let coefficientLocations: [[Double]]
  let coefficientScales: [[Double]]
  let gateLocations: [[Double]]
  let gateScales: [[Double]]
  let behaviourLocations: [Double]
  let behaviourScales: [Double]
  let logSigmaLocations: [Double]
  let logSigmaScales: [Double]

  private enum CodingKeys: String, CodingKey {
    case count = "N"
    case expertFeatures = "n"
    case gateFeatures = "q"
    case experts = "M"
    case expertRows = "X1"
    case gateRows = "Phi"
    case response = "y"
    case combination = "mode"
    case ordering = "order"
    case coefficientLocations = "B_loc"
    case coefficientScales = "B_scale"
    case gateLocations = "G_loc"
    case gateScales = "G_scale"
    case behaviourLocations = "bB_loc"
    case behaviourScales = "bB_scale"
    case logSigmaLocations = "s_loc"
    case logSigmaScales = "s_scale"
  }

  init(reading path: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Rows with a prior for every parameter, in the order of a position.
  init(_ rows: ExpertRows, _ architecture: ExpertArchitecture, priors: [LocationScale]) {
    let all = 0..<rows.count
    count = rows.count
    experts = architecture.experts
    (expertFeatures, gateFeatures) = (architecture.expertFeatures, architecture.gateFeatures)
    expertRows = all.map { [1] + rows.expertRow($0) }
    gateRows = all.map { row in (0..<architecture.gateFeatures).map { rows.gateFeatures[$0 * rows.count + row] } }
    response = rows.response
    func coefficients(_ value: (LocationScale) -> Double) -> [[Double]] {
      let slopes = (0..<architecture.experts).map { priors[architecture.slopes(of: $0)].map(value) }
      return [priors[architecture.intercepts].map(value)] + Self.transposed(slopes)
    }
    func gate(_ value: (LocationScale) -> Double) -> [[Double]] {
      Self.transposed((0..<architecture.experts - 1).map { priors[architecture.gate(column: $0)].map(value) })
    }
    (coefficientLocations, coefficientScales) = (coefficients(\.location), coefficients(\.scale))
    (gateLocations, gateScales) = (gate(\.location), gate(\.scale))
    behaviourLocations = priors[architecture.behaviour].map(\.location)
    behaviourScales = priors[architecture.behaviour].map(\.scale)
    logSigmaLocations = priors[architecture.logSigmas].map(\.location)
    logSigmaScales = priors[architecture.logSigmas].map(\.scale)
  }

  private static func transposed(_ matrix: [[Double]]) -> [[Double]] {
    (matrix.first ?? []).indices.map { column in matrix.map { $0[column] } }
  }

  /// A built-in problem with its own priors or the default ones; all 133 readings of motorcycle.
  init(_ problem: BuiltInProblem) throws {
    let source = problem == .motorcycle ? Motorcycle.problem(split: .none) : problem.problem()
    let rows = ExpertRows(
      try source.expertDesign().matrix, try source.gateDesign().matrix, response: try source.trainingResponse())
    let architecture = ExpertArchitecture(
      combination: .cocoafuse, experts: source.experts, expertFeatures: rows.expertNames.count,
      gateFeatures: rows.gateNames.count)
    let priors =
      source.priors?.flattened(withBehaviour: true)
      ?? [LocationScale](repeating: .standard, count: architecture.dimension)
    self.init(rows, architecture, priors: priors)
  }

  func write(to path: String) throws {
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path))
  }

  var rows: ExpertRows {
    func columns(_ matrix: [[Double]], _ range: Range<Int>) -> [Double] {
      range.flatMap { column in matrix.map { $0[column] } }
    }
    return ExpertRows(
      expertNames: (0..<expertFeatures).map { "x\($0 + 1)" },
      expertFeatures: columns(expertRows, 1..<expertFeatures + 1),
      gateNames: ["bias"] + (1..<gateFeatures).map { "g\($0)" }, gateFeatures: columns(gateRows, 0..<gateFeatures),
      response: response)
  }

  /// Our model of it; intercepts are not ordered, whatever the file says.
  func model() throws -> ExpertModel {
    func pairs(_ locations: [Double], _ scales: [Double]) -> [LocationScale] {
      zip(locations, scales).map { LocationScale($0, $1) }
    }
    func columns(_ locations: [[Double]], _ scales: [[Double]], _ rows: Range<Int>) -> [LocationScale] {
      (0..<(locations.first?.count ?? 0)).flatMap { column in
        rows.map { LocationScale(locations[$0][column], scales[$0][column]) }
      }
    }
    let hand = HandPriors(
      intercepts: pairs(coefficientLocations[0], coefficientScales[0]),
      slopes: columns(coefficientLocations, coefficientScales, 1..<expertFeatures + 1),
      gate: columns(gateLocations, gateScales, 0..<gateFeatures), behaviour: pairs(behaviourLocations, behaviourScales),
      noise: pairs(logSigmaLocations, logSigmaScales))
    let architecture = ExpertArchitecture(
      combination: .cocoafuse, experts: experts, expertFeatures: expertFeatures, gateFeatures: gateFeatures)
    let rows = rows
    let names = architecture.parameterNames(expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    // One scale a block is what the program tunes by default: exceptions only where priors differ within a block.
    let all = hand.flattened(withBehaviour: true)
    let priors = Set(all) == [.standard] ? ExpertPriors() : try hand.priors(of: architecture, named: names)
    return try ExpertModel(.cocoafuse, experts: experts, data: rows, priors: priors)
  }
}
