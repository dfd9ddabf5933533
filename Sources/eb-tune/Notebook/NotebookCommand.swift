import ArgumentParser
import EmpiricalBayes
import Foundation
import TuningIO

/// `eb-tune notebook DIR`: a finished run as a notebook that opens it with ArviZ.
struct NotebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notebook", abstract: "A Jupyter or Quarto notebook that looks at a finished run with ArviZ.",
    discussion: """
      Writes a notebook that redraws the figures of the report in Python, cell by cell, and beside the run the Zarr store that it reads, DIR/export/run.zarr; an earlier store there is replaced. It needs Python with arviz 0.23, xarray, zarr, matplotlib, pandas and scipy. The data of the run must still be where they were.

      eb-tune notebook runs/pdb
      eb-tune notebook runs/pdb --format qmd --out pdb.qmd
      """)

  @Argument(help: ArgumentHelp("The directory that the run wrote with --out.", valueName: "dir"))
  var directory: String

  @Option(help: "ipynb (Jupyter) or qmd (Quarto).")
  var format: NotebookExport.Format = .ipynb

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The notebook (default: notebook.ipynb or notebook.qmd in the directory).", valueName: "file"))
  var out: String?

  @Flag(help: "Replace an earlier notebook.")
  var overwrite = false

  func run() throws {
    try RunKind.refuseMixture(for: "notebook", in: RunDirectory.trimmed(directory))
    let run = try ExportedRun(directory)
    let report = try FinishedRun.read(RunReport.self, .report, in: run.finished.path)
    let file = out ?? "\(run.finished.path)/notebook.\(format.rawValue)"
    guard overwrite || !FileManager.default.fileExists(atPath: file) else {
      throw Failure(
        "\(file): something is there already; --overwrite replaces it, --out names another place.", .cannotCreate)
    }
    let zarr = try ZarrExport(
      run, try EvidenceRun(directory: directory, threads: ProcessInfo.processInfo.activeProcessorCount))
    let store = "\(run.finished.path)/\(RunNotebook.store)"
    try zarr.write(to: store, overwriting: true)
    let notebook = RunNotebook(
      run, report, place: RelativePath.from(Self.folder(of: file), to: run.finished.path), isWeighted: zarr.isWeighted,
      hasHeldOutRows: zarr.hasHeldOutRows)
    try AtomicFile.write(notebook.export.text(format), to: file)
    try Console.standardOutput("Written: \(file), \(store)\n")
  }

  private static func folder(of file: String) -> String {
    file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
  }
}

extension NotebookExport.Format: ExpressibleByArgument {}
