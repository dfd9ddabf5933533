import Foundation
import Testing
import _TestSupport

/// A file of the user's own, as spreadsheets and people write them.
@Suite struct UserDataTests {
  /// Columns that need quotation marks, Windows line ends, a byte order mark, text in a column that nobody uses.
  private func spreadsheet(_ rows: Int, from first: Int = 0) -> String {
    let header = "\u{FEFF}\"day, local\",wind speed,\"the \"\"target\"\"\",remark"
    let lines = (first..<(first + rows)).map { row in
      let x = Double(row) / 7
      return "\(row % 24),\"\(cos(2.3 * x))\", \(sin(x) + 0.1 * sin(37.1 * x)) ,\"fine, so far\""
    }
    return ([header] + lines).joined(separator: "\r\n") + "\r\n"
  }

  private let features = [
    "--target", "the \"target\"", "--expert", "fourier(`day, local`,24,2)", "--gate", "`wind speed`", "--gamma", "0.1",
  ]

  @Test func quotesAndLineEnds() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(spreadsheet(70), to: "my rows.csv")
    let outcome = try program.run(["--data", "my rows.csv", "--out", "run"] + features + short)
    try #require(outcome.status == 0, "\(outcome.error)")
    let priors = try program.json(RunFiles.Priors.self, "run/priors.json")
    let names = priors.priors.map(\.parameter)
    #expect(names.contains("gate[1,wind speed]") && names.contains("behaviour[wind speed]"))
    #expect(names.filter { $0.hasPrefix("slope[1,day, local_") }.count == 4, "\(names)")
    #expect(RunFiles.csv(try program.read("run/draws.csv"))[0].suffix(names.count) == names[...])
    let configuration = try program.json(RunFiles.Configuration.self, "run/config.json")
    #expect(configuration.data.file == "my rows.csv" && configuration.data.rows == 70)
    #expect(configuration.data.sha256?.count == 64)
    #expect(outcome.output.contains("my rows.csv: cocoafuse with 2 experts") && !outcome.output.contains("simulated"))
    #expect(!outcome.output.contains("Held-out"))
  }

  @Test func heldOutRows() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(spreadsheet(70), to: "train.csv")
    try program.write(spreadsheet(30, from: 70), to: "test.csv")
    func rows(_ options: String...) throws -> (fitted: Int, heldOut: Int?) {
      let outcome = try program.run(["--data", "train.csv", "--quiet", "--json"] + features + short + options)
      try #require(outcome.status == 0, "\(outcome.error)")
      let report = try JSONDecoder().decode(RunFiles.Report.self, from: Data(outcome.output.utf8))
      return (report.rows, report.heldOut?.rows)
    }
    #expect(try rows("--test-data", "test.csv") == (70, 30))
    #expect(try rows("--test-fraction", "0.2") == (56, 14))
    #expect(try rows("--test-fraction", "0") == (70, nil))
    let one = try program.run(["--data", "train.csv", "--quiet", "--test-fraction", "0.001"] + features + short)
    #expect(one.status == 0 && one.output.contains("One row cannot show whether tuning helped."), "\(one.output)")
  }

  /// Experts without features are constants; a gate without features is a bias.
  @Test func eitherKindOfFeatureMayBeAbsent() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(spreadsheet(70), to: "rows.csv")
    func names(_ options: String...) throws -> Set<String> {
      let outcome = try program.run(
        ["--data", "rows.csv", "--target", "the \"target\"", "--quiet", "--out", "run", "--overwrite"] + options + short
      )
      try #require(outcome.status == 0, "\(outcome.error)")
      return Set(try program.json(RunFiles.Priors.self, "run/priors.json").priors.map(\.parameter))
    }
    let common: Set = ["intercept[1]", "intercept[2]", "gate[1,bias]", "behaviour[bias]", "sigma[1]", "sigma[2]"]
    #expect(try names("--gate", "`wind speed`") == common.union(["gate[1,wind speed]", "behaviour[wind speed]"]))
    #expect(try names("--expert", "`wind speed`") == common.union(["slope[1,wind speed]", "slope[2,wind speed]"]))
  }

  @Test(.enabled(if: SharedData.file("data/pdb_load/pdb_train.csv") != nil, "the shared load data are absent"))
  func realLoad() throws {
    let file = try #require(SharedData.file("data/pdb_load/pdb_train.csv"))
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(
      [
        "--data", file.path, "--target", "demand", "--expert", "fourier(hour,24,2)", "--gate", "poly(temperature,2)",
        "--quiet", "--out", "run",
      ] + short)
    try #require(outcome.status == 0, "\(outcome.error)")
    let names = try program.json(RunFiles.Priors.self, "run/priors.json").priors.map(\.parameter)
    #expect(names.contains("slope[2,hour_cos2]") && names.contains("gate[1,temperature^2]"))
  }

  @Test(.enabled(if: SharedData.file("data/wind_turbine/wind_train.csv") != nil, "the shared wind data are absent"))
  func realWind() throws {
    let file = try #require(SharedData.file("data/wind_turbine/wind_train.csv"))
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(
      [
        "--data", file.path, "--target", "active_power_kw", "--expert", "poly(wind_speed_m_s,3)", "--gate",
        "wind_speed_m_s,fourier(wind_direction_deg,360,1)", "--test-fraction", "0.2", "--quiet", "--out", "run",
      ] + short)
    try #require(outcome.status == 0, "\(outcome.error)")
    let names = try program.json(RunFiles.Priors.self, "run/priors.json").priors.map(\.parameter)
    #expect(names.contains("slope[2,wind_speed_m_s^3]") && names.contains("gate[1,wind_direction_deg_cos1]"))
    #expect(try program.json(RunFiles.Report.self, "run/report.json").heldOut?.rows == 100)
  }
}
