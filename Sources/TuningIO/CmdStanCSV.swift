import Sampling

/// One chain as CmdStan 2.35 writes it: a header of comments, columns, what adaptation ended with, draws, elapsed time.
///
/// Readers take any comment of the form `key = value` for a setting of Stan's, so the caller's own keys get the prefix `eb_`.
public struct CmdStanCSV: Sendable {
  /// A parameter with its shape, no shape for a scalar.
  public struct Variable: Sendable, Equatable {
    /// A name that Stan allows.
    public var name: String
    /// The length of every dimension.
    public var shape: [Int]

    /// A variable.
    public init(name: String, shape: [Int] = []) {
      self.name = name
      self.shape = shape
    }

    /// The number of its elements.
    public var count: Int { shape.reduce(1, *) }
  }

  /// One chain.
  public struct Chain: Sendable {
    /// Counted from 1.
    public var id: Int
    /// The sampler's record of every draw.
    public var statistics: [DrawStatistics]
    /// The values of every draw: the variables in order, each with its last index fastest.
    public var draws: [[Double]]
    /// The diagonal of the inverse metric, one entry an unconstrained parameter.
    public var inverseMetric: [Double]

    /// A chain of as many records as draws.
    public init(id: Int, statistics: [DrawStatistics], draws: [[Double]], inverseMetric: [Double]) {
      precondition(statistics.count == draws.count, "one record a draw")
      self.id = id
      self.statistics = statistics
      self.draws = draws
      self.inverseMetric = inverseMetric
    }
  }

  /// The model's name.
  public var model: String
  /// Its parameters.
  public var variables: [Variable]
  /// Transitions before the first draw.
  public var warmup: Int
  /// The most doublings of a trajectory.
  public var maximumTreeDepth: Int
  /// The acceptance probability that step sizes aimed at.
  public var targetAcceptance: Double
  /// The seed.
  public var seed: UInt64
  /// Further comments: keys, which get the prefix `eb_`, and values. A key shall not end in `metric`: cmdstanpy looks for
  /// "metric =" anywhere in a line.
  public var remarks: [(key: String, value: String)]

  /// The description that all chains of a run share.
  public init(
    model: String, variables: [Variable], warmup: Int, maximumTreeDepth: Int, targetAcceptance: Double, seed: UInt64,
    remarks: [(key: String, value: String)] = []
  ) {
    self.model = model
    self.variables = variables
    self.warmup = warmup
    self.maximumTreeDepth = maximumTreeDepth
    self.targetAcceptance = targetAcceptance
    self.seed = seed
    self.remarks = remarks
  }

  /// The columns of the sampler.
  public static let statisticsNames = [
    "lp__", "accept_stat__", "stepsize__", "treedepth__", "n_leapfrog__", "divergent__", "energy__",
  ]

  /// All columns: those of the sampler, then elements such as `slope.1.2`, the first index fastest as Stan has them.
  public var columnNames: [String] {
    Self.statisticsNames
      + variables.flatMap { variable in
        Self.indices(of: variable.shape).map { index in
          ([variable.name] + index.map { "\($0 + 1)" }).joined(separator: ".")
        }
      }
  }

  /// For every column after the sampler's the place of its value in a draw.
  public var places: [Int] {
    var start = 0
    return variables.flatMap { variable in
      defer { start += variable.count }
      return Self.indices(of: variable.shape).map { index in
        start + zip(variable.shape, index).reduce(0) { $0 * $1.0 + $1.1 }
      }
    }
  }

  /// All indices of a shape, from 0, the first one fastest.
  private static func indices(of shape: [Int]) -> [[Int]] {
    shape.reversed().reduce([[]]) { tails, length in tails.flatMap { tail in (0..<length).map { [$0] + tail } } }
  }

  /// The text of a chain's file.
  public func text(of chain: Chain) -> String {
    var lines = header(of: chain)
    lines.append(columnNames.joined(separator: ","))
    lines += [
      "# Adaptation terminated", "# Step size = \(chain.statistics.last?.stepSize ?? 1)",
      "# Diagonal elements of inverse mass matrix:",
      "# " + chain.inverseMetric.map { "\($0)" }.joined(separator: ", "),
    ]
    let places = places
    for (record, draw) in zip(chain.statistics, chain.draws) {
      precondition(draw.count == places.count, "a draw has one value for each element")
      var row = "\(record.logDensity),\(record.acceptance),\(record.stepSize),\(record.treeDepth)"
      row += ",\(record.leapfrogSteps),\(record.isDivergent ? 1 : 0),\(record.energy)"
      for place in places { row += ",\(draw[place])" }
      lines.append(row)
    }
    // The run keeps no times of single chains; readers want the block all the same.
    lines += [
      "# ", "#  Elapsed Time: 0 seconds (Warm-up)", "#                0 seconds (Sampling)",
      "#                0 seconds (Total)", "# ",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func header(of chain: Chain) -> [String] {
    [
      "# stan_version_major = 2", "# stan_version_minor = 35", "# stan_version_patch = 0", "# model = \(model)",
      "# method = sample (Default)", "#   sample", "#     num_samples = \(chain.draws.count)",
      "#     num_warmup = \(warmup)", "#     save_warmup = 0 (Default)", "#     thin = 1 (Default)", "#     adapt",
      "#       engaged = 1 (Default)", "#       delta = \(targetAcceptance)", "#     algorithm = hmc (Default)",
      "#       hmc", "#         engine = nuts (Default)", "#           nuts",
      "#             max_depth = \(maximumTreeDepth)", "#         metric = diag_e (Default)",
      "#         stepsize = 1 (Default)", "#         stepsize_jitter = 0 (Default)", "# id = \(chain.id)", "# random",
      "#   seed = \(seed)",
    ]
      + remarks.map { key, value in
        "# eb_\(key) = " + String(value.map { $0.isNewline ? " " : $0 == "=" ? ":" : $0 })
      }
  }
}
