import LogDensities

/// What tuning moves, as a user describes it: roles for all hyperparameters, then exceptions, then densities on what moves.
/// Of exceptions and of densities, a later one wins over those before it.
public struct TuningPlan: Sendable, Codable, Equatable {
  /// What becomes of the hyperparameters of some parameters.
  public enum Exception: String, Sendable, Codable, CaseIterable {
    /// All of them stay where they are.
    case fixed
    /// Their scales (or rates) move together as one coordinate of their own.
    case tied
    /// Each scale (or rate) is a coordinate of its own.
    case free
  }

  /// An exception and the parameters that it is for.
  public struct Rule: Sendable, Codable, Equatable {
    /// The parameters.
    public var pattern: ParameterPattern
    /// What becomes of them.
    public var exception: Exception

    /// An exception for the parameters at `pattern`.
    public init(_ pattern: ParameterPattern, _ exception: Exception) {
      self.pattern = pattern
      self.exception = exception
    }
  }

  /// A density on coordinates whose members are all of parameters at a pattern.
  public struct Density: Sendable, Codable, Equatable {
    /// The parameters; nil for all.
    public var pattern: ParameterPattern?
    /// In units of where the scale starts; nil for none.
    public var hyperprior: Hyperprior?

    /// A density for the parameters at `pattern`.
    public init(_ pattern: ParameterPattern?, _ hyperprior: Hyperprior?) {
      self.pattern = pattern
      self.hyperprior = hyperprior
    }
  }

  /// What holds where there is no exception.
  public var roles: TuningRoles
  /// Exceptions, a later one before an earlier one.
  public var rules: [Rule]
  /// Densities, a later one before an earlier one; scales that none is for have none.
  public var densities: [Density]

  /// A plan; as it stands one scale a block, each half-Cauchy(0, 1) in units of its start.
  public init(
    roles: TuningRoles = .blockScales, rules: [Rule] = [], densities: [Density] = [Density(nil, .halfCauchyScale(1))]
  ) {
    self.roles = roles
    self.rules = rules
    self.densities = densities
  }
}

extension Hyperparameters {
  /// The same values with the coordinates that `plan` describes, replacing those that there were. See
  /// `assigned(_:fixing:hyperprior:span:locationSpan:)` for bounds and for the units of densities.
  ///
  /// Patterns that match nothing change nothing, and so do densities on what is fixed.
  /// - Throws: `ModelError` for a tie of scales with rates, or of parameters that have neither; and for a density on a
  ///   part of what moves together.
  public func assigned(_ plan: TuningPlan) throws(ModelError) -> Hyperparameters {
    for rule in plan.rules where rule.exception == .tied {
      let members = entries.filter(rule.pattern.matches)
      let kinds = Set(members.filter(\.kind.isSpread).map(\.kind))
      if kinds.count > 1 {
        throw .invalid("\(rule.pattern) cannot be tied: some of its priors have a scale, others a rate.")
      }
      if kinds.isEmpty && !members.isEmpty {
        throw .invalid("\(rule.pattern) cannot be tied: its priors have no scale and no rate.")
      }
    }
    let groups = groups(plan.roles, plan.rules)
    var hyperpriors = [Hyperprior?](repeating: nil, count: groups.count)
    for density in plan.densities {
      for (index, group) in groups.enumerated() {
        guard let pattern = density.pattern else {
          hyperpriors[index] = density.hyperprior
          continue
        }
        let covered = group.members.count { pattern.matches(entries[$0]) }
        // A location has no such density, and may so be covered in part.
        guard covered > 0, entries[group.members[0]].kind.isSpread else { continue }
        guard covered == group.members.count else {
          throw .invalid(
            "A hyperprior for \(pattern) covers \(covered) of the \(group.members.count) parameters that share"
              + " \"\(group.name)\"; give one for all of them, or tie \(pattern) apart from them.")
        }
        hyperpriors[index] = density.hyperprior
      }
    }
    return assigned(groups, hyperpriors: hyperpriors)
  }
}

extension ParameterPattern {
  /// Whether it points at the parameter of an entry of λ.
  func matches(_ entry: Hyperparameters.Entry) -> Bool { matches(entry.parameter, in: entry.block) }
}

extension Hyperparameters.Kind {
  /// Whether it says how wide a prior is, so that several of them can be tied by one factor.
  public var isSpread: Bool { self == .logScale || self == .logRate }
}
