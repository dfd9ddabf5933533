import Foundation
import GaussianProcesses
import LogDensities
import ModelMixing
import Priors
import Testing

@Suite struct ProcessMixingModelTests {
  /// Two models of one quantity with correlated errors, and three observations.
  static func data(priorMean: Double = 0) throws -> ProcessMixingData {
    func model(_ name: String, _ x: [Double], _ error: Double, _ length: Double) throws -> CorrelatedPredictions {
      func covariance(_ a: Double, _ b: Double) -> Double {
        let z = (a - b) / length
        return error * error * exp(-0.5 * z * z) + (a == b ? 1e-4 : 0)
      }
      let means: [Double] = x.map { sin(3 * $0) + error * cos($0) + 2 }
      return try CorrelatedPredictions(
        name: name, inputs: [x], means: means, covariance: x.flatMap { a in x.map { covariance(a, $0) } })
    }
    let observations = try MixingData(
      inputNames: ["x"], inputs: [[0.1, 0.9, 1.6]], response: [2.3, 2.5, 1.1], responseErrors: [0.1, 0.2, 0.1])
    return try ProcessMixingData(
      inputNames: ["x"],
      models: [model("low", [0, 0.3, 0.6, 0.8], 0.05, 0.4), model("high", [0.9, 1.2, 1.5, 1.8, 2], 0.1, 0.7)],
      observations: observations, priorMean: priorMean)
  }

  static func model() throws -> ProcessMixingModel {
    try ProcessMixingModel(
      data: data(priorMean: 2),
      kernel: .changepoint(.constant(1) * .rbf(0.5), .matern52(0.8), at: 1, width: 0.2) + .white(0.01),
      priors: [
        "changepoint.location": .normal(location: 1, scale: 0.5),
        "changepoint.width": .uniform(lower: 0.05, upper: 0.8),
        "rbf.length_scale": .truncatedNormal(location: 0.4, scale: 0.3, lower: 0, upper: 2),
        "matern52.length_scale": .halfNormal(HalfNormal(scale: 1)),
      ])
  }

  @Test func blocksAreStacked() throws {
    let data = try Self.data(priorMean: 2)
    #expect(data.sources.map(\.name) == ["low", "high", "observations"])
    #expect(data.sources.map(\.rows) == [0..<4, 4..<9, 9..<12] && data.rows == 12)
    guard case .covariance(let matrix) = data.training.noise else {
      Issue.record("no covariance")
      return
    }
    func entry(_ row: Int, _ column: Int) -> Double { matrix[row * 12 + column] }
    #expect(entry(3, 4) == 0 && entry(8, 9) == 0 && entry(9, 10) == 0 && abs(entry(10, 10) - 0.04) < 1e-15)
    #expect(abs(entry(0, 1) - 0.0025 * exp(-0.5 * 0.09 / 0.16)) < 1e-16 && entry(0, 1) == entry(1, 0))
    #expect(abs(data.training.response[9] - 0.3) < 1e-15)
  }

  @Test func modelPredictionsGiveTheirRows() throws {
    let predictions = try ModelPredictions(
      names: ["a", "b"], means: [[1, 2, 3], [4, 5, 6]], standardDeviations: [[1, 1, 1], [2, 2, 2]],
      covariances: [[1, 0.5, 0, 0.5, 1, 0.2, 0, 0.2, 1], [4, 0, 1, 0, 4, 0, 1, 0, 4]])
    let b = try predictions.correlated(1, inputs: [[7, 8, 9]], rows: [2, 0])
    #expect(b == (try CorrelatedPredictions(name: "b", inputs: [[9, 7]], means: [6, 4], covariance: [4, 1, 1, 4])))
    #expect(throws: MixingError.self) { try predictions.correlated(2, inputs: [[7, 8, 9]]) }
    #expect(throws: MixingError.self) { try predictions.correlated(0, inputs: [[7, 8, 9]], rows: [3]) }
    #expect(throws: MixingError.self) { try predictions.correlated(0, inputs: [[7, 8]]) }
  }

