import Experts
import Foundation
import Testing
import _TestSupport

/// Values computed with numpy and confirmed with 40-digit arithmetic: three shapes, three models each.
struct GoldenFile: Decodable {
  struct Case: Decodable {
    let name: String
    let input: Input
    let params: Parameters
    let models: [String: Model]
    let intermediate: Intermediate
  }
  struct Input: Decodable {
    let expertFeatures: Int
    let gateFeatures: Int
    let experts: Int
    let expertRows: [[Double]]
    let gateRows: [[Double]]
    let response: [Double]

    enum CodingKeys: String, CodingKey {
      case expertFeatures = "n"
      case gateFeatures = "q"
      case experts = "M"
      case expertRows = "Xe"
      case gateRows = "Phi"
      case response = "y"
    }
  }
  struct Parameters: Decodable {
    let intercepts: [Double]
    let slopes: [[Double]]
    let sigma: [Double]
    let gate: [[Double]]
    let behaviour: [Double]

    enum CodingKeys: String, CodingKey {
      case intercepts = "a"
      case slopes = "B"
      case sigma
      case gate = "G"
      case behaviour = "bB"
    }
  }
  struct Gradient: Decodable {
    let intercepts: [Double]
    let slopes: [[Double]]
    let gate: [[Double]]
    let behaviour: [Double]?
    let logSigma: [Double]

    enum CodingKeys: String, CodingKey {
      case intercepts = "a"
      case slopes = "B"
      case gate = "G"
      case behaviour = "bB"
      case logSigma = "log_sigma"
    }
  }
  struct Model: Decodable {
    let pointwise: [Double]
    let value: Double
    let gradient: Gradient

    enum CodingKeys: String, CodingKey {
      case pointwise = "loglik_per_point"
      case value = "loglik"
      case gradient = "loglik_grad"
    }
  }
  struct Intermediate: Decodable {
    let alpha: [[Double]]
    let beta: [Double]
    let mu: [[Double]]
    let abar: [Double]
    let lnH: Double
  }
  let cases: [Case]

  static func load() throws -> GoldenFile {
    try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: Fixtures.file("golden.json")))
  }
}

/// Rows of a matrix as one array of columns.
private func columns(_ rows: [[Double]]) -> [Double] {
  guard let width = rows.first?.count else { return [] }
  return (0..<width).flatMap { column in rows.map { $0[column] } }
}

extension GoldenFile.Case {
  func architecture(_ combination: Combination) -> ExpertArchitecture {
    ExpertArchitecture(
      combination: combination, experts: input.experts, expertFeatures: input.expertFeatures,
      gateFeatures: input.gateFeatures)
  }

  func position(_ combination: Combination) -> [Double] {
    params.intercepts + columns(params.slopes) + columns(params.gate)
      + (combination == .cocoafuse ? params.behaviour : [])
      + params.sigma.map { log($0) }
  }

  func gradient(_ combination: Combination) throws -> [Double] {
    let golden = try #require(models[combination.rawValue]).gradient
    return golden.intercepts + columns(golden.slopes) + columns(golden.gate) + (golden.behaviour ?? [])
      + golden.logSigma
  }

  func likelihood(_ combination: Combination, _ set: InstructionSet) -> ExpertLikelihood {
    ExpertLikelihood(
      architecture: architecture(combination), expertFeatures: columns(input.expertRows),
      gateFeatures: columns(input.gateRows),
      response: input.response, instructionSet: set)
  }
}

@Suite struct GoldenLikelihoodTests {
  @Test(arguments: Combination.allCases)
  func kernelsMatchGoldenValues(combination: Combination) throws {
    for golden in try GoldenFile.load().cases {
      let model = try #require(golden.models[combination.rawValue])
      let position = golden.position(combination)
      for set in InstructionSet.available {
        let likelihood = golden.likelihood(combination, set)
        #expect(likelihood.instructionSet == set)
        let (value, gradient) = likelihood.evaluate(at: position)
        #expect(abs(value - model.value) <= 1e-12 * abs(model.value))
        #expect(abs(likelihood.logLikelihood(at: position.span) - model.value) <= 1e-12 * abs(model.value))
        expectClose(likelihood.pointwise(at: position), model.pointwise)
        expectClose(gradient, try golden.gradient(combination))
      }
    }
  }

  @Test(arguments: Combination.allCases)
  func oracleMatchesGoldenValues(combination: Combination) throws {
    for golden in try GoldenFile.load().cases {
      let model = try #require(golden.models[combination.rawValue])
      let position = golden.position(combination)
      let oracle = golden.likelihood(combination, .baseline).oracle
      let (value, gradient) = oracle.evaluate(at: position)
      #expect(abs(value - model.value) <= 1e-12 * abs(model.value))
      #expect(abs(oracle.logLikelihood(at: position.span) - model.value) <= 1e-12 * abs(model.value))
      expectClose(oracle.pointwise(at: position), model.pointwise)
      expectClose(gradient, try golden.gradient(combination))
    }
  }

  @Test func componentsMatchGoldenValues() throws {
    for golden in try GoldenFile.load().cases {
      let position = golden.position(.cocoafuse)
      let rows = golden.input.response.count
      for set in InstructionSet.available {
        let likelihood = golden.likelihood(.cocoafuse, set)
        var weights = [Double](repeating: .nan, count: golden.input.experts * rows)
        var means = weights
        var behaviour = [Double](repeating: .nan, count: rows)
        var weightSpan = weights.mutableSpan
        var meanSpan = means.mutableSpan
        var behaviourSpan = behaviour.mutableSpan
        likelihood.components(
          at: position.span, weights: &weightSpan, means: &meanSpan, behaviour: &behaviourSpan)
        expectClose(weights, columns(golden.intermediate.alpha))
        expectClose(means, columns(golden.intermediate.mu))
        expectClose(behaviour, golden.intermediate.beta)
        try expectAllocation(likelihood.meanAllocation(at: position.span), golden)
      }
      try expectAllocation(golden.likelihood(.cocoafuse, .baseline).oracle.meanAllocation(at: position.span), golden)
    }
  }

  /// ᾱ and ln H of (24).
  private func expectAllocation(_ allocation: [Double], _ golden: GoldenFile.Case) throws {
    expectClose(allocation, golden.intermediate.abar)
    let entropy = -allocation.reduce(0) { $0 + $1 * log2($1) } / log2(Double(allocation.count))
    // ln H is a logarithm near H = 1: an absolute error is the honest measure.
    #expect(abs(log(entropy) - golden.intermediate.lnH) < 1e-12)
  }

  /// Every entry to a relative 1e-10; entries that cancel to almost nothing to 1e-13.
  private func expectClose(_ found: [Double], _ golden: [Double]) {
    #expect(found.count == golden.count)
    for (a, b) in zip(found, golden) { #expect(abs(a - b) <= 1e-10 * abs(b) + 1e-13) }
  }
}
