import EmpiricalBayes
import TuningIO

/// The end of an interrupted run, as a sentence: what was going on, how to go on, and what is there already.
struct RunInterruption: Sendable {
  /// Where files are written.
  struct Place: Sendable {
    let directory: RunDirectory
    /// The directory to resume.
    let home: String
  }

  /// nil before the first iteration was finished, and where nothing is tuned.
  var result: TuningResult?
  /// Whether there is something to tune.
  var isTuned = true
  /// Whether draws of the final posterior were made and written.
  var isDrawn = false
  /// The most outer iterations.
  let iterations: Int
  /// nil where nothing is written.
  let place: Place?

  /// With exit code 75.
  var failure: Failure {
    guard let place else {
      return Failure(
        "Interrupted \(stage); \(result == nil ? "there is nothing to save" : "the tuned priors so far are above").",
        .temporary)
    }
    return Failure(
      "Interrupted \(stage); continue with: eb-tune resume \(ShellWord.quoted(place.home)) (\(found(in: place.directory))).",
      .temporary)
  }

  private var stage: String {
    guard isTuned else { return "while drawing the posterior" }
    guard let result else { return "before the first iteration was finished" }
    if isDrawn { return "while comparing with the initial priors, after the final posterior was drawn" }
    return result.isFinished
      ? "while drawing the final posterior" : "after \(result.iterations) of at most \(iterations) iterations"
  }

  private func found(in directory: RunDirectory) -> String {
    guard result != nil else { return "there is nothing to look at yet" }
    return isDrawn
      ? "its draws and the tuned priors are in \(directory.path)"
      : "the tuned priors so far are in \(directory.path(of: .priors))"
  }
}

extension PriorExport {
  /// Prints the tuned priors so far: of an interrupted run that has no directory to leave them in.
  func show(asJSON isJSON: Bool) throws {
    try Console.standardOutput(
      isJSON
        ? try JSONText.document(self)
        : TextTable.priorLines(self, width: Console.outputWidth).map { $0 + "\n" }.joined())
  }
}
