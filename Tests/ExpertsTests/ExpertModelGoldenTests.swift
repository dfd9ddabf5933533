import Foundation
import LogDensities
import Priors
import Testing
import _TestSupport

@testable import Experts

/// The golden values of independent code: numpy in double precision, checked against 40-digit mpmath and Stan.
private struct Golden: Decodable {
  struct Input: Decodable {
    let N: Int, M: Int
    let Xe: [[Double]], Phi: [[Double]], y: [Double]
    let B_loc: [[Double]], B_scale: [[Double]], G_loc: [[Double]], G_scale: [[Double]]
    let bB_loc: [Double], bB_scale: [Double], s_loc: [Double], s_scale: [Double]
  }
  struct Parameters: Decodable {
    let a: [Double], B: [[Double]], sigma: [Double], G: [[Double]], bB: [Double]
  }
  struct Gradient: Decodable {
    let a: [Double], B: [[Double]], G: [[Double]], bB: [Double]?, log_sigma: [Double]
  }
  struct Blocks: Decodable {
    let A: Double, G: Double, sigma: Double, bB: Double
  }
  struct Model: Decodable {
    let loglik: Double, log_prior: Double, log_posterior: Double, log_jacobian_log_sigma: Double
    let log_prior_blocks: Blocks
    let log_posterior_grad: Gradient
  }
  struct Vector: Decodable {
    let d_loc: [Double], d_log_scale: [Double]
  }
  struct Matrix: Decodable {
    let d_loc: [[Double]], d_log_scale: [[Double]]
  }
  struct Scores: Decodable {
    let a: Vector, B: Matrix, G: Matrix, bB: Vector, sigma: Vector
  }
  struct Intermediate: Decodable {
    let abar: [Double], lnH: Double, mu_blend: [Double]
  }
  struct Case: Decodable {
    let name: String, input: Input, params: Parameters, models: [String: Model]
    let hyper_grad_log_prior: Scores, intermediate: Intermediate
  }
  let cases: [Case]

  static func load() throws -> [Case] {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: Fixtures.file("golden.json"))).cases
  }
}

/// Entry (row, column) matrices as columns, one after the other.
private func columns(_ matrix: [[Double]]) -> [Double] {
  (matrix.first ?? []).indices.flatMap { column in matrix.map { $0[column] } }
}

private func close(_ found: Double, _ expected: Double) -> Bool {
  abs(found - expected) <= 1e-10 * max(1, abs(expected))
}

extension Golden.Case {
  /// A position's layout: intercepts, slopes expert by expert, gate columns, behaviour gate, noise.
  func flat(_ a: [Double], _ B: [[Double]], _ G: [[Double]], _ bB: [Double], _ noise: [Double]) -> [Double] {
    a + columns(B) + columns(G) + bB + noise
  }

