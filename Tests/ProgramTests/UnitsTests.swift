import Foundation
import LogDensities
import Testing

@testable import eb_tune

/// The scaling of a run's data is kept with it and undone in what people read.
@Suite struct UnitsTests {
  private struct Priors: Decodable {
    struct Moments: Decodable { let location, scale: Double }
    struct Scaling: Decodable {
      let target: Moments
      let columns: [String: Moments]
    }
    struct Units: Decodable {
      let offset, factor: Double
      let unit: String
    }
    struct Hyperparameter: Decodable {
      let name: String
      let tuned: Double
      let tunedInDataUnits: Double?
    }
    struct Entry: Decodable {
      let parameter: String
      let units: Units?
      let hyperparameters: [Hyperparameter]
    }
    let scaling: Scaling?
    let priors: [Entry]
  }

  private struct Report: Decodable {
    struct Sums: Decodable { let tuned, initial: RunFiles.Estimate }
    struct HeldOut: Decodable {
      let rows: Int
      let tuned, initial, difference: RunFiles.Estimate
      let inTargetUnits: Sums?
    }
    struct LeaveOneOut: Decodable {
      let elpd: Double
      let elpdInTargetUnits: Double?
    }
    struct Consequences: Decodable { let leaveOneOut: LeaveOneOut? }
    struct Calibration: Decodable {
      struct Uniformity: Decodable { let statistic, pValue: Double }
      let name: String
      let rows: Int
      let uniformity: Uniformity
      let coverageError: Double
    }
    struct InitialPosterior: Decodable {
      let draws: Int
      let quantiles: [String: [Double]]
    }
    let rows: Int
    let heldOut: HeldOut?
    let consequences: Consequences
    let calibration: [Calibration]
    let initialPosterior: InitialPosterior?
  }

  private struct Evidence: Decodable {
    struct Value: Decodable { let estimate: RunFiles.Estimate }
    let tuned: Value?
    let tunedInTargetUnits: RunFiles.Estimate?
  }

  /// Responses about 1000 with a spread about 250, over a column about 20.
  private func tune(_ program: Program) throws -> String {
    let rows = (0..<50).map { row in
      "\(18 + Double(row) / 9),\(1000 + 300 * sin(Double(row) / 9) + 30 * sin(37.1 * Double(row)))"
    }
    try program.write((["x,load"] + rows).joined(separator: "\n") + "\n", to: "rows.csv")
    let outcome = try program.run(
      [
        "tune", "--data", "rows.csv", "--target", "load", "--expert", "poly(x,2)", "--gate", "x", "--experts", "2",
        "--test-fraction", "0.2", "--out", "run", "--quiet", "--final-draws", "60",
      ] + short.filter { $0 != "20" && $0 != "--final-draws" })
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome.output
  }

  private func isNear(_ value: Double?, _ expected: Double) -> Bool {
    value.map { abs($0 - expected) <= 1e-9 * max(1, abs(expected)) } ?? false
  }

  @Test func scalingIsKeptAndUndone() throws {
    let program = try Program()
    defer { program.remove() }
    let text = try tune(program)
    #expect(text.contains("What was tuned, on the model's scale") && text.contains("in data's units"))
    #expect(text.contains("in its own units") && !text.contains("LPPD, target on the model's scale"))
    let priors = try program.json(Priors.self, "run/priors.json")
    let scaling = try #require(priors.scaling)
    try expectUnits(of: priors.priors, scaling)
    try expectPosterior(try program.read("run/posterior.csv"), priors.priors, scaling.target)
    try expectReport(try program.json(Report.self, "run/report.json"), priors)
    try expectEvidence(program, scaling.target.scale)

    #expect(try program.run("plot", "run", "--figure", "priors", "--out", "p.svg").status == 0)
    let figure = try program.read("p.svg")
    #expect(figure.contains("initial posterior") && figure.contains("load per x"))
    let exported = try program.run("export", "run", "--to", "json").output
    #expect(exported.contains("\"hyperparametersInDataUnits\"") && exported.contains("\"scaling\""))
    #expect(try program.run("export", "run", "--to", "zarr").status == 0)
    #expect(try program.names(in: "run/export/run.zarr/constant_data").contains("slope_factor"))
    #expect(try program.run("export", "run", "--to", "cmdstan").status == 0)
    #expect(try program.read("run/export/cmdstan/chain-1.csv").contains("target_scale = \(scaling.target.scale)"))
  }

