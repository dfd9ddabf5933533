import Foundation
import LogDensities
import Sampling
import TuningIO

/// `draws.csv` of a run, chain by chain.
struct ExportedDraws: Sendable {
  let chains: Int
  let drawsPerChain: Int
  /// Draw by draw over all chains.
  let statistics: [DrawStatistics]
  /// The parameters themselves, draw by draw.
  let values: [[Double]]
  /// Log importance weights by the name of their column; only those that there are.
  let logWeights: [String: [Double]]

  /// The names of the parameters.
  let names: [String]

  /// Reads `draws.csv` of the run in `directory`.
  /// - Parameter parameters: Those that are exported; nil for all that is no record of the sampler.
  /// - Throws: `TableError`, and `Failure` for a file that is not that of the run.
  init(directory: String, parameters: [String]? = nil) throws {
    let file = "\(directory)/\(RunDirectory.File.draws.rawValue)"
    guard FileManager.default.fileExists(atPath: file) else { throw FinishedRunError.missing(file: file) }
    let table = try Table(path: file)
    func column(_ name: String) throws -> [Double] {
      // Log weights can be infinite, which columns of data cannot.
      try table.text(name).enumerated().map { row, text in
        guard let value = Double(text) else {
          throw Failure("\(table.place(ofRow: row)): \(name) is \"\(text)\", which is no number.", .data)
        }
        return value
      }
    }
    func whole(_ name: String) throws -> [Int] {
      try column(name).enumerated().map { row, value in
        guard let whole = Int(exactly: value) else {
          throw Failure("\(table.place(ofRow: row)): \(name) is \(value), which is no whole number.", .data)
        }
        return whole
      }
    }
    let names = DrawsCSV.statisticsNames
    let (chain, draw) = (try whole(names[0]), try whole(names[1]))
    chains = chain.last ?? 0
    guard chains > 0, table.rows % chains == 0 else {
      throw Failure("\(file): its chains have different lengths.", .data)
    }
    let length = table.rows / chains
    guard (0..<table.rows).allSatisfy({ chain[$0] == $0 / length + 1 && draw[$0] == $0 % length + 1 }) else {
      throw Failure("\(file): its draws are not in order.", .data)
    }
    drawsPerChain = length
    let (density, acceptance, step) = (try column(names[2]), try column(names[3]), try column(names[4]))
    let (depth, steps, divergent) = (try whole(names[5]), try whole(names[6]), try whole(names[7]))
    let energy = try column(names[8])
    statistics = (0..<table.rows).map { row in
      DrawStatistics(
        logDensity: density[row], acceptance: acceptance[row], stepSize: step[row], treeDepth: depth[row],
        leapfrogSteps: steps[row], isDivergent: divergent[row] != 0, energy: energy[row])
    }
    let weights = ["log_weight", "log_weight_averaged"].filter(table.columnNames.contains)
    self.names = parameters ?? table.columnNames.filter { !names.contains($0) && !weights.contains($0) }
    let columns = try self.names.map(column)
    values = (0..<table.rows).map { row in columns.map { $0[row] } }
    logWeights = try Dictionary(uniqueKeysWithValues: weights.map { ($0, try column($0)) })
  }

  /// The draws of a chain, counted from 0.
  func range(of chain: Int) -> Range<Int> { chain * drawsPerChain..<(chain + 1) * drawsPerChain }
}
