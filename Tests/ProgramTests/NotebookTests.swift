import Foundation
import Testing

/// `eb-tune notebook DIR`: a run as a notebook for Jupyter or Quarto.
@Suite struct NotebookTests {
  private struct Notebook: Decodable {
    struct Cell: Decodable {
      let id: String
      let kind: String
      let source: [String]

      private enum CodingKeys: String, CodingKey {
        case id
        case kind = "cell_type"
        case source
      }

      var text: String { source.joined() }
    }
    let nbformat: Int
    let cells: [Cell]
  }

  private func tuned(_ model: ExportTests.Model = .cocoafuse, _ options: String...) throws -> Program {
    let program = try Program()
    try model.tune(program, options)
    return program
  }

  /// Both formats have the same cells, the store lies beside the run, and the way to the run is the notebook's own.
  @Test func formats() throws {
    let program = try tuned()
    defer { program.remove() }
    let outcome = try program.run("notebook", "run")
    #expect(
      outcome.status == 0 && outcome.output == "Written: run/notebook.ipynb, run/export/run.zarr\n", "\(outcome.error)")
    #expect(program.exists("run/export/run.zarr/tuning/zarr.json"))
    let notebook = try program.json(Notebook.self, "run/notebook.ipynb")
    #expect(notebook.nbformat == 4 && notebook.cells[0].text == "# Tuned priors of y")
    #expect(Set(notebook.cells.map(\.id)).count == notebook.cells.count)
    let report = try program.json(RunFiles.Report.self, "run/report.json")
    let texts = notebook.cells.filter { $0.kind == "markdown" }.map(\.text)
    for check in report.tuning + report.posterior {
      let words = check.sentence.replacing("_", with: "\\_").replacing("|", with: "\\|")
      #expect(texts.contains { $0.contains(words) }, "\(check.sentence)")
    }
    let codes = notebook.cells.filter { $0.kind == "code" }.map(\.text)
    #expect(codes.contains { $0.contains("pathlib.Path(\".\")") })

    try program.makeFolder("books")
    #expect(try program.run("notebook", "run/", "--format", "qmd", "--out", "books/run.qmd").status == 0)
    let quarto = try program.read("books/run.qmd")
    #expect(quarto.hasPrefix("---\ntitle: \"Tuned priors of y\"\n"))
    for code in codes {
      let moved = code.replacing("pathlib.Path(\".\")", with: "pathlib.Path(\"../run\")")
      #expect(quarto.contains("\n```{python}\n\(moved)\n```\n"))
    }
  }

  /// A notebook may hold somebody's own cells; the store beside it is made anew.
  @Test func refusals() throws {
    let program = try tuned(.boe)
    defer { program.remove() }
    #expect(try program.run("notebook", "run").status == 0)
    try program.write("mine", to: "run/notebook.ipynb")
    expectFailure(
      try program.run("notebook", "run"), status: 73, mentions: ["run/notebook.ipynb", "--overwrite", "--out"])
    #expect(try program.read("run/notebook.ipynb") == "mine")
    #expect(try program.run("notebook", "run", "--overwrite").status == 0)
    #expect(try program.json(Notebook.self, "run/notebook.ipynb").cells.count > 20)
    expectFailure(try program.run("notebook", "run", "--format", "html"), status: 64, mentions: ["html"])
    expectFailure(try program.run("notebook", "none"), status: 66, mentions: ["none/config.json"])
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("run/report.json"))
    expectFailure(
      try program.run("notebook", "run", "--overwrite"), status: 66, mentions: ["run/report.json", "finished"])
  }

  private func execute(_ program: Program, _ arguments: String...) throws {
    let outcome = try program.run(["notebook", "run"] + arguments)
    #expect(outcome.status == 0, "\(outcome.error)")
    let file = try #require(outcome.output.firstMatch(of: /Written: ([^,]+),/)).1
    let (status, output) = try PythonTools.run([String(file)], .notebook, in: program.directory)
    #expect(status == 0, "\(output)")
  }

  @Test(.enabled(if: PythonTools.reads("notebook"), "\(PythonTools.advice)"))
  func jupyterExecutes() throws {
    let program = try tuned(.cocoafuse, "--test-fraction", "0.2")
    defer { program.remove() }
    try execute(program)
  }

  /// Draws of three experts carry importance weights, which ArviZ does not know: they are chosen anew.
  @Test(.enabled(if: PythonTools.reads("notebook"), "\(PythonTools.advice)"), arguments: ExportTests.Model.allCases)
  func quartoExecutes(model: ExportTests.Model) throws {
    let program = try tuned(model)
    defer { program.remove() }
    try program.makeFolder("books")
    try execute(program, "--format", "qmd", "--out", "books/run.qmd")
    let isWeighted = try program.read("run/draws.csv").split(separator: "\n")[0].contains(",log_weight,")
    #expect(isWeighted == (model == .moe))
    #expect(try program.read("books/run.qmd").contains("weighted.posterior") == isWeighted)
  }
}
