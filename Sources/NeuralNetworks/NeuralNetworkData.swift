import CExpertKernels
import RowBlocks

/// The rows of a network as its kernels read them: features, then the response.
final class NeuralNetworkData: Sendable {
  private let blocks: RowBlocks

  /// Copies rows that are valid.
  init(_ source: NeuralNetworkRows, hiddenUnits: Int) {
    let rows = source.count
    blocks = RowBlocks(
      source.featureNames.indices.map { source.features[$0 * rows..<($0 + 1) * rows] } + [source.response[...]],
      intermediates: hiddenUnits + 1)
  }

  var rows: Int { blocks.rows }

  /// The problem as the kernels take it, valid while `self` lives.
  func problem(of architecture: NeuralNetworkArchitecture) -> network_problem {
    network_problem(
      rows: blocks.rows, block_rows: blocks.blockRows, hidden: architecture.hiddenUnits,
      features: architecture.features, data: blocks.data)
  }
}
