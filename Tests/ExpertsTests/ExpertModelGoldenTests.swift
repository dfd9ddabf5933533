import Foundation
import LogDensities
import Priors
import Testing
import _TestSupport

@testable import Experts

/// The golden values of independent code: numpy in double precision, checked against 40-digit mpmath and Stan.
private struct Golden: Decodable {
  struct Input: Decodable {
    let m: Int
    let xe: [[Double]], phi: [[Double]], y: [Double]
    let bLoc: [[Double]], bScale: [[Double]], gLoc: [[Double]], gScale: [[Double]]
    let bBLoc: [Double], bBScale: [Double], sLoc: [Double], sScale: [Double]
  }
  struct Parameters: Decodable {
    let a: [Double], b: [[Double]], sigma: [Double], g: [[Double]], bB: [Double]
  }
  struct Gradient: Decodable {
    let a: [Double], b: [[Double]], g: [[Double]], bB: [Double]?, logSigma: [Double]
  }
  struct Blocks: Decodable {
    let a: Double, g: Double, sigma: Double, bB: Double
  }
  struct Model: Decodable {
    let loglik: Double, logPrior: Double, logPosterior: Double, logJacobianLogSigma: Double
    let logPriorBlocks: Blocks
    let logPosteriorGrad: Gradient
  }
  struct Vector: Decodable {
    let dLoc: [Double], dLogScale: [Double]
  }
  struct Matrix: Decodable {
    let dLoc: [[Double]], dLogScale: [[Double]]
  }
  struct Scores: Decodable {
    let a: Vector, b: Matrix, g: Matrix, bB: Vector, sigma: Vector
  }
  struct Intermediate: Decodable {
    let abar: [Double], lnH: Double, muBlend: [Double]
  }
  struct Case: Decodable {
    let name: String, input: Input, params: Parameters, models: [String: Model]
    let hyperGradLogPrior: Scores, intermediate: Intermediate
  }
  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
  let cases: [Case]

  static func load() throws -> [Case] {
    let decoder = JSONDecoder()
    // B_loc is bLoc here, and B is b.
    decoder.keyDecodingStrategy = .custom { path in
      let parts = (path.last?.stringValue ?? "").split(separator: "_")
      let words = parts.enumerated().map {
        ($0 == 0 ? $1.prefix(1).lowercased() : $1.prefix(1).uppercased()) + $1.dropFirst()
      }
      return Key(stringValue: words.joined())
    }
    return try decoder.decode(Golden.self, from: Data(contentsOf: Fixtures.file("golden.json"))).cases
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
  func flat(_ a: [Double], _ b: [[Double]], _ g: [[Double]], _ bB: [Double], _ noise: [Double]) -> [Double] {
    a + columns(b) + columns(g) + bB + noise
  }

  func model(_ combination: Combination) throws -> ExpertModel {
    let hasBehaviour = combination == .cocoafuse
    let locations = flat(
      input.bLoc[0], Array(input.bLoc.dropFirst()), input.gLoc, hasBehaviour ? input.bBLoc : [], input.sLoc)
    let scales = flat(
      input.bScale[0], Array(input.bScale.dropFirst()), input.gScale, hasBehaviour ? input.bBScale : [],
      input.sScale)
    let rows = ExpertRows(
      expertNames: ["x1", "x2"], expertFeatures: columns(input.xe), gateNames: ["bias", "z1", "z2"],
      gateFeatures: columns(input.phi), response: input.y)
    let shape = ExpertArchitecture(combination: combination, experts: input.m, expertFeatures: 2, gateFeatures: 3)
    var priors = ExpertPriors()
    let names = shape.parameterNames(expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    for (index, name) in names.enumerated() {
      priors.overrides[name] =
        shape.logSigmas.contains(index)
        ? .logNormal(location: locations[index], scale: scales[index])
        : .laplace(location: locations[index], scale: scales[index])
    }
    return try ExpertModel(combination, experts: input.m, data: rows, priors: priors)
  }

  func position(_ combination: Combination) -> [Double] {
    flat(params.a, params.b, params.g, combination == .cocoafuse ? params.bB : [], params.sigma.map { log($0) })
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
      #expect(close(linear, expected.logPriorBlocks.a))
      #expect(close(model.logPrior(of: .gate, at: q.span, given: lambda), expected.logPriorBlocks.g))
      #expect(close(model.logPrior(of: .behaviour, at: q.span, given: lambda), expected.logPriorBlocks.bB))
      #expect(close(model.logPrior(of: .noise, at: q.span, given: lambda), expected.logPriorBlocks.sigma))
      #expect(close(model.logPrior(at: q.span, given: lambda), expected.logPrior))
      #expect(close(model.logLikelihood(at: q.span), expected.loglik))
      let (value, gradient) = try model.posterior(given: lambda).evaluate(at: q)
      #expect(close(value, expected.logPosterior + expected.logJacobianLogSigma))
      let g = expected.logPosteriorGrad
      let golden = golden.flat(g.a, g.b, g.g, g.bB ?? [], g.logSigma.map { $0 + 1 })
      for index in gradient.indices {
        #expect(close(gradient[index], golden[index]), "\(model.parameterNames[index])")
      }
    }
  }

  @Test(arguments: Combination.allCases) func `hyperparameter scores`(combination: Combination) throws {
    for golden in try Golden.load() {
      let model = try golden.model(combination)
      let s = golden.hyperGradLogPrior
      let hasBehaviour = combination == .cocoafuse
      let locations = golden.flat(s.a.dLoc, s.b.dLoc, s.g.dLoc, hasBehaviour ? s.bB.dLoc : [], s.sigma.dLoc)
      let scales = golden.flat(
        s.a.dLogScale, s.b.dLogScale, s.g.dLogScale, hasBehaviour ? s.bB.dLogScale : [], s.sigma.dLogScale)
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
        let direct = try #require(model.logEntropy(of: q))
        let logged = try #require(model.logEntropyInLogSpace(of: q))
        #expect(abs(direct - golden.intermediate.lnH) <= 1e-10 * abs(golden.intermediate.lnH) + 1e-14)
        #expect(abs(logged - golden.intermediate.lnH) <= 1e-10 * abs(golden.intermediate.lnH) + 1e-14)
        let invariants = model.convergenceQuantities(at: q.span)
        #expect(invariants.count == model.convergenceQuantityNames.count)
        for (found, expected) in zip(invariants.suffix(6), golden.intermediate.muBlend) {
          #expect(close(found, expected))
        }
      }
    }
  }
}
