import ArgumentParser

/// Where results go and how much is said on the way.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write config, trace, tuned priors, report and draws to this directory; none writes nothing (default: a new directory below runs, named after the options).",
      valueName: "dir"))
  var out: String?

  @Flag(help: "Replace an earlier run in the same directory.")
  var overwrite = false

  @Flag(help: "Print what would run, with features, priors and price, and draw nothing.")
  var dryRun = false

  @OptionGroup var narration: ProgressOptions

  @Flag(help: "Print the result as JSON on standard output instead of text.")
  var json = false
}
