import Foundation
import Testing

@testable import ModelMixing

@Suite struct TreeErrorTests {
  @Test func badDataAreRefusedBySentences() throws {
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    let prior = try TreeMixingPrior(trees: 1, leaves: .nonInformative(models: 2, trees: 1), noise: .known(1))
    func mixing(_ inputs: [[Double]], _ predictions: [[Double]], _ response: [Double], _ scales: [Double]? = nil)
      -> String
    {
      message {
        _ = try TreeMixing(
          TreeMixingData(
            rows: MixingRows(inputs: inputs, predictions: predictions), response: response, noiseScales: scales),
          prior: prior)
      }
    }
    let good = [[1.0, 1], [2, 2]]
    #expect(mixing([[1, .nan]], good, [1, 2]) == "Input x1 is not finite in row 2.")
    #expect(mixing([[1, 2]], [[1, 1], [.infinity, 0]], [1, 2]) == "The mean of 2 is not finite in row 1.")
    #expect(mixing([[1, 2]], [[1], [1]], [1, 2]) == "The list of predictions has 1 entries where 2 are needed.")
    for text in [mixing([], good, [1, 2]), mixing([[1, 2]], [], [1, 2]), mixing([[]], [[], []], [])] {
      #expect(text.hasSuffix("found none."), "\(text)")
    }
    #expect(mixing([[1, 2]], good, [1, .nan]) == "The response is not finite in row 2.")
    #expect(
      mixing([[1, 2]], good, [1, 2], [1, 0])
        == "The observation in row 2 has no error where others have one; trees need one in every row or in none.")
  }

  @Test func badSettingsAreRefused() async throws {
    let data = try SmallProblem.data()
    let leaves = try LeafPrior.nonInformative(models: 2, trees: 3)
    func prior(
      trees: Int = 3, tree: TreePrior = TreePrior(), leaves: LeafPrior? = nil, noise: NoisePrior = .known(1)
    ) throws -> TreeMixingPrior {
      try TreeMixingPrior(
        trees: trees, tree: tree, leaves: leaves ?? .nonInformative(models: 2, trees: 3), noise: noise)
    }
    let bad = try [
      prior(trees: 0), prior(tree: TreePrior(base: 1)), prior(tree: TreePrior(power: -1)),
      prior(tree: TreePrior(minimumLeafRows: 0)), prior(leaves: .informative(models: 3, trees: 3)),
      prior(noise: .known(0)), prior(noise: .known(.nan)), prior(noise: .around(0, degrees: 3)),
      prior(noise: .scaledInverseChiSquare(degrees: 0, scale: 1)),
    ]
    for one in bad { #expect(throws: MixingError.self) { try TreeMixing(data, prior: one) } }
    let good = TreeMixingPrior(trees: 3, leaves: leaves, noise: .known(1))
    for moves in [
      TreeMoveSettings(grow: -1), TreeMoveSettings(grow: 0), TreeMoveSettings(prune: 0), TreeMoveSettings(reach: 0),
      TreeMoveSettings(grow: 0, prune: 0, change: 0, perturb: 0), TreeMoveSettings(steps: 0),
      TreeMoveSettings(change: .nan),
    ] {
      #expect(throws: MixingError.self) { try TreeMixing(data, prior: good, moves: moves) }
    }
    #expect(throws: MixingError.self) { try TreeMixing(data, prior: good, grid: CutGrid([[0.5]])) }
    let mixing = try TreeMixing(data, prior: good)
    for settings in [
      TreeSamplingSettings(chains: 0), TreeSamplingSettings(warmup: -1), TreeSamplingSettings(draws: 0),
      TreeSamplingSettings(thinning: 0), TreeSamplingSettings(threads: 0),
    ] {
      await #expect(throws: MixingError.self) { try await mixing.sample(settings) }
    }
    let sample = try await mixing.sample(TreeSamplingSettings(chains: 1, warmup: 0, draws: 2))
    let narrow = MixingRows(inputs: [[1]], predictions: [[1], [1]])
    let single = MixingRows(inputs: [[1], [1]], predictions: [[1]])
    await #expect(throws: MixingError.self) { try await sample.predict(at: narrow) }
    await #expect(throws: MixingError.self) { try await sample.predict(at: single) }
    await #expect(throws: MixingError.self) { try await sample.draws(at: single) }
    let one = try SmallProblem.rows(1)
    await #expect(throws: MixingError.self) { try await sample.predict(at: one, probabilities: [1.5]) }
    await #expect(throws: MixingError.self) { try await sample.predict(at: one, threads: 0) }
  }

  @Test func hugeNumbersAreRefused() throws {
    let rows = MixingRows(inputs: [[1, 2]], predictions: [[1e200, 1]])
    let data = TreeMixingData(rows: rows, response: [1, 2])
    let prior = try TreeMixingPrior(trees: 1, leaves: LeafPrior(means: [0], scales: [1]), noise: .known(1))
    #expect(throws: MixingError.overflow) { try TreeMixing(data, prior: prior) }
  }

  @Test func cancelledRunsEnd() async throws {
    let mixing = try SmallProblem.mixing()
    let task = Task { try await mixing.sample(TreeSamplingSettings(chains: 2, warmup: 1 << 30, draws: 1)) }
    task.cancel()
    await #expect(throws: MixingError.cancelled) { try await task.value }
  }
}