  /// Real, positive and interval supports, of positive parameters and of a location.
  @Test func posteriorGradientAgreesWithFiniteDifferences() throws {
    let model = try Self.model()
    let posterior = try model.posterior(given: model.hyperparameters)
    let start = [0.9, 0.3, -0.2, -0.5, 0.1, -4]
    #expect(model.dimension == start.count)
    let gradient = try posterior.evaluate(at: start).gradient
    for index in start.indices {
      var (up, down) = (start, start)
      up[index] += 1e-5
      down[index] -= 1e-5
      let slope = try (posterior.evaluate(at: up).value - posterior.evaluate(at: down).value) / 2e-5
      #expect(abs(gradient[index] - slope) < 2e-7 * max(1, abs(slope)), "\(index)")
    }
  }

  @Test func posteriorIsLikelihoodPriorAndJacobian() throws {
    let model = try Self.model()
    let position = [0.9, 0.3, -0.2, -0.5, 0.1, -4]
    let theta = model.constrained(position.span)
    #expect(abs(theta[1] - (0.05 + 0.75 / (1 + exp(-0.3)))) < 1e-14 && abs(theta[2] - exp(-0.2)) < 1e-15)
    let process = try GaussianProcess(model.kernel(at: position.span), model.data.training)
    let value = model.logLikelihood(at: position.span)
    #expect(abs(value - process.logMarginalLikelihood) < 1e-11)
    var prior = [Double](repeating: 0, count: 6)
    var span = prior.mutableSpan
    let logPrior = model.addPriorGradient(at: position.span, given: model.hyperparameters, to: &span)
    let sum = try model.posterior(given: model.hyperparameters).evaluate(at: position).value
    #expect(abs(sum - value - logPrior) < 1e-11)
    let mode = try model.logPosterior(of: theta, given: model.hyperparameters)
    #expect(abs(mode - value - model.logPrior(at: position.span, given: model.hyperparameters)) < 1e-10)
  }

  /// Leaving out a row: against the process on the other rows, whose noise is the rest of the covariance.
  @Test func pointwiseDensitiesLeaveOneRowOut() throws {
    let model = try Self.model()
    let position = [0.9, 0.3, -0.2, -0.5, 0.1, -4]
    var found = [Double](repeating: 0, count: model.rows)
    var span = found.mutableSpan
    model.pointwiseLogLikelihood(at: position.span, into: &span)
    let all = model.logLikelihood(at: position.span)
    guard case .covariance(let matrix) = model.data.training.noise else { return }
    for row in 0..<model.rows {
      let kept = (0..<model.rows).filter { $0 != row }
      let data = try GaussianProcessData(
        inputs: [kept.map { model.data.training.inputs[0][$0] }],
        response: kept.map { model.data.training.response[$0] },
        noise: .covariance(kept.flatMap { i in kept.map { matrix[i * model.rows + $0] } }))
      let others = try GaussianProcess(model.kernel(at: position.span), data).logMarginalLikelihood
      #expect(abs(found[row] - (all - others)) < 1e-9, "row \(row)")
    }
  }

  @Test func defaultsAndBounds() throws {
    let model = try Self.model()
    #expect(model.parameterNames.count == 6 && model.hyperparameters.coordinates.isEmpty)
    #expect(Set(model.hyperparameters.entries.map(\.block)) == ["location", "width", "variance", "length_scale"])
    let parameters = model.kernel.freeParameters
    #expect(parameters[1].lower == 0.05 && parameters[1].upper == 0.8 && parameters[3].upper == 2)
    let outside = try ProcessMixingModel(
      data: Self.data(), kernel: .rbf(10), priors: ["rbf.length_scale": .uniform(lower: 1, upper: 3)])
    #expect(outside.kernel.freeParameters[0].value == 2)
    #expect(outside.logAllocationEntropy(at: [0.0].span) == nil)
  }

