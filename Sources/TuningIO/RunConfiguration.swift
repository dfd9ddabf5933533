/// `config.json`: every option of a run as it was resolved, so that the run can be understood and repeated. Keys are sorted.
public struct RunConfiguration: Sendable, Codable, Equatable {
  /// Where the rows came from.
  public struct DataSource: Sendable, Codable, Equatable {
    /// The built-in problem, or nil.
    public var problem: String?
    /// The file, or nil.
    public var file: String?
    /// The SHA-256 of the file's bytes, as `sha256sum` prints it; nil for a built-in problem.
    public var sha256: String?
    /// The SHA-256 of the bytes of the file of held-out rows; nil where there is none.
    public var testSha256: String?
    /// Rows that were fitted.
    public var rows: Int
    /// Rows that were held out.
    public var testRows: Int

    /// A source.
    public init(
      problem: String? = nil, file: String? = nil, sha256: String? = nil, testSha256: String? = nil, rows: Int,
      testRows: Int = 0
    ) {
      self.problem = problem
      self.file = file
      self.sha256 = sha256
      self.testSha256 = testSha256
      self.rows = rows
      self.testRows = testRows
    }
  }

  /// The program's version.
  public var version: String
  /// The command line as it was typed, program name first; what study and config files say is written out.
  public var commandLine: [String]
  /// Where it was typed, which relative paths are relative to; nil in files of earlier versions.
  public var workingDirectory: String?
  /// `moe`, `boe` or `cocoafuse`.
  public var model: String
  /// The number of experts M.
  public var experts: Int
  /// The target column.
  public var target: String
  /// The experts' features as text.
  public var expertTerms: String
  /// The gate's features as text.
  public var gateTerms: String
  /// Whether bare columns and the target are standardised.
  public var standardize: Bool
  /// Whether hand priors were replaced by the defaults.
  public var defaultPriors: Bool
  /// Which hyperparameters move, such as `block-scales` or `all`.
  public var tune: String
  /// The weight γ of the entropy penalty.
  public var gamma: Double
  /// How λ is moved, such as `pooled-newton`.
  public var schedule: String
  /// Outer iterations at most.
  public var iterations: Int
  /// The expected regret at which a schedule that knows it stops, in nats.
  public var tolerance: Double
  /// The step size; nil for a schedule without one.
  public var step: Double?
  /// Chains.
  public var chains: Int
  /// Warmup transitions a chain.
  public var warmup: Int
  /// Draws a chain and iteration; nil for a schedule with numbers of its own.
  public var draws: Int?
  /// Threads.
  public var threads: Int
  /// The seed of every random number.
  public var seed: UInt64
  /// `none`, `intercepts` or `standard-errors`.
  public var order: String
  /// The data.
  public var data: DataSource
  /// Whatever else an option decided, by name.
  public var other: [String: String]

  /// A configuration from all of its parts.
  public init(
    version: String, commandLine: [String], workingDirectory: String? = nil, model: String, experts: Int,
    target: String, expertTerms: String,
    gateTerms: String, standardize: Bool, defaultPriors: Bool, tune: String, gamma: Double,
    schedule: String, iterations: Int, tolerance: Double, step: Double?, chains: Int, warmup: Int, draws: Int?,
    threads: Int, seed: UInt64, order: String, data: DataSource, other: [String: String] = [:]
  ) {
    self.version = version
    self.commandLine = commandLine
    self.workingDirectory = workingDirectory
    self.model = model
    self.experts = experts
    self.target = target
    self.expertTerms = expertTerms
    self.gateTerms = gateTerms
    self.standardize = standardize
    self.defaultPriors = defaultPriors
    self.tune = tune
    self.gamma = gamma
    self.iterations = iterations
    self.schedule = schedule
    self.tolerance = tolerance
    self.step = step
    self.chains = chains
    self.warmup = warmup
    self.draws = draws
    self.threads = threads
    self.seed = seed
    self.order = order
    self.data = data
    self.other = other
  }
}
