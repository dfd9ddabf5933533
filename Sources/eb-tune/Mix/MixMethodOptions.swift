import ArgumentParser
import Experts
import Foundation
import ModelMixing

extension WeightFamily: ExpressibleByArgument {}

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

  }

  /// How the models' own errors enter mean and correlated mixing.
  enum ModelErrors: String, CaseIterable, ExpressibleByArgument, Codable {
    case weighted
    case full
    case without = "none"
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
      "The models' own errors in mean and correlated mixing: weighted (of mean: the covariance Σ w_k(x) w_k(x') C_k(x,x'), its default), full (Σ C_k(x,x') whatever the weights; of correlated: each C_k) or none (observation errors alone; correlated's default)."
  )
  var modelErrors: ModelErrors?

  @Option(
    help:
      "The weight function of linear mixing: sigmoid, cdf, switchcos, step, addstep, addstepasym, softmax or constant (default: softmax; what the problem suggests)."
  )
  var weights: WeightFamily?

  @Option(help: ArgumentHelp("The input of a weight function of one input (default: the first).", valueName: "column"))
  var column: String?

  @Option(
    help: ArgumentHelp(
      "The features of softmax weights, as --gate of tune has them, such as 'x1, poly(x2,2), x1:x2'; a bias is added (default: the inputs that vary).",
      valueName: "terms"), transform: { try MixFeatures($0) })
  var features: MixFeatures?

  @Option(
    help: ArgumentHelp(
      "Parameters of several models that are one and the same, under a new name: 'theta=theta1,theta2'. It needs a --prior for model[theta]. May be repeated.",
      valueName: "name=parameters"), transform: { try MixShareOption($0) })
  var share: [MixShareOption] = []

  @Option(parsing: .unconditional, help: "Trees in the sum that each weight is. (default: 30)")
  var trees: Int?

  @Option(help: "The prior of tree leaves to start from: informative or non-informative (default: non-informative).")
  var leafPrior: Leaves?

  @Option(
    parsing: .unconditional,
    help:
      "How tight the prior of tree leaves is, above 0: leaves of standard deviation 1/(2k√m), informative 1/(2km), for m trees. (default: 2)"
  )
  var leafK: Double?

  @Option(
    parsing: .unconditional,
    help:
      "The degrees of freedom of the prior of the noise of trees, a scaled inverse chi-square, above 0. (default: 3)")
  var noiseDegrees: Double?

  @Flag(
    help:
      "Project tree weights on the simplex (none below 0, of sum 1) for predictions and held-out densities; the table of mean weights has them as sampled."
  )
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
    try refuse("--features", features != nil, unless: .linear)
    try refuse("--model-errors", modelErrors != nil, unless: .linear)
    try refuse("--share", !share.isEmpty, unless: .linear)
    try refuse("--trees", trees != nil, unless: .trees)
    try refuse("--leaf-prior", leafPrior != nil, unless: .trees)
    try refuse("--leaf-k", leafK != nil, unless: .trees)
    try refuse("--noise-degrees", noiseDegrees != nil, unless: .trees)
    try refuse("--simplex", simplex, unless: .trees)
    try refuse("--kernel", kernel != nil, unless: .gp)
    if !prior.isEmpty, method == .precision || method == .trees {
      throw ValidationError(
        "--prior is for --method linear or gp"
          + (method == .trees ? "; trees have --leaf-prior." : "; precision mixing has no prior."))
    }
    if let trees { try OptionRange.check("--trees", trees, in: 1...1000) }
    for (name, value) in [("--leaf-k", leafK), ("--noise-degrees", noiseDegrees)] {
      if let value, !(value > 0 && value.isFinite) {
        throw ValidationError("\(name) is \(value); allowed is above 0.")
      }
    }
    if features != nil, let weights, weights != .softmax {
      throw ValidationError("--features is for --weights softmax; --weights is \(weights.rawValue).")
    }
    if column != nil, let weights, !weights.isForTwoModels {
      throw ValidationError(
        "--column is for weights of one input; --weights \(weights.rawValue) "
          + (weights == .softmax ? "depends on all of them, or on those of --features." : "depends on none."))
    }
    if let modelErrors {
      guard let rule, rule != .density else {
        throw ValidationError(
          "--model-errors is for --rule mean and correlated; density mixing has each model's own error in its density.")
      }
      if rule == .correlated, modelErrors == .weighted {
        throw ValidationError("--model-errors weighted is for --rule mean; correlated mixing has full or none.")
      }
    }
  }
}

extension MixMethodOptions {
  /// The rule of linear mixing with its variant.
  var mixingRule: MixingRule {
    switch (rule ?? .density, modelErrors) {
    case (.density, _): .densityMixing
    case (.mean, nil), (.mean, .weighted): .mean(.weighted)
    case (.mean, .full): .mean(.summed)
    case (.mean, .without): .mean(.observation)
    case (.correlated, let errors): .correlated(modelErrors: errors == .full)
    }
  }
}

/// The terms that softmax weights are linear in.
struct MixFeatures: Sendable {
  let text: String
  let terms: [FeatureTerm]

  /// - Throws: `FeatureSyntaxError`, or `OptionError` for an empty list.
  init(_ text: String) throws {
    self.text = text
    terms = try FeatureTerm.parse(text)
    guard !terms.isEmpty else { throw OptionError("\"\(text)\" has no term; leave it out for all inputs that vary.") }
  }
}

/// Parameters of several models that are one: `theta=theta1,theta2`.
struct MixShareOption: Sendable {
  let text: String
  let name: String
  let parameters: [String]

  /// - Throws: `OptionError` without the name of the option.
  init(_ text: String) throws(OptionError) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let names = (parts.last ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.count == 2, !parts[0].isEmpty, names.count > 1, Set(names).count == names.count else {
      throw OptionError(
        "\"\(text)\" shares nothing; allowed is a name with two parameters or more: 'theta=theta1,theta2'.")
    }
    self.text = text
    name = parts[0]
    parameters = names
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
