import CExpertKernels
import RowBlocks

/// The rows of an experts model as its kernels read them: expert features, gate features, response.
final class ExpertData: Sendable {
  let expertFeatures: Int
  let gateFeatures: Int
  private let blocks: RowBlocks

  /// Copies columns of `response.count` rows each.
  init(architecture: ExpertArchitecture, expertFeatures: [Double], gateFeatures: [Double], response: [Double]) {
    let rows = response.count
    precondition(expertFeatures.count == rows * architecture.expertFeatures, "expert features are n columns of N")
    precondition(gateFeatures.count == rows * architecture.gateFeatures, "gate features are g columns of N")
    self.expertFeatures = architecture.expertFeatures
    self.gateFeatures = architecture.gateFeatures
    func columns(_ values: [Double], _ count: Int) -> [ArraySlice<Double>] {
      (0..<count).map { values[$0 * rows..<($0 + 1) * rows] }
    }
    blocks = RowBlocks(
      columns(expertFeatures, architecture.expertFeatures) + columns(gateFeatures, architecture.gateFeatures)
        + columns(response, 1), intermediates: 2 * architecture.experts + 2)
  }

  var rows: Int { blocks.rows }

  /// The number of columns, response included.
  var columns: Int { blocks.columns }

  /// The problem as the kernels take it, valid while `self` lives.
  func problem(experts: Int) -> expert_problem {
    expert_problem(
      rows: blocks.rows, block_rows: blocks.blockRows, experts: experts, expert_features: expertFeatures,
      gate_features: gateFeatures, data: blocks.data, bounds: blocks.bounds)
  }

  /// An entry; columns count from 0 over expert features, gate features and the response.
  func value(row: Int, column: Int) -> Double { blocks.value(row: row, column: column) }

  /// The response of a row.
  func response(_ row: Int) -> Double { value(row: row, column: columns - 1) }
}
