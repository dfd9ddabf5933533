import Foundation
import Sampling
import Testing

@testable import TuningIO

@Suite struct CmdStanCSVTests {
  private func writer(_ variables: [CmdStanCSV.Variable], remarks: [(key: String, value: String)] = []) -> CmdStanCSV {
    CmdStanCSV(
      model: "toy_model", variables: variables, warmup: 500, maximumTreeDepth: 9, targetAcceptance: 0.9, seed: 7,
      remarks: remarks)
  }

  private func record(_ logDensity: Double, isDivergent: Bool = false) -> DrawStatistics {
    DrawStatistics(
      logDensity: logDensity, acceptance: 0.875, stepSize: 0.25, treeDepth: 3, leapfrogSteps: 7,
      isDivergent: isDivergent,
      energy: 1 - logDensity)
  }

  /// Stan's order: the first index moves fastest, whatever the order in memory.
  @Test func columns() {
    let writer = writer([.init(name: "a", shape: [2]), .init(name: "b", shape: [2, 3]), .init(name: "c")])
    #expect(
      Array(writer.columnNames.dropFirst(7)) == [
        "a.1", "a.2", "b.1.1", "b.2.1", "b.1.2", "b.2.2", "b.1.3", "b.2.3", "c",
      ])
    #expect(writer.places == [0, 1, 2, 5, 3, 6, 4, 7, 8])
    let deep = self.writer([.init(name: "d", shape: [2, 1, 2])])
    #expect(Array(deep.columnNames.dropFirst(7)) == ["d.1.1.1", "d.2.1.1", "d.1.1.2", "d.2.1.2"])
    #expect(deep.places == [0, 2, 1, 3])
    #expect(self.writer([.init(name: "none", shape: [2, 0])]).columnNames == CmdStanCSV.statisticsNames)
  }

  @Test func fileOfAChain() throws {
    let draws = [[0.1, 1.0 / 3, -2e-300], [Double.pi, -0.0, 1e22]]
    let chain = CmdStanCSV.Chain(
      id: 2, statistics: [record(-1.5), record(-0.1, isDivergent: true)], draws: draws, inverseMetric: [0.5, 2, 0.125])
    let text = writer([.init(name: "x"), .init(name: "v", shape: [1, 2])]).text(of: chain)
    #expect(text.hasSuffix("\n"))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    let rows = lines.filter { !$0.hasPrefix("#") }
    #expect(
      rows == [
        "lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,x,v.1.1,v.1.2",
        "-1.5,0.875,0.25,3,7,0,2.5,0.1,0.3333333333333333,-2e-300",
        "-0.1,0.875,0.25,3,7,1,1.1,3.141592653589793,-0.0,1e+22",
      ])
    // Every digit survives.
    #expect(rows.dropFirst().map { $0.split(separator: ",").suffix(3).compactMap { Double($0) } } == draws)
    let header = try #require(lines.firstIndex { $0.hasPrefix("lp__") })
    #expect(lines[..<header].allSatisfy { $0.hasPrefix("#") })
    #expect(
      Array(lines[(header + 1)...(header + 4)]) == [
        "# Adaptation terminated", "# Step size = 0.25", "# Diagonal elements of inverse mass matrix:",
        "# 0.5, 2.0, 0.125",
      ])
    #expect(
      lines[lines.count - 4].hasPrefix("#  Elapsed Time: ") && lines[lines.count - 4].hasSuffix("seconds (Warm-up)"))
    #expect(lines.suffix(2).first?.hasSuffix("seconds (Total)") == true)
  }

  /// What cmdstanpy 1.2 and 1.3 and ArviZ look for.
  @Test func settings() {
    let chain = CmdStanCSV.Chain(id: 3, statistics: [record(0)], draws: [[1]], inverseMetric: [1])
    let remarks = [("gamma", "0.1"), ("run", "runs/a = b\nnum_samples = 5")]
    let lines = writer([.init(name: "x")], remarks: remarks).text(of: chain).split(separator: "\n")
    var found: [String: String] = [:]
    for line in lines where line.hasPrefix("#") {
      let parts = line.replacingOccurrences(of: "(Default)", with: "").drop { "# \t".contains($0) }.components(
        separatedBy: " = ")
      if parts.count == 2 { found[parts[0]] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    for (key, value) in [
      "model": "toy_model", "method": "sample", "num_samples": "1", "num_warmup": "500", "save_warmup": "0",
      "thin": "1",
      "algorithm": "hmc", "engine": "nuts", "max_depth": "9", "metric": "diag_e", "delta": "0.9", "id": "3",
      "seed": "7",
      "eb_gamma": "0.1", "eb_run": "runs/a : b num_samples : 5",
    ] { #expect(found[key] == value, "\(key)") }
    #expect(found["gamma"] == nil)
    #expect(lines.filter { $0.contains("metric =") }.count == 1)
  }
}
