import LogDensities

@testable import ModelMixing

/// Two models, two inputs, 40 rows made up from a weight that steps.
enum SmallProblem {
  static func rows(_ count: Int, seed: UInt64 = 9) throws -> MixingRows {
    var stream = RandomStream(seed: seed, purpose: .simulation)
    let inputs = (0..<2).map { _ in (0..<count).map { _ in stream.uniform() } }
    let predictions = (0..<2).map { _ in (0..<count).map { _ in 1 + stream.normal() } }
    return MixingRows(inputs: inputs, predictions: predictions)
  }

  static func data(_ count: Int = 40) throws -> TreeMixingData {
    var stream = RandomStream(seed: 10, purpose: .simulation)
    let rows = try rows(count)
    let response = (0..<count).map { row in
      let weight = rows.inputs[0][row] < 0.5 ? 0.9 : 0.1
      return weight * rows.predictions[0][row] + (1 - weight) * rows.predictions[1][row] + 0.1 * stream.normal()
    }
    return TreeMixingData(rows: rows, response: response)
  }

  static func mixing(
    trees: Int = 6, minimumLeafRows: Int = 2, rows: Int = 40, moves: TreeMoveSettings = TreeMoveSettings()
  ) throws -> TreeMixing {
    try TreeMixing(
      data(rows),
      prior: TreeMixingPrior(
        trees: trees, tree: TreePrior(minimumLeafRows: minimumLeafRows),
        leaves: .nonInformative(models: 2, trees: trees), noise: .around(0.2, degrees: 5)), moves: moves)
  }
}