  func model(_ combination: Combination) throws -> ExpertModel {
    let hasBehaviour = combination == .cocoafuse
    let locations = flat(
      input.B_loc[0], Array(input.B_loc.dropFirst()), input.G_loc, hasBehaviour ? input.bB_loc : [], input.s_loc)
    let scales = flat(
      input.B_scale[0], Array(input.B_scale.dropFirst()), input.G_scale, hasBehaviour ? input.bB_scale : [],
      input.s_scale)
    let rows = ExpertRows(
      expertNames: ["x1", "x2"], expertFeatures: columns(input.Xe), gateNames: ["bias", "z1", "z2"],
      gateFeatures: columns(input.Phi), response: input.y)
    let shape = ExpertArchitecture(combination: combination, experts: input.M, expertFeatures: 2, gateFeatures: 3)
    var priors = ExpertPriors()
    let names = shape.parameterNames(expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    for (index, name) in names.enumerated() {
      priors.overrides[name] =
        shape.logSigmas.contains(index)
        ? .logNormal(location: locations[index], scale: scales[index])
        : .laplace(location: locations[index], scale: scales[index])
    }
    return try ExpertModel(combination, experts: input.M, data: rows, priors: priors)
  }

  func position(_ combination: Combination) -> [Double] {
    flat(params.a, params.B, params.G, combination == .cocoafuse ? params.bB : [], params.sigma.map { log($0) })
  }
}

@Suite struct ExpertModelGoldenTests {
  @Test(arguments: Combination.allCases) func `log prior by block, posterior and gradient`(
    combination: Combination
  ) throws {
    for golden in try Golden.load() {
      let model = try golden.model(combination)
      let q = golden.position(combination)
      let lambda = model.hyperparameters
      let expected = try #require(golden.models[combination.rawValue])
      let linear =
        model.logPrior(of: .intercepts, at: q.span, given: lambda)
        + model.logPrior(of: .slopes, at: q.span, given: lambda)
      #expect(close(linear, expected.log_prior_blocks.A))
      #expect(close(model.logPrior(of: .gate, at: q.span, given: lambda), expected.log_prior_blocks.G))
      #expect(close(model.logPrior(of: .behaviour, at: q.span, given: lambda), expected.log_prior_blocks.bB))
      #expect(close(model.logPrior(of: .noise, at: q.span, given: lambda), expected.log_prior_blocks.sigma))
      #expect(close(model.logPrior(at: q.span, given: lambda), expected.log_prior))
      #expect(close(model.logLikelihood(at: q.span), expected.loglik))
      let (value, gradient) = try model.posterior(given: lambda).evaluate(at: q)
      #expect(close(value, expected.log_posterior + expected.log_jacobian_log_sigma))
      let g = expected.log_posterior_grad
      let golden = golden.flat(g.a, g.B, g.G, g.bB ?? [], g.log_sigma.map { $0 + 1 })
      for index in gradient.indices {
        #expect(close(gradient[index], golden[index]), "\(model.parameterNames[index])")
      }
    }
  }

  @Test(arguments: Combination.allCases) func `hyperparameter scores`(combination: Combination) throws {
    for golden in try Golden.load() {
      let model = try golden.model(combination)
      let s = golden.hyper_grad_log_prior
      let hasBehaviour = combination == .cocoafuse
      let locations = golden.flat(s.a.d_loc, s.B.d_loc, s.G.d_loc, hasBehaviour ? s.bB.d_loc : [], s.sigma.d_loc)
      let scales = golden.flat(
        s.a.d_log_scale, s.B.d_log_scale, s.G.d_log_scale, hasBehaviour ? s.bB.d_log_scale : [], s.sigma.d_log_scale)
      let score = model.scores(golden.position(combination), given: model.hyperparameters)
      #expect(score.count == 2 * locations.count)
      for index in locations.indices {
        #expect(close(score[2 * index], locations[index]) && close(score[2 * index + 1], scales[index]))
      }
    }
  }

  @Test func `allocation, entropy and predictive means`() throws {
    for golden in try Golden.load() {
      for combination in Combination.allCases {
        let model = try golden.model(combination)
        let q = golden.position(combination)
        let allocation = model.meanAllocation(at: q.span)
        for (found, expected) in zip(allocation, golden.intermediate.abar) { #expect(close(found, expected)) }
        let direct = try #require(Gating.logNormalisedEntropy(of: allocation))
        let logged = try #require(model.logEntropy(of: q))
        #expect(abs(direct - golden.intermediate.lnH) <= 1e-10 * abs(golden.intermediate.lnH) + 1e-14)
        #expect(abs(logged - golden.intermediate.lnH) <= 1e-10 * abs(golden.intermediate.lnH) + 1e-14)
        let invariants = model.labelInvariants(at: q.span)
        #expect(invariants.count == model.labelInvariantNames.count)
        for (found, expected) in zip(invariants.suffix(6), golden.intermediate.mu_blend) {
          #expect(close(found, expected))
        }
      }
    }
  }
}
