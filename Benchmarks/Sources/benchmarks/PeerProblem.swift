import Experts
import Foundation
import LogDensities
import Priors

/// CoCoAFusE's data and priors as the programs that we are compared with read them: the JSON data of a Stan program.
///
/// Matrices are arrays of rows. Row 1 of `B_loc` and `B_scale` is for the intercepts.
struct PeerProblem: Codable {
  /// Rows.
  var N: Int
  /// Expert features.
  var n: Int
  /// Gate features, bias included.
  var q: Int
  /// Experts.
  var M: Int
  /// Expert features with a column of ones before them.
  var X1: [[Double]]
  /// Gate features.
  var Phi: [[Double]]
  /// The response.
  var y: [Double]
  /// 0, which is CoCoAFusE.
  var mode = 0
  /// 0: experts are not ordered.
  var order = 0
  var B_loc: [[Double]]
  var B_scale: [[Double]]
  var G_loc: [[Double]]
  var G_scale: [[Double]]
  var bB_loc: [Double]
  var bB_scale: [Double]
  /// Of ln σ.
  var s_loc: [Double]
  var s_scale: [Double]

  init(reading path: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Rows with a prior for every parameter, in the order of a position.
  init(_ rows: ExpertRows, experts: Int, priors: [LocationScale]) {
    let (n, q, M) = (rows.expertNames.count, rows.gateNames.count, experts)
    let count = rows.count
    (self.N, self.n, self.q, self.M) = (count, n, q, M)
    X1 = (0..<count).map { row in [1] + (0..<n).map { rows.expertFeatures[$0 * count + row] } }
    Phi = (0..<count).map { row in (0..<q).map { rows.gateFeatures[$0 * count + row] } }
    y = rows.response
    let slopes = M
    let gate = slopes + M * n
    let behaviour = gate + (M - 1) * q
    let noise = behaviour + q
    func coefficients(_ value: (LocationScale) -> Double) -> [[Double]] {
      [(0..<M).map { value(priors[$0]) }]
        + (0..<n).map { f in (0..<M).map { value(priors[slopes + $0 * n + f]) } }
    }
    func columns(_ value: (LocationScale) -> Double) -> [[Double]] {
      (0..<q).map { f in (0..<M - 1).map { value(priors[gate + $0 * q + f]) } }
    }
    (B_loc, B_scale) = (coefficients(\.location), coefficients(\.scale))
    (G_loc, G_scale) = (columns(\.location), columns(\.scale))
    (bB_loc, bB_scale) = (priors[behaviour..<noise].map(\.location), priors[behaviour..<noise].map(\.scale))
    (s_loc, s_scale) = (priors[noise..<noise + M].map(\.location), priors[noise..<noise + M].map(\.scale))
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
    self.init(rows, experts: source.experts, priors: priors)
  }

  func write(to path: String) throws {
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path))
  }

  var rows: ExpertRows {
    func columns(_ matrix: [[Double]], _ range: Range<Int>) -> [Double] {
      range.flatMap { column in matrix.map { $0[column] } }
    }
    return ExpertRows(
      expertNames: (0..<n).map { "x\($0 + 1)" }, expertFeatures: columns(X1, 1..<n + 1),
      gateNames: ["bias"] + (1..<q).map { "g\($0)" }, gateFeatures: columns(Phi, 0..<q), response: y)
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
      intercepts: pairs(B_loc[0], B_scale[0]), slopes: columns(B_loc, B_scale, 1..<n + 1),
      gate: columns(G_loc, G_scale, 0..<q), behaviour: pairs(bB_loc, bB_scale), noise: pairs(s_loc, s_scale))
    let architecture = ExpertArchitecture(combination: .cocoafuse, experts: M, expertFeatures: n, gateFeatures: q)
    let rows = rows
    let names = architecture.parameterNames(expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    // One scale a block is what the program tunes by default: exceptions only where priors differ within a block.
    let all = hand.flattened(withBehaviour: true)
    let priors = Set(all) == [.standard] ? ExpertPriors() : try hand.priors(of: architecture, named: names)
    return try ExpertModel(.cocoafuse, experts: M, data: rows, priors: priors)
  }
}
