import ArgumentParser
import Foundation
import TuningIO

/// `eb-tune export DIR --to FORMAT`: a finished run as files that other tools read.
struct ExportCommand: ParsableCommand {
  /// What to write.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case cmdstan
    case zarr
    case json
    case stan
    case brms
    case pymc
    case numpyro
  }

  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a finished run for other tools.",
    discussion: """
      cmdstan: the draws as one CmdStan CSV file a chain, for cmdstanpy, ArviZ and posterior.
      zarr: draws, statistics, pointwise log-likelihoods, predictions, data and the trace of the tuning, for ArviZ and xarray.
      stan, pymc, numpyro: the tuned model as a program, with its data.
      json, brms: the tuned priors alone, on standard output unless --out says otherwise.

      Of a run of tune, zarr, stan, pymc and numpyro set the model up once more: its data must still be where they were. A run of mix has zarr, cmdstan and json, from its directory alone; its predictions are summaries, not draws.
      """)

  @Argument(help: ArgumentHelp("The directory that tune or mix wrote.", valueName: "dir"))
  var directory: String

  @Option(help: "cmdstan, zarr, json, stan, brms, pymc or numpyro.")
  var to: Format

  @Option(help: ArgumentHelp("Where to write (default: below DIR/export).", valueName: "path"))
  var out: String?

  @Flag(help: "Replace an earlier export at the same place.")
  var overwrite = false

  func run() throws {
    do {
      if try RunKind(of: directory) == .mix { return try exportMixture() }
      switch to {
      case .json: try put(JSONText.document(ExportedPriors(try ExportedRun(directory))))
      case .brms: try put(BRMSExport(try ExportedRun(directory)).text)
      case .cmdstan: try CmdStanExport(try ExportedRun(directory)).write(to: try place("cmdstan", "chain-1.csv"))
      case .zarr:
        let path = out ?? defaultPath("run.zarr")
        try ZarrExport(try ExportedRun(directory), try setUp()).write(to: path, overwriting: overwrite)
        try say(path)
      case .stan:
        try write(StanExport(try ExportedRun(directory), try setUp()), "model.stan")
      case .pymc: try write(PyMCExport(PythonExport(try ExportedRun(directory), try setUp())), "model.py")
      case .numpyro: try write(NumPyroExport(PythonExport(try ExportedRun(directory), try setUp())), "model.py")
      }
    } catch OutputError.occupied(let path) {
      throw Failure(
        "\(path): something is there already; --overwrite replaces an earlier export, --out names another place.",
        .cannotCreate)
    }
  }

  private func exportMixture() throws {
    let run = try ExportedMixture(directory)
    switch to {
    case .json: try put(JSONText.document(run.exportedPriors()))
    case .cmdstan: try run.writeCmdStan(to: try place("cmdstan", "chain-1.csv"))
    case .zarr:
      let path = out ?? defaultPath("run.zarr")
      try run.writeZarr(to: path, overwriting: overwrite)
      try say(path)
    case .stan, .brms, .pymc, .numpyro:
      throw Failure(
        "\(directory): this is a run of mix, and \(to.rawValue) is for models of experts; a mixture has zarr, cmdstan and json.",
        .usage)
    }
  }

  private func setUp() throws -> EvidenceRun {
    try EvidenceRun(directory: directory, threads: ProcessInfo.processInfo.activeProcessorCount)
  }

  private func defaultPath(_ name: String) -> String {
    (directory.hasSuffix("/") ? directory : directory + "/") + "export/" + name
  }

  private func place(_ name: String, _ marker: String) throws(OutputError) -> StagedDirectory {
    try StagedDirectory(path: out ?? defaultPath(name), marker: marker, overwriting: overwrite)
  }

  /// A program and its data in a directory of their own.
  private func write(_ program: some ExportedProgram, _ name: String) throws {
    let stage = try place(to.rawValue, name)
    try stage.write(try program.text, to: name)
    try stage.write(try JSONText.line(program.data) + "\n", to: "data.json")
    try stage.commit()
    try say(stage.path)
  }

  /// A single text.
  private func put(_ text: String) throws {
    guard let out else { return try Console.standardOutput(text) }
    guard overwrite || !FileManager.default.fileExists(atPath: out) else { throw OutputError.occupied(path: out) }
    try AtomicFile.write(text, to: out)
    try say(out)
  }

  private func say(_ path: String) throws { try Console.standardOutput("Written: \(path)\n") }
}

/// A model as a program that reads `data.json` beside it.
protocol ExportedProgram {
  var text: String { get throws }
  var data: ExportedData { get }
}
