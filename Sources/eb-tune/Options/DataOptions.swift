import ArgumentParser
import Foundation

/// What is modelled.
struct DataOptions: ParsableArguments {
  @Option(help: "A built-in problem: power (simulated), motorcycle (133 real rows), switch or transition (simulated).")
  var problem: String?

  @Option(help: ArgumentHelp("Your own rows: a CSV file with a header.", valueName: "file.csv"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Held-out rows of the same columns, to compare tuned with untuned priors.", valueName: "file.csv"))
  var testData: String?

  @Option(
    help: ArgumentHelp(
      "The share of the rows of --data to hold out at random, at least 0 and below 1.", valueName: "share"))
  var testFraction: Double?

  @Option(
    help: ArgumentHelp(
      "The seed of the random split of --test-fraction (default: that of --seed).", valueName: "number"))
  var splitSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Hold out the rows of --data whose column is greater than the value, such as 'date=2004-06-01': numbers, or dates and times as in 2004-06-01T12:30.",
      valueName: "column=value"))
  var testAfter: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Without held-out rows, compare tuned with untuned priors on this many refitted folds (default: 5; 0 for none).",
      valueName: "number"))
  var folds: Int?

  /// Folds where nothing else is said.
  static let standardFolds = 5

  @Option(help: ArgumentHelp("The column to predict.", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "Features of the experts: columns and expressions, such as 'fourier(hour,24,2),temperature'.", valueName: "terms")
  )
  var expert: String?

  @Option(
    help: ArgumentHelp(
      "Features of the gate, such as 'fourier(month,12,2),poly(temperature,2)'; a bias is added.", valueName: "terms"))
  var gate: String?

  @Flag(name: .customLong("raw-scale"), help: "Leave the target and bare columns as they are (default: standardised).")
  var rawScale = false

  @Flag(help: "For a problem with priors of its own (motorcycle): start from the default priors instead.")
  var defaultPriors = false

  func validate() throws {
    if problem != nil && data != nil { throw ValidationError("Give either --problem or --data, not both.") }
    if data == nil {
      for (name, value) in [("--target", target), ("--test-data", testData)] where value != nil {
        throw ValidationError("\(name) needs --data.")
      }
      if testFraction != nil { throw ValidationError("--test-fraction needs --data.") }
      if testAfter != nil { throw ValidationError("--test-after needs --data.") }
      if splitSeed != nil { throw ValidationError("--split-seed needs --data and --test-fraction.") }
      if rawScale { throw ValidationError("--raw-scale needs --data; a built-in problem has its own scale.") }
    } else {
      if target == nil { throw ValidationError("--data needs --target, the column to predict.") }
      if expert == nil && gate == nil { throw ValidationError("--data needs --expert or --gate, the features.") }
    }
    if let folds, folds != 0 && !(2...1000).contains(folds) {
      throw ValidationError("--folds is \(folds); allowed is 0, or 2 to 1000.")
    }
    let splits = [
      ("--test-data", testData != nil), ("--test-fraction", testFraction != nil), ("--test-after", testAfter != nil),
    ].filter(\.1).map(\.0)
    if splits.count > 1 {
      throw ValidationError(
        "Give either \(splits.dropLast().joined(separator: ", ")) or \(splits[splits.count - 1]), not both.")
    }
    if splitSeed != nil && testFraction == nil {
      throw ValidationError("--split-seed is for the random split of --test-fraction, which is not given.")
    }
    if let testAfter, !testAfter.dropFirst().dropLast().contains("=") {
      throw ValidationError(
        "--test-after is \(testAfter); allowed is a column and a value, such as 'date=2004-06-01'.")
    }
    if let share = testFraction, !(share >= 0 && share < 1) {
      throw ValidationError("--test-fraction is \(share); allowed is at least 0 and below 1.")
    }
  }
}

extension DataOptions {
  /// What the user said about the data, by option, and the checksum of the file; without what was not said.
  func words(checksum: String?) -> [String: String] {
    var words: [String: String] = [:]
    words["--problem"] = problem
    words["--data"] = data
    words["--test-data"] = testData
    words["--test-fraction"] = testFraction.map { "\($0)" }
    words["--split-seed"] = splitSeed.map { "\($0)" }
    words["--test-after"] = testAfter
    words["the data's checksum"] = checksum
    words["--target"] = target
    words["--expert"] = expert
    words["--gate"] = gate
    words["--raw-scale"] = rawScale ? "yes" : nil
    words["--default-priors"] = defaultPriors ? "yes" : nil
    return words
  }
}