  private func expectUnits(of entries: [Priors.Entry], _ scaling: Priors.Scaling) throws {
    let (target, x) = (scaling.target, try #require(scaling.columns["x"]))
    #expect(target.location > 800 && target.location < 1300 && target.scale > 150 && target.scale < 350)
    for entry in entries {
      let units = try #require(entry.units)
      let (location, scale) = (entry.hyperparameters[0], entry.hyperparameters[1])
      switch entry.parameter {
      case "intercept[1]", "intercept[2]":
        #expect(units.offset == target.location && units.factor == target.scale && units.unit == "load")
        #expect(isNear(location.tunedInDataUnits, target.location + target.scale * location.tuned))
        #expect(isNear(scale.tunedInDataUnits, target.scale * scale.tuned))
      case "slope[1,x]", "slope[2,x]":
        #expect(isNear(units.factor, target.scale / x.scale) && units.unit == "load per x")
      case "slope[1,x^2]", "slope[2,x^2]": #expect(isNear(units.factor, target.scale / (x.scale * x.scale)))
      case "gate[1,bias]", "behaviour[bias]": #expect(units.factor == 1 && units.unit == "log odds")
      case "gate[1,x]", "behaviour[x]": #expect(isNear(units.factor, 1 / x.scale))
      default:
        #expect(entry.parameter.hasPrefix("sigma") && units.offset == 0 && units.factor == target.scale)
        #expect(isNear(location.tunedInDataUnits, location.tuned + log(target.scale)))
        #expect(isNear(scale.tunedInDataUnits, scale.tuned))
      }
    }
  }

  private func expectPosterior(_ text: String, _ entries: [Priors.Entry], _ target: Priors.Moments) throws {
    for row in RunFiles.csv(text).dropFirst() {
      let (mean, deviation) = (try #require(Double(row[1])), try #require(Double(row[2])))
      guard let units = entries.first(where: { $0.parameter == row[0] })?.units else {
        #expect(row[0].hasPrefix("predictive mean") && row[9] == "load")
        #expect(isNear(Double(row[6]), target.location + target.scale * mean))
        continue
      }
      #expect(isNear(Double(row[6]), units.offset + units.factor * mean), "\(row)")
      #expect(isNear(Double(row[7]), units.factor * deviation) && row[9] == units.unit)
    }
  }

  private func expectReport(_ report: Report, _ priors: Priors) throws {
    let shift = log(try #require(priors.scaling).target.scale)
    let heldOut = try #require(report.heldOut)
    let own = try #require(heldOut.inTargetUnits)
    #expect(heldOut.rows == 10 && isNear(own.tuned.value, heldOut.tuned.value - 10 * shift))
    #expect(isNear(own.tuned.value - own.initial.value, heldOut.difference.value))
    let loo = try #require(report.consequences.leaveOneOut)
    #expect(isNear(loo.elpdInTargetUnits, loo.elpd - Double(report.rows) * shift))
    #expect(report.calibration.map(\.name) == ["held out", "training"])
    #expect(report.calibration.map(\.rows) == [10, 40])
    for part in report.calibration {
      #expect((0...1).contains(part.uniformity.pValue) && (0...0.95).contains(part.coverageError))
    }
    let before = try #require(report.initialPosterior)
    #expect(Set(before.quantiles.keys) == Set(priors.priors.map(\.parameter)))
    for values in before.quantiles.values { #expect(values.count == 201 && values == values.sorted()) }
  }

  private func expectEvidence(_ program: Program, _ scale: Double) throws {
    let outcome = try program.run("evidence", "run", "--at", "tuned", "--draws", "20", "--json", "-q")
    let found = try JSONDecoder().decode(Evidence.self, from: Data(outcome.output.utf8))
    let value = try #require(found.tuned?.estimate.value)
    #expect(isNear(found.tunedInTargetUnits?.value, value - 40 * log(scale)))
    let text = try program.run("evidence", "run", "--at", "tuned", "--draws", "20", "-q").output
    #expect(text.contains("density of the target in its own units"))
  }

  /// Where nothing is scaled, nothing is undone.
  @Test func rawScale() throws {
    let program = try Program()
    defer { program.remove() }
    let rows = (0..<50).map { row in "\(sin(Double(row))),\(sin(Double(row)) + 0.3 * sin(37.1 * Double(row)))" }
    try program.write((["x,y"] + rows).joined(separator: "\n") + "\n", to: "rows.csv")
    let outcome = try program.run(
      [
        "tune", "--data", "rows.csv", "--target", "y", "--expert", "x", "--gate", "x", "--experts", "2", "--raw-scale",
        "--test-fraction", "0.2", "--out", "run", "--quiet",
      ] + short)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(!outcome.output.contains("data's units") && !outcome.output.contains("model's scale"))
    for entry in try program.json(Priors.self, "run/priors.json").priors {
      #expect(entry.units?.offset == 0 && entry.units?.factor == 1)
      #expect(entry.hyperparameters.allSatisfy { $0.tunedInDataUnits == $0.tuned })
    }
    let heldOut = try #require(try program.json(Report.self, "run/report.json").heldOut)
    #expect(heldOut.inTargetUnits?.tuned == heldOut.tuned)
  }

  /// Weighted quantiles of a small sample by hand, and of equal weights the order statistics.
  @Test func quantilesOfDraws() {
    #expect(InitialPosterior.quantiles([3, 1, 2], weights: nil, count: 3) == [1, 2, 3])
    #expect(InitialPosterior.quantiles([3, 1, 2], weights: [0.8, 0.1, 0.1], count: 5) == [1, 3, 3, 3, 3])
    #expect(InitialPosterior.quantiles([5], weights: [0], count: 2) == [5, 5])
    #expect(InitialPosterior.quantiles([], weights: nil).isEmpty)
  }

  /// A kernel estimate from the quantiles is that from all draws, but for a few per cent of its peak.
  @Test func quantilesStandForTheDraws() {
    var stream = RandomStream(seed: 3, purpose: .prediction)
    let draws = (0..<4000).map { _ in (0..<12).reduce(-6.0) { sum, _ in sum + stream.uniform() } }
    let places = (-30...30).map { Double($0) / 10 }
    let all = ReportDensity.kernel(draws, weights: nil, at: places, isPositive: false)
    let few = ReportDensity.kernel(
      InitialPosterior.quantiles(draws, weights: nil), weights: nil, at: places, isPositive: false, count: draws.count)
    let worst = zip(all, few).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 0.05 * (all.max() ?? 0), "\(worst)")
  }

  @Test func missedMassIsAWarning() {
    #expect(Conclusion.missedMass.status == .warn && Conclusion.missedMass.value == nil)
    #expect(Conclusion.missedMass.sentence.contains("do not rely on the tuned priors"))
  }
}
