import Foundation
import GaussianProcesses
import Testing

@Suite struct GaussianProcessTests {
  let fixture: GaussianProcessFixture

  init() throws { fixture = try GaussianProcessFixture.read() }

  @Test func leaveOneOutAgreesWithRefits() throws {
    let kernel = try CovarianceFunction(
      parsing: "constant(1.2) * rbf(0.8) + matern32(2)[day] + white(0.05)", features: GaussianProcessFixture.features)
    let noise = fixture.response.indices.map { 0.01 * Double($0 % 4) }
    let data = try GaussianProcessData(inputs: fixture.inputs, response: fixture.response, noise: .variances(noise))
    let all = try GaussianProcess(kernel, data)
    let exact = all.leaveOneOut()
    let densities = try exact.logDensities(of: data.response)
    for row in 0..<data.rows {
      func without(_ values: [Double]) -> [Double] { values.enumerated().filter { $0.offset != row }.map(\.element) }
      let rest = try GaussianProcess(
        kernel,
        GaussianProcessData(
          inputs: data.inputs.map(without), response: without(data.response), noise: .variances(without(noise))))
      let one = try rest.predict(data.inputs.map { [$0[row]] }, noiseVariances: [noise[row]])
      #expect(agrees(exact.mean[row], one.mean[0]))
      #expect(agrees(exact.deviation[row], one.deviation[0]))
      #expect(agrees(exact.latentDeviation[row], one.latentDeviation[0]))
      #expect(agrees(densities[row], try one.logDensities(of: [data.response[row]])[0]))
      // The chain rule: ln p(y) = ln p(y_n | rest) + ln p(rest).
      #expect(agrees(all.logMarginalLikelihood, densities[row] + rest.logMarginalLikelihood))
    }
  }

  @Test func trainingPredictionsAreThoseOfNewRowsAtTheSameInputs() throws {
    let data = try GaussianProcessData(inputs: fixture.inputs, response: fixture.response, noise: .variance(0.1))
    let process = try GaussianProcess(.rbf(0.8) + .white(0.05), data)
    #expect(try process.predict(fixture.inputs) == process.predictTraining())
  }

  @Test func oneRowByHand() throws {
    let process = try GaussianProcess(.rbf(1) + .white(0.25), GaussianProcessData(inputs: [[0]], response: [2]))
    let one = try process.predict([[1]])
    let correlation = exp(-0.5)
    #expect(agrees(one.mean[0], correlation * 2 / 1.25, within: 1e-15))
    #expect(agrees(one.latentDeviation[0], (1 - correlation * correlation / 1.25).squareRoot(), within: 1e-15))
    #expect(agrees(one.deviation[0], (1.25 - correlation * correlation / 1.25).squareRoot(), within: 1e-15))
    #expect(try process.predict([[]]).mean.isEmpty)
  }

  @Test func jitterIsReported() throws {
    let same = try GaussianProcessData(inputs: [[0, 0, 1]], response: [1, 1, 3])
    let process = try GaussianProcess(.rbf(1), same)
    #expect(process.jitter > 0 && process.jitter <= 1e-6)
    #expect(try GaussianProcess(.rbf(1) + .white(0.1), same).jitter == 0)
    #expect(try GaussianProcess(.rbf(1), same, jitter: 0.1).jitter == 0.1)
  }

  @Test func wrongDataAreRefusedInAClearSentence() throws {
    func sentence(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    let good = try GaussianProcessData(inputs: [[0, 1]], response: [1, 2])
    #expect(sentence { _ = try GaussianProcessData(inputs: [[]], response: []) }.contains("at least one row"))
    #expect(
      sentence { _ = try GaussianProcessData(inputs: [[0, .nan]], response: [1, 2]) }
        == "Input column 1 is not finite in row 2.")
    #expect(
      sentence { _ = try GaussianProcessData(inputs: [[0, 1], [1]], response: [1, 2]) }
        == "Input column 2 has 1 entries where 2 are needed.")
    #expect(
      sentence { _ = try GaussianProcessData(inputs: [[0]], response: [.infinity]) }
        == "The response is not finite in row 1.")
    #expect(
      sentence { _ = try GaussianProcessData(inputs: [[0, 1]], response: [1, 2], noise: .covariance([1, 0, 1, 1])) }
        .contains("not symmetric"))
    #expect(
      sentence { _ = try GaussianProcessData(inputs: [[0]], response: [1], noise: .variance(-1)) }.contains("-1.0"))
    #expect(sentence { _ = try GaussianProcess(.rbf(-1), good) }.contains("rbf.length_scale is -1.0"))
    #expect(sentence { _ = try GaussianProcess(.rbf(1).on([1]), good) }.contains("column 2 of 1"))
    #expect(sentence { _ = try GaussianProcess(.rbf(lengthScales: [1, 2]), good) }.contains("2 length scales"))
    #expect(sentence { _ = try GaussianProcess(.rbf(1), good).predict([[1], [2]]) }.contains("1 columns of inputs"))
    #expect(sentence { _ = try GaussianProcess(.rbf(1), good).predict([[.nan]]) }.contains("not finite in row 1"))
  }

  @Test func periodicOnSeveralColumnsIsNoCovariance() throws {
    #expect(throws: GaussianProcessError.self) {
      try MarginalLikelihood(
        .periodic(3), GaussianProcessData(inputs: fixture.inputs, response: fixture.response))
    }
  }
}
