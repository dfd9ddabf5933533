import ArgumentParser

/// Files that say what could be typed. They are written out as arguments before the command line is parsed
/// (`ExpandedCommandLine`); the options are declared for the help.
struct StudyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take options from a study: a file in YAML or JSON with data, target, features, model, split, priors, and every long option by its name. What is typed wins; see Docs/EBTune.docc/OwnData.md.",
      valueName: "file"))
  var study: String?

  @Option(
    help: ArgumentHelp(
      "Take options from the config.json of a run, or from the run's directory: repeats the run, or edits it. What is typed wins.",
      valueName: "path"))
  var config: String?

  /// The long names of the options.
  static let names: Set<String> = ["study", "config"]
}
