import CExpertKernels
import Foundation
import LogDensities
import Testing

@testable import NeuralNetworks

private let kernels: [expert_instruction_set] = [EXPERT_BASELINE, EXPERT_AVX2, EXPERT_AVX512].filter {
  expert_kernel_supports($0)
}

@Suite struct NeuralNetworkLikelihoodTests {
  @Test func `the kernels' tanh is right to 1e-15 from the smallest to the largest double`() {
    var random = RandomStream(seed: 1, purpose: .test)
    var x = (0..<20_000).map { _ in 50 * random.uniform() - 25 }
    x += (0..<20_000).map { _ in 2 * random.uniform() - 1 }
    x += (0..<20_000).map { _ in (random.uniform() < 0.5 ? -1 : 1) * exp(1400 * random.uniform() - 700) }
    // Beside multiples of (ln 2)/4 the reduction of 2|x| changes its k.
    x += (1...64).flatMap { k in [-1e-15, 0, 1e-15].map { Double(k) * 0.25 * log(2.0) * (1 + $0) } }
    x += [0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, 22]
    for kernel in kernels {
      var y = x
      network_kernel_tanh(kernel, x, &y, x.count)
      for (argument, value) in zip(x, y) {
        let exact = tanh(argument)
        // Below 1e-300 a unit in the last place is no longer small beside the number.
        let allowed = max(1e-15 * abs(exact), 0x1p-1074)
        #expect(abs(value - exact) <= allowed && value.sign == argument.sign, "tanh \(argument) = \(value)")
      }
      let nan = [Double](repeating: .nan, count: 8)
      network_kernel_tanh(kernel, nan, &y, 8)
      #expect(y[..<8].allSatisfy { $0.isNaN })
    }
  }

  /// Row numbers about the vector width and the blocks, units about the tile sizes, more parameters than vector sums hold.
  static let shapes = [
    (1, 1, 1), (2, 1, 2), (7, 2, 3), (8, 3, 4), (9, 20, 5), (75, 2, 5), (257, 4, 6), (1000, 20, 5), (33, 45, 50),
    (5, 1, 256),
  ]

  @Test(arguments: shapes) func `value, rows and means are those of plain Swift on every instruction set`(
    count: Int, features: Int, units: Int
  ) throws {
    let rows = syntheticRows(count, features: features, seed: 2)
    let network = NeuralNetworkArchitecture(features: features, hiddenUnits: units)
    var stream = RandomStream(seed: 3, purpose: .test)
    for kernel in kernels {
      let likelihood = try NeuralNetworkLikelihood(network, rows: rows, instructions: kernel)
      for scale in [0.1, 1, 5] {
        let q = (0..<network.dimension).map { _ in scale * stream.normal() }
        let expected = plainPointwise(rows, network, q)
        let found = likelihood.pointwise(at: q)
        let sum = expected.reduce(0, +)
        for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-11 * max(1, abs(b))) }
        #expect(abs(likelihood.evaluate(at: q).value - sum) <= 1e-11 * max(1, abs(sum)))
        #expect(likelihood.logLikelihood(at: q.span) == likelihood.evaluate(at: q).value)
        for (row, mean) in likelihood.means(at: q.span).enumerated() {
          let plain = plainMean(rows, row, network, q)
          #expect(abs(mean - plain) <= 1e-12 * max(1, abs(plain) * Double(units)))
        }
      }
    }
  }

  @Test(arguments: shapes) func `the gradient is a finite difference on every instruction set`(
    count: Int, features: Int, units: Int
  ) throws {
    let rows = syntheticRows(count, features: features, seed: 4)
    let network = NeuralNetworkArchitecture(features: features, hiddenUnits: units)
    var stream = RandomStream(seed: 5, purpose: .test)
    let q = (0..<network.dimension).map { _ in 0.5 * stream.normal() }
    // All of few parameters, and of many those about the ends of the blocks.
    let edges = [0, features, network.inputWeights.upperBound, network.outputWeights.lowerBound, network.outputBias]
    let checked = network.dimension < 150 ? Array(0..<network.dimension) : edges + [network.logSigma]
    for kernel in kernels {
      let likelihood = try NeuralNetworkLikelihood(network, rows: rows, instructions: kernel)
      let (value, gradient) = likelihood.evaluate(at: q)
      for index in checked {
        let numeric = numericDerivative(1e-3) { step in
          var moved = q
          moved[index] += step
          return likelihood.logLikelihood(at: moved.span)
        }
        #expect(abs(gradient[index] - numeric) < 1e-7 * max(1, abs(numeric), 1e-2 * abs(value)), "\(index)")
      }
    }
  }

  @Test func `what leaves the range of doubles has minus infinity, what does not is finite`() throws {
    let rows = syntheticRows(20, seed: 6)
    let network = NeuralNetworkArchitecture(features: 2, hiddenUnits: 3)
    for kernel in kernels {
      let likelihood = try NeuralNetworkLikelihood(network, rows: rows, instructions: kernel)
      for value in [Double.nan, .infinity, -.infinity] {
        for index in 0..<network.dimension {
          var q = [Double](repeating: 0.1, count: network.dimension)
          q[index] = value
          #expect(likelihood.evaluate(at: q).value == -.infinity)
          #expect(likelihood.pointwise(at: q) == [Double](repeating: -.infinity, count: 20))
        }
      }
      // Saturated units are steps: finite, and flat in their weights.
      var q = [Double](repeating: 0.3, count: network.dimension)
      for index in network.inputWeights { q[index] = index % 2 == 0 ? 1e200 : -1e200 }
      let (value, gradient) = likelihood.evaluate(at: q)
      #expect(value.isFinite && network.inputWeights.allSatisfy { gradient[$0] == 0 })
      for logSigma in [-1000.0, -300, 300, 1000, 1e300] {
        q[network.logSigma] = logSigma
        let (value, gradient) = likelihood.evaluate(at: q)
        #expect(value == -.infinity || value.isFinite && gradient.allSatisfy(\.isFinite), "\(logSigma)")
        if logSigma > 0 { #expect(abs(value + 20 * logSigma) < 1e-12 * 20 * logSigma + 20) }
      }
    }
  }

  @Test func `units may change places, and signs, without changing a row`() throws {
    let rows = syntheticRows(40, features: 3, seed: 7)
    let network = NeuralNetworkArchitecture(features: 3, hiddenUnits: 4)
    let likelihood = try NeuralNetworkLikelihood(network, rows: rows)
    var stream = RandomStream(seed: 8, purpose: .test)
    let q = (0..<network.dimension).map { _ in stream.normal() }
    var moved = q
    for (unit, (source, sign)) in zip([2, 0, 3, 1], [1.0, -1, -1, 1]).enumerated() {
      for (to, from) in zip(network.inputWeights(of: unit), network.inputWeights(of: source)) {
        moved[to] = sign * q[from]
      }
      for block in [network.hiddenBiases, network.outputWeights] {
        moved[block.lowerBound + unit] = sign * q[block.lowerBound + source]
      }
    }
    for (a, b) in zip(likelihood.means(at: q.span), likelihood.means(at: moved.span)) { #expect(abs(a - b) < 1e-14) }
    let model = try NeuralNetworkModel(rows: rows, hiddenUnits: 4)
    let lambda = model.hyperparameters
    #expect(abs(model.logPrior(at: q.span, given: lambda) - model.logPrior(at: moved.span, given: lambda)) < 1e-12)
    for (a, b) in zip(
      model.convergenceQuantities(at: q.span), model.convergenceQuantities(at: moved.span))
    { #expect(abs(a - b) < 1e-10 * max(1, abs(a))) }
  }
}
