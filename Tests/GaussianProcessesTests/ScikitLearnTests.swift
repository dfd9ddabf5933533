import Foundation
import GaussianProcesses
import LogDensities
import Testing

@Suite struct ScikitLearnTests {
  let fixture: GaussianProcessFixture

  init() throws { fixture = try GaussianProcessFixture.read() }

  @Test func marginalLikelihoodAndGradientAgree() throws {
    #expect(fixture.cases.count == 12)
    for one in fixture.cases {
      let density = try MarginalLikelihood(fixture.kernel(one), fixture.data(one))
      let (value, gradient) = try density.evaluate(at: one.parameters.map { log($0) })
      #expect(agrees(value, one.logMarginalLikelihood), "\(one.kernel)")
      #expect(gradient.count == one.gradient.count)
      for (found, expected) in zip(gradient, one.gradient) {
        #expect(agrees(found, expected), "\(one.kernel): \(found) \(expected)")
      }
    }
  }

  @Test func predictionsAgree() throws {
    for one in fixture.cases {
      let process = try GaussianProcess(fixture.kernel(one), fixture.data(one))
      #expect(agrees(process.logMarginalLikelihood, one.logMarginalLikelihood))
      #expect(process.jitter == 0)
      let predictions = try process.predict(Array(fixture.new.prefix(one.columns)))
      for row in one.mean.indices {
        #expect(agrees(predictions.mean[row], one.mean[row]), "\(one.kernel)")
        // scikit-learn counts the white kernel into its deviation, alpha not.
        let deviation = (pow(predictions.deviation[row], 2) - one.alpha).squareRoot()
        #expect(agrees(deviation, one.deviation[row]), "\(one.kernel)")
        #expect(predictions.latentDeviation[row] < deviation)
      }
    }
  }

  @Test func fitsFindTheSameMaxima() async throws {
    #expect(fixture.fits.count == 2)
    for one in fixture.fits {
      let features = (1...one.inputs.count).map { "x\($0)" }
      let data = try GaussianProcessData(inputs: one.inputs, response: one.response, features: features)
      let kernel = try CovarianceFunction(parsing: one.kernel, features: features)
      let fit = try await GaussianProcess.fit(kernel, data)
      #expect(
        abs(fit.process.logMarginalLikelihood - one.logMarginalLikelihood) < 1e-4,
        "\(one.kernel): \(fit.process.logMarginalLikelihood) \(one.logMarginalLikelihood)")
      #expect(fit.climbs.count == 5)
      let best = fit.climbs[fit.best]
      #expect(best.hasConverged)
      #expect(best.logMarginalLikelihood == fit.climbs.compactMap(\.logMarginalLikelihood).max())
    }
  }
}