  @Test func wrongPartsAreRefusedInOneSentence() throws {
    func sentence(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    let data = try Self.data()
    func model(_ kernel: CovarianceFunction, _ priors: [String: ScalarPrior] = [:]) -> String {
      sentence { _ = try ProcessMixingModel(data: data, kernel: kernel, priors: priors) }
    }
    #expect(model(.rbf(.fixed(1))).contains("no free parameter"))
    #expect(model(.changepoint(.rbf(), .rbf(), at: 1)).contains("changepoint.location needs a prior"))
    #expect(model(.rbf(), ["rbf.width": .normal(location: 0, scale: 1)]).contains("no parameter of this model"))
    #expect(model(.rbf(), ["rbf.length_scale": .normal(location: 0, scale: 1)]).contains("(0, ∞)"))
    #expect(model(.rbf(), ["rbf.length_scale": .uniform(lower: -1, upper: 1)]).contains("(0, ∞)"))
    func block(_ covariance: [Double]) -> String {
      sentence {
        let one = try CorrelatedPredictions(name: "a", inputs: [[0, 1]], means: [1, 2], covariance: covariance)
        _ = try ProcessMixingData(inputNames: ["x"], models: [one])
      }
    }
    #expect(block([1, 0.2, 0.1, 1]) == "The covariance of a cannot be used: it is not symmetric in row 2.")
    #expect(block([1, 2, 2, 1]).contains("not positive semidefinite"))
    #expect(block([1, 0, 0, -1]) == "The variance of a is below 0 in row 2.")
    #expect(block([1, 0, 0, .nan]).contains("not finite"))
    #expect(sentence { _ = try ProcessMixingData(inputNames: ["x"], models: []) }.contains("at least one model"))
    let one = try CorrelatedPredictions(name: "a", inputs: [[0]], means: [1], standardDeviations: [0])
    #expect(sentence { _ = try ProcessMixingData(inputNames: ["x"], models: [one, one]) }.contains("called \"a\""))
    #expect(sentence { _ = try ProcessMixingData(inputNames: ["x", "z"], models: [one]) }.contains("inputs of a"))
  }

  @Test func meansAreWeightedPredictions() throws {
    let model = try Self.model()
    let inputs = [[0.4, 1.3, 40]]
    let process = try GaussianProcess(model.kernel, model.data.training)
    let weights = try process.responseWeights(inputs)
    let means = try process.predict(inputs).mean
    for (row, mean) in zip(weights, means) {
      let sum = zip(row, model.data.training.response).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(sum - mean) < 1e-11)
    }
    let sources = try model.sourceWeights(at: inputs, kernel: model.kernel)
    #expect(sources.count == 3 && abs(sources[1][1] - weights[1][4..<9].reduce(0, +)) < 1e-15)
    #expect(sources[0][0] > sources[1][0] && sources[1][1] > sources[0][1])
    #expect(sources.allSatisfy { abs($0[2]) < 1e-12 })
    #expect(throws: MixingError.self) { try model.sourceWeights(at: [[0], [1]], kernel: model.kernel) }
  }

  /// Known without error at the same place twice: singular, unless jitter comes in; one row and one model are enough.
  @Test func certainModels() async throws {
    let one = try CorrelatedPredictions(name: "a", inputs: [[0.5]], means: [1.2], standardDeviations: [0])
    let two = try CorrelatedPredictions(name: "b", inputs: [[0.5]], means: [1.2], standardDeviations: [0])
    let both = try ProcessMixingModel(data: ProcessMixingData(inputNames: ["x"], models: [one, two]), kernel: .rbf(1))
    #expect(both.jitter > 0)
    #expect(throws: ModelError.self) {
      try ProcessMixingModel(
        data: ProcessMixingData(inputNames: ["x"], models: [one, two]), kernel: .rbf(1), jitter: 0)
    }
    let alone = try ProcessMixingModel(data: ProcessMixingData(inputNames: ["x"], models: [one]), kernel: .rbf(1))
    let found = try await alone.predict(at: [[0.5, 50]], positions: [0.0, 0.5])
    #expect(abs(found.mean[0] - 1.2) < 1e-14 && found.standardDeviation[0] < 1e-7)
    #expect(abs(found.mean[1]) < 1e-12 && abs(found.standardDeviation[1] - 1) < 1e-12)
    #expect(abs(found.quantiles[0][1] + 1.959_963_984_540_054) < 1e-9 && found.quantiles[1][0].isFinite)
    await #expect(throws: MixingError.self) { try await alone.predict(at: [[0.5], [1]], positions: [0]) }
    await #expect(throws: MixingError.self) { try await alone.predict(at: [[0.5]], positions: []) }
    await #expect(throws: MixingError.self) {
      try await alone.predict(at: [[0.5]], positions: [0], probabilities: [1])
    }
  }
}
