import LogDensities

extension ExpertModel {
  /// Whether every expert has the same priors at λ, block by block and feature by feature: only then does a number mean
  /// nothing, and draws may be renumbered. The gate's columns are compared with each other; its reference has no prior.
  public func givesExpertsTheSamePriors(at lambda: Hyperparameters) -> Bool {
    let experts = architecture.experts
    let slopes = (0..<experts).map { architecture.slopes(of: $0) }
    let columns = (0..<experts - 1).map { architecture.gate(column: $0) }
    return areEqual(architecture.intercepts.map { $0..<$0 + 1 }, at: lambda)
      && areEqual(slopes, at: lambda) && areEqual(columns, at: lambda)
      && areEqual(architecture.logSigmas.map { $0..<$0 + 1 }, at: lambda)
  }

  /// Whether a coordinate of λ belongs to some experts and not to others, such as a scale of one expert's intercept:
  /// estimates of it need draws in one labelling (`align`) of chains that keep their numbers (`usesSymmetries` off).
  public func tunesExpertsApart(_ lambda: Hyperparameters) -> Bool {
    // An ordering numbers the experts already.
    guard ordering == .none else { return false }
    let experts = 0..<architecture.experts
    let blocks = [
      experts.map { [architecture.intercepts.lowerBound + $0] }, experts.map { Array(architecture.slopes(of: $0)) },
      experts.dropLast().map { Array(architecture.gate(column: $0)) },
      experts.map { [architecture.logSigmas.lowerBound + $0] },
    ]
    let memberships = blocks.map { block in
      block.map { run in run.map { layout.entries[$0].map { lambda.membership[$0] } } }
    }
    return memberships.contains { block in block.contains { $0 != block[0] } }
  }

  /// Whether runs of parameters, all of one length, have the same priors.
  private func areEqual(_ runs: [Range<Int>], at lambda: Hyperparameters) -> Bool {
    guard let first = runs.first else { return true }
    return runs.allSatisfy { run in
      zip(run, first).allSatisfy { parameter, twin in
        layout.families[parameter] == layout.families[twin]
          && layout.entries[parameter].map { lambda.values[$0] } == layout.entries[twin].map { lambda.values[$0] }
      }
    }
  }
}
