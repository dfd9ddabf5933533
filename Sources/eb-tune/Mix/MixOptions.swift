import ArgumentParser
import EmpiricalBayes
import Experts
import Foundation
import ModelMixing
import TuningIO

extension MixingProblemName: ExpressibleByArgument {}
extension TruncationErrorModel: ExpressibleByArgument {}
extension WeightFamily: ExpressibleByArgument {}

/// Which models are mixed, and what they are compared with.
struct MixDataOptions: ParsableArguments {
  @Option(help: "A ready problem with simulated observations: samba, coleman, polynomial or taylor-2d.")
  var problem: MixingProblemName?

  @Option(
    parsing: .unconditional, help: "The order of both expansions of samba, 2 to 200 (default: 2).")
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
    } else {
      if target == nil { throw ValidationError("--data needs --target, the column of observations.") }
      if inputs == nil { throw ValidationError("--data needs --inputs, the columns that weights depend on.") }
      if model.isEmpty { throw ValidationError("--data needs --model, once for each model.") }
      if testRows != nil { throw ValidationError("--test-rows needs --problem; give --test-data with --data.") }
    }
    if problem != .samba, order != nil || errorModel != nil {
      throw ValidationError("--order and --error-model are for --problem samba.")
    }
    if let testRows { try OptionRange.check("--test-rows", testRows, in: 0...100_000) }
  }
}

/// A model as the user's columns have it: `theory=f1,s1`.
struct MixModelOption: Sendable {
  /// A column, or one number for all rows.
  enum Source: Sendable {
    case column(String)
    case number(Double)

    init(_ text: String) {
      self = Double(text).map { .number($0) } ?? .column(text)
    }

    func values(in table: Table) throws(TableError) -> [Double] {
      switch self {
      case .column(let name): try table.numeric(name)
      case .number(let value): [Double](repeating: value, count: table.rows)
      }
    }
  }

  let text: String
  let name: String
  let mean: String
  let deviation: Source

  /// - Throws: `OptionError` without the name of the option.
  init(_ text: String) throws(OptionError) {
    let example = "allowed is a name, a column of means and a column or number of standard deviations: 'theory=f1,s1'."
    guard let equals = text.firstIndex(of: "=") else { throw OptionError("\"\(text)\" has no equals sign; \(example)") }
    let parts = text[text.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    name = text[..<equals].trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty, (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
      throw OptionError("\"\(text)\" is no model; \(example)")
    }
    self.text = text
    mean = parts[0]
    deviation = parts.count > 1 ? Source(parts[1]) : .number(0)
  }
}

/// How models are mixed.
struct MixMethodOptions: ParsableArguments {
  /// The methods.
  enum Method: String, CaseIterable, ExpressibleByArgument, Codable {
    case linear
    case precision
    case trees
    case gp
  }

  /// The rules of linear mixing.
  enum Rule: String, CaseIterable, ExpressibleByArgument, Codable {
    case density
    case mean
    case correlated

    var rule: MixingRule {
      switch self {
      case .density: .densityMixing
      case .mean: .mean()
      case .correlated: .correlated()
      }
    }
  }

  /// The leaf priors of trees.
  enum Leaves: String, CaseIterable, ExpressibleByArgument, Codable {
    case informative
    case nonInformative = "non-informative"
  }

  @Option(
    help: "How models are mixed: linear, precision, trees or gp (default: linear; trees for --problem taylor-2d).")
  var method: Method?

  @Option(
    help:
      "What linear mixing mixes: density (the models' densities), mean (their means) or correlated (Taweret's BMMcor; no density of the data)."
  )
  var rule: Rule?

  @Option(
    help:
      "The weight function of linear mixing: sigmoid, cdf, switchcos, step, addstep, addstepasym, softmax or constant (default: softmax; what the problem suggests)."
  )
  var weights: WeightFamily?

  @Option(help: ArgumentHelp("The input of a weight function of one input (default: the first).", valueName: "column"))
  var column: String?

  @Option(parsing: .unconditional, help: "Trees in the sum that each weight is. (default: 30)")
  var trees: Int?

  @Option(help: "The prior of tree leaves to start from: informative or non-informative (default: non-informative).")
  var leafPrior: Leaves?

  @Flag(help: "Report tree weights projected on the simplex: none below 0, of sum 1.")
  var simplex = false

  @Option(
    help: ArgumentHelp(
      "The covariance of gp, such as 'constant * rbf(ard)' (default: that, with length scales of a quarter of each input's range).",
      valueName: "kernel"))
  var kernel: String?

  @Option(
    help: ArgumentHelp(
      "A prior of parameters of weights, models or the kernel to start from, such as 'weight[theta0]=uniform(0,1)' or, for a block, 'weights=normal(0,2)'; families are \(PriorOption.families). May be repeated; later ones win.",
      valueName: "prior"), transform: { try PriorOption($0) })
  var prior: [PriorOption] = []

  @Option(
    help:
      "Whose spread and bands are reported: mean (the mixed mean alone), quantity (with the models' errors, as the rule combines them) or observation (with observation noise)."
  )
  var band = MixBand.quantity

  func validate() throws {
    func refuse(_ name: String, _ wasGiven: Bool, unless method: Method) throws {
      guard wasGiven, let chosen = self.method, chosen != method else { return }
      throw ValidationError("\(name) is for --method \(method.rawValue); --method is \(chosen.rawValue).")
    }
    try refuse("--rule", rule != nil, unless: .linear)
    try refuse("--weights", weights != nil, unless: .linear)
    try refuse("--column", column != nil, unless: .linear)
    try refuse("--trees", trees != nil, unless: .trees)
    try refuse("--leaf-prior", leafPrior != nil, unless: .trees)
    try refuse("--simplex", simplex, unless: .trees)
    try refuse("--kernel", kernel != nil, unless: .gp)
    if !prior.isEmpty, method == .precision || method == .trees {
      throw ValidationError(
        "--prior is for --method linear or gp"
          + (method == .trees ? "; trees have --leaf-prior." : "; precision mixing has no prior."))
    }
    if let trees { try OptionRange.check("--trees", trees, in: 1...1000) }
  }
}

/// What spread and bands are of.
enum MixBand: String, CaseIterable, ExpressibleByArgument, Codable {
  case mean
  case quantity
  case observation

  /// What a reader must know of the bands.
  var sentence: String {
    switch self {
    case .mean: "of the mixed mean alone: neither the models' errors nor observation noise are included"
    case .quantity: "of the quantity itself: observation noise is not included"
    case .observation: "of a new observation: observation noise is included"
    }
  }
}
