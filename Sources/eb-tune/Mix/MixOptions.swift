import ArgumentParser
import EmpiricalBayes
import ModelMixing

extension MixingProblemName: ExpressibleByArgument {}
extension TruncationErrorModel: ExpressibleByArgument {}

/// Which models are mixed, and what they are compared with.
struct MixDataOptions: ParsableArguments {
  @Option(help: "A ready problem with simulated observations: samba, coleman, polynomial or taylor-2d.")
  var problem: MixingProblemName?

  @Option(
    parsing: .unconditional, help: "The order of both expansions of samba, 2 to 160 (default: 2).")
  var order: Int?

  @Option(help: "The truncation errors of samba: uninformative or informative (default: uninformative).")
  var errorModel: TruncationErrorModel?

  @Option(
    help: ArgumentHelp(
      "Your own observations with the models' predictions: a CSV file with a header.", valueName: "file.csv"))
  var data: String?

  @Option(help: ArgumentHelp("The column of observations.", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "The standard deviation of each observation's error: a column or a number (default: 0).", valueName: "column"))
  var targetError: String?

  @Option(help: ArgumentHelp("The columns that weights depend on, separated by commas.", valueName: "columns"))
  var inputs: String?

  @Option(
    help: ArgumentHelp(
      "A model: its name, the column of its predictive means and, as a column or a number, its standard deviation (default: 0), such as 'theory=f1,s1'. Once for each model.",
      valueName: "name=mean,sd"), transform: { try MixModelOption($0) })
  var model: [MixModelOption] = []

  @Option(
    help: ArgumentHelp(
      "The covariance of a model's errors between the rows of --data: a file of as many lines of as many numbers, separated by commas, without a header; after another comma, a file for the rows of --predict. Once for each model that has one.",
      valueName: "name=file.csv"), transform: { try MixCovarianceOption($0) })
  var modelCovariance: [MixCovarianceOption] = []

  @Option(
    help: ArgumentHelp(
      "New inputs with the models' predictions there, in the same columns (default: the rows of --data).",
      valueName: "file.csv"))
  var predict: String?

  @Option(
    help: ArgumentHelp("Held-out rows of the same columns, to compare tuned with untuned.", valueName: "file.csv"))
  var testData: String?

  @Option(
    parsing: .unconditional,
    help: "Rows of a ready problem that are simulated to be held out; 0 for none. (default: 50)")
  var testRows: Int?

  func validate() throws {
    guard (problem == nil) != (data == nil) else {
      throw ValidationError("Give either --problem or --data, the observations with the models' predictions.")
    }
    if data == nil {
      let given = [
        ("--target", target), ("--target-error", targetError), ("--inputs", inputs), ("--predict", predict),
        ("--test-data", testData),
      ]
      for (name, value) in given where value != nil { throw ValidationError("\(name) needs --data.") }
      if !model.isEmpty { throw ValidationError("--model needs --data; a ready problem has models of its own.") }
      if !modelCovariance.isEmpty { throw ValidationError("--model-covariance needs --data.") }
    } else {
      if target == nil { throw ValidationError("--data needs --target, the column of observations.") }
      if inputs == nil { throw ValidationError("--data needs --inputs, the columns that weights depend on.") }
      if model.isEmpty { throw ValidationError("--data needs --model, once for each model.") }
      try validateCovariances()
      if testRows != nil { throw ValidationError("--test-rows needs --problem; give --test-data with --data.") }
    }
    if problem != .samba, order != nil || errorModel != nil {
      throw ValidationError("--order and --error-model are for --problem samba.")
    }
    if let order { try OptionRange.check("--order", order, in: 2...160) }
    if case .number(let error)? = targetError.map(MixModelOption.Source.init), !(error >= 0 && error.isFinite) {
      throw ValidationError("--target-error is \(error); allowed is a column or a number of at least 0.")
    }
    if let testRows { try OptionRange.check("--test-rows", testRows, in: 0...100_000) }
  }

  private func validateCovariances() throws {
    let names = model.map(\.name)
    for (index, option) in modelCovariance.enumerated() {
      guard names.contains(option.name) else {
        throw ValidationError(
          "--model-covariance: there is no model \"\(option.name)\"; there are \(names.joined(separator: ", ")).")
      }
      guard !modelCovariance[..<index].contains(where: { $0.name == option.name }) else {
        throw ValidationError("--model-covariance is given twice for \(option.name).")
      }
      guard option.newFile == nil || predict != nil else {
        throw ValidationError("--model-covariance: a second file is for the rows of --predict, which is not given.")
      }
    }
  }
}
