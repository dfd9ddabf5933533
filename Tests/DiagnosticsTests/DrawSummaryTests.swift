import Diagnostics
import Testing

@Suite struct DrawSummaryTests {
  @Test func agreesWithArviZ() throws {
    for chain in try DiagnosticsFixture.read().chains {
      let summary = try #require(DrawSummary(chain.draws))
      #expect(abs(summary.mean - chain.mean) <= 1e-12 * chain.sd, "\(chain.name)")
      #expect(agrees(summary.standardDeviation, chain.sd), "\(chain.name)")
      #expect(abs(summary.median - chain.median) <= 1e-12 * chain.sd, "\(chain.name)")
      #expect(agrees(summary.lower, chain.interval[0]) && agrees(summary.upper, chain.interval[1]), "\(chain.name)")
      #expect(agrees(summary.meanError, chain.mcseMean), "\(chain.name)")
      #expect(agrees(summary.standardDeviationError, chain.mcseSD), "\(chain.name)")
      #expect(agrees(summary.rHat, max(chain.rhatBulk, chain.rhatFolded)), "\(chain.name)")
      #expect(agrees(summary.bulkSampleSize, chain.essBulk), "\(chain.name)")
      #expect(agrees(summary.tailSampleSize, chain.essTail), "\(chain.name)")
    }
  }

  @Test func nothingToSummarise() {
    #expect(DrawSummary([]) == nil)
    #expect(DrawSummary([[], []]) == nil)
    #expect(DrawSummary([[1, 2, 3, 4], [1, .nan, 3, 4]]) == nil)
    #expect(DrawSummary([[1, 2, 3, .infinity]]) == nil)
  }

  @Test func oneDraw() throws {
    let summary = try #require(DrawSummary([[2.5]]))
    #expect(summary.mean == 2.5 && summary.median == 2.5 && summary.lower == 2.5 && summary.upper == 2.5)
    #expect(summary.standardDeviation == 0 && summary.rHat == .infinity && summary.bulkSampleSize == 1)
  }

  @Test func quantilesOfOrderStatistics() {
    #expect(sampleQuantile(ofSorted: [1, 2, 4], 0) == 1)
    #expect(sampleQuantile(ofSorted: [1, 2, 4], 0.75) == 3)
    #expect(sampleQuantile(ofSorted: [1, 2, 4], 1) == 4)
    #expect(sampleQuantile(ofSorted: [], 0.5) == 0)
  }
}
