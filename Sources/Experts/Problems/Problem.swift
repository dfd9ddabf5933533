/// A regression problem that comes with the program: data, features as a user would type them, and priors where it has some.
public struct Problem: Sendable, Equatable {
  /// What `--problem` calls it.
  public let name: String
  /// One sentence on what the data are and where they come from.
  public let summary: String
  /// Whether the rows were made by a random number generator.
  public let isSimulated: Bool
  /// The rows to fit, the target among the columns, in its own units.
  public let training: NumericColumns
  /// The rows held out; the same columns.
  public let test: NumericColumns
  /// The target's column.
  public let target: String
  /// The experts' features, in the language of `FeatureTerm`.
  public let expertTerms: String
  /// The gate's features without the bias, in the same language.
  public let gateTerms: String
  /// Whether bare columns among the features are standardised.
  public let standardizesColumns: Bool
  /// From the target's units to the model's.
  public let scaling: ResponseScaling
  /// The number of experts M.
  public let experts: Int
  /// Priors that somebody chose by hand; nil for the defaults.
  public let priors: HandPriors?
  /// What a reader of results should know, a sentence each.
  public let notes: [String]

  /// A problem from its parts; see the properties.
  public init(
    name: String, summary: String, isSimulated: Bool, training: NumericColumns, test: NumericColumns, target: String,
    expertTerms: String, gateTerms: String, standardizesColumns: Bool, scaling: ResponseScaling, experts: Int,
    priors: HandPriors?, notes: [String]
  ) {
    self.name = name
    self.summary = summary
    self.isSimulated = isSimulated
    self.training = training
    self.test = test
    self.target = target
    self.expertTerms = expertTerms
    self.gateTerms = gateTerms
    self.standardizesColumns = standardizesColumns
    self.scaling = scaling
    self.experts = experts
    self.priors = priors
    self.notes = notes
  }

  /// The target over the training rows, on the model's scale.
  /// - Throws: `DesignError.unknownColumn` where the target is no column.
  public func trainingResponse() throws -> [Double] { scaling.apply(try training.column(target)) }

  /// The target over the test rows, on the model's scale.
  /// - Throws: `DesignError.unknownColumn` where the target is no column.
  public func testResponse() throws -> [Double] { scaling.apply(try test.column(target)) }

  /// The experts' design, fitted to the training rows.
  /// - Throws: what `Design.fit` throws.
  public func expertDesign() throws -> (design: Design, matrix: DesignMatrix) {
    try Design.fit(
      FeatureTerm.parse(expertTerms), to: training, rows: training.rows, bias: false,
      standardizesColumns: standardizesColumns)
  }

  /// The gate's design, bias first, fitted to the training rows.
  /// - Throws: what `Design.fit` throws.
  public func gateDesign() throws -> (design: Design, matrix: DesignMatrix) {
    try Design.fit(
      FeatureTerm.parse(gateTerms), to: training, rows: training.rows, bias: true,
      standardizesColumns: standardizesColumns)
  }
}
