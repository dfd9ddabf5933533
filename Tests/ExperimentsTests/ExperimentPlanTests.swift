import Experiments
import Experts
import Foundation
import Sampling
import Testing
import TuningIO
import _TestSupport

extension Table: ColumnSource {}

/// Rows, features and priors of every experiment.
struct ExperimentPlanTests {
  private let none: NumericColumns? = nil

  @Test func gridsHaveEveryConfiguration() throws {
    for experiment in [PaperExperiment.switch, .transition] {
      let plan = try ExperimentPlan(ExperimentSettings(experiment), seed: 3, data: none)
      #expect(plan.problem.training.rows == 500 && plan.problem.test.rows == 500)
      #expect(plan.jobs.count == 3 * 2 * 3 + 2)
      #expect(Set(plan.jobs.map(\.key)).count == plan.jobs.count)
      #expect(plan.choices.map(\.candidates.count) == [6, 6, 6])
    }
    let plan = try ExperimentPlan(ExperimentSettings(.transition), seed: 3, data: none)
    #expect(plan.rows.map(\.label) == ["MoE2", "MoE3", "BoE", "CoCoAFusE", "BNN", "GPR"])
    #expect(plan.rows[0].candidates.allSatisfy { $0.contains("2 experts") })
  }

  @Test func simulationsFollowTheirSettings() throws {
    // x > 0 has the upper line with probability p(x) > 1/2: with a steep slope nearly always.
    let steep = SwitchProblem.problem(seed: 1, slope: 1000)
    #expect(zip(steep.training.values[0], steep.training.values[1]).count { ($0 > 0) != ($1 > 0) } <= 2)
    let flat = SwitchProblem.problem(seed: 1, slope: 1e-6)
    #expect(zip(flat.training.values[0], flat.training.values[1]).count { ($0 > 0) != ($1 > 0) } > 200)
  }

  /// E p(1 − p) of both laws at their slopes is what the published error of the Switch means: (3.98 / 2 − 1/16) / 36.
  @Test func bothLawsHaveTheErrorOfThePaper() throws {
    for law in SimulatedInput.allCases {
      var settings = ExperimentSettings(.switch)
      settings.rows = 50_000
      settings.law = law
      settings.slope = ExperimentSettings.slope(of: law)
      let x = try settings.problem(seed: 1, data: none).training.values[0]
      let mean =
        x.reduce(0) { sum, x in
          let p = 1 / (1 + exp(-settings.slope * x))
          return sum + p * (1 - p)
        } / Double(x.count)
      // The standard deviation of p (1 − p) is about 0.08, that of the mean 0.0004: a false alarm in 10⁵.
      #expect(abs(mean - 0.05354) < 0.0018)
      #expect((x.max() ?? 0) < 1 || law == .normal)
    }
  }

  @Test func gatesOfTheMotorcycleHaveTwoReadings() throws {
    let changes = Motorcycle.Gates.allCases.map { gates in
      let gate = Motorcycle.priors(gates).gate.map(\.location)
      return [-gate[0] / gate[1], -gate[3] / gate[4]]
    }
    #expect(changes == [[0.5, 1], [5.0 / 30, 0.7]])
    let plan = try ExperimentPlan(ExperimentSettings(.motorcycle), seed: 1, data: none)
    #expect(plan.problem.training.rows == 75 && plan.problem.test.rows == 58)
    #expect(plan.rows.map(\.label).contains("CoCoAFusE, tuned"))
  }

  @Test(
    .enabled(if: SharedData.file("wind_turbine/wind_train.csv") != nil, "needs the prepared rows of the wind turbine"))
  func windHasThePapersFeatures() throws {
    let file = try #require(SharedData.file("wind_turbine/wind_train.csv"))
    let table = try Table(path: file.path)
    let columns = NumericColumns(
      names: WindTurbine.Column.all,
      values: try ["active_power_kw", "wind_speed_m_s", "theoretical_power_curve_kwh", "wind_direction_deg"].map {
        try table.numeric($0)
      })
    var settings = ExperimentSettings(.wind)
    settings.rows = 200
    let plan = try ExperimentPlan(settings, seed: 1, data: columns)
    #expect(plan.problem.training.rows == 200 && plan.problem.test.rows == 200)
    #expect(plan.problem.experts == 2)
    let gate = try plan.problem.gateDesign()
    #expect(gate.matrix.names == ["bias", "wind_speed", "direction_sin1", "direction_cos1"])
    #expect(gate.matrix.column(1).max() == 1)
    #expect(try plan.problem.expertDesign().matrix.values.max() == 1)
    let response = try plan.problem.trainingResponse()
    #expect(response.allSatisfy { $0 > -0.01 && $0 < 1.01 })
    // Table 6 for a CoCoAFusE of two experts: 2 intercepts, 2 slopes, 4 + 4 gate entries, 2 σ.
    #expect(WindTurbine.priors.flattened(withBehaviour: true).count == 14)
    #expect(WindTurbine.priors.behaviour[1] == LocationScale(-10, 0.15))
    // The same rows for the same seed, others for another.
    #expect(try ExperimentPlan(settings, seed: 1, data: columns).problem == plan.problem)
    #expect(try ExperimentPlan(settings, seed: 2, data: columns).problem.training != plan.problem.training)
    settings.rows = 400
    #expect(throws: (any Error).self) { try ExperimentPlan(settings, seed: 1, data: columns) }
  }

  @Test(.enabled(if: SharedData.file("pdb_load/pdb_train.csv") != nil, "needs the prepared rows of the load history"))
  func loadHasThePapersFeatures() throws {
    let training = try Table(path: try #require(SharedData.file("pdb_load/pdb_train.csv")).path)
    let test = try Table(path: try #require(SharedData.file("pdb_load/pdb_test.csv")).path)
    let problem = try PowerLoad.problem(
      training: training, test: test, harmonics: .init(hour: 3, weekday: 2, month: 1))
    #expect(problem.training.rows == 1000 && problem.test.rows == 250)
    #expect(try problem.expertDesign().matrix.columns == 7)
    #expect(try problem.gateDesign().matrix.columns == 1 + 2 + 4 + 2)
    let response = try problem.trainingResponse()
    #expect(abs(response.reduce(0, +) / 1000) < 1e-9)
    #expect(abs(response.reduce(0) { $0 + $1 * $1 } / 1000 - 1) < 1e-9)
  }

  @Test func loadIsDrawnFromTheFirstFourFifths() throws {
    let count = 2000
    let columns = NumericColumns(
      names: PowerLoad.columns,
      values: [
        (0..<count).map { Double($0 % 24 + 1) }, (0..<count).map { Double($0 / 24 % 7 + 1) },
        (0..<count).map { Double($0 / 150 % 12 + 1) }, (0..<count).map { sin(Double($0)) },
        (0..<count).map { Double($0) },
      ])
    let plan = try ExperimentPlan(ExperimentSettings(.pdb), seed: 5, data: columns)
    let drawn = try plan.problem.training.column("demand")
    #expect(drawn.count == 1000 && Set(drawn).count == 1000 && drawn.allSatisfy { $0 < 1600 })
    let test = try plan.problem.test.column("demand")
    #expect(test.count == 250 && test.first == 1600 && test.last == 1999)
    #expect(plan.jobs.filter { $0.predecessor == "CoCoAFusE" }.map(\.key) == ["MoE", "BoE"])
  }

  @Test func filesAreAskedFor() {
    for experiment in [PaperExperiment.wind, .pdb] {
      #expect(throws: ExperimentError.noData(experiment)) {
        try ExperimentPlan(ExperimentSettings(experiment), seed: 1, data: none)
      }
    }
  }
}
