import TuningIO

/// `draws.csv` as a report needs it: parameters and what the sampler recorded, column by column.
struct ReportDraws: Sendable {
  /// The parameters in the model's order.
  let names: [String]
  /// One array a parameter, chain after chain.
  let values: [[Double]]
  let chains: Int
  let drawsPerChain: Int
  /// Log importance weights; nil where all draws count alike.
  let logWeights: [Double]?
  let logDensity: [Double]?
  let energy: [Double]?
  let isDivergent: [Bool]?
  let treeDepth: [Double]?
  let stepSize: [Double]?

  /// Reads the file; columns are found by their names, so that others may stand between them.
  /// - Parameter parameters: The names of those that are shown; nil for all that is no record of the sampler.
  init(path: String, parameters: [String]? = nil) throws {
    let table = try Table(path: path)
    let parameters = parameters ?? table.columnNames.filter { !DrawsCSV.statisticsNames.contains($0) }
    func column(_ names: String...) -> [Double]? {
      names.first { table.columnNames.contains($0) }.flatMap { try? table.column($0) }
    }
    let chain = try table.column("chain")
    let chains = Int(exactly: chain.max() ?? 0) ?? 0
    guard chains > 0, table.rows % chains == 0,
      chain.enumerated().allSatisfy({ $1 == Double($0 / (table.rows / chains) + 1) })
    else {
      throw Failure("\(path): its rows are not chains of one length, one after the other.", .data)
    }
    guard !parameters.isEmpty else { throw Failure("\(path): the names of its parameters are not known.", .data) }
    self.chains = chains
    drawsPerChain = table.rows / chains
    names = parameters
    values = try parameters.map(table.column)
    logWeights = column("log_weight")
    logDensity = column("log_density", "lp__")
    energy = column("energy", "energy__")
    isDivergent = column("divergent", "divergent__")?.map { $0 != 0 }
    treeDepth = column("tree_depth", "treedepth__")
    stepSize = column("step_size", "stepsize__")
  }

  var count: Int { chains * drawsPerChain }

  /// A column as chains × draws.
  func byChain(_ column: [Double]) -> [[Double]] {
    (0..<chains).map { Array(column[$0 * drawsPerChain..<($0 + 1) * drawsPerChain]) }
  }

  /// At most `most` draws, evenly through all chains.
  func thinned(to most: Int) -> [Int] {
    let step = max(1, (count + most - 1) / most)
    return Array(stride(from: 0, to: count, by: step))
  }
}
