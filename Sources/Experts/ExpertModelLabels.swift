import LogDensities

extension ExpertModel {
  /// The coordinates of λ that do not treat all experts alike, ascending: those whose members a renumbering of the experts
  /// does not map onto each other, such as the scale of one expert's slope. Their scores mean something only where chains
  /// number the experts in one way.
  ///
  /// The gate's columns are compared with each other, as in `givesExpertsTheSamePriors(at:)`. A location of its entries is
  /// never alike: it favours the reference expert or the others, and changes sign with two experts' numbering.
  public func labelDependentCoordinates(of lambda: Hyperparameters) -> [Int] {
    let experts = architecture.experts
    guard experts > 1 else { return [] }
    var result: Set<Int> = []
    let columns = (0..<experts - 1).map { architecture.gate(column: $0) }
    let blocks = [
      architecture.intercepts.map { $0..<$0 + 1 }, (0..<experts).map { architecture.slopes(of: $0) }, columns,
      architecture.logSigmas.map { $0..<$0 + 1 },
    ]
    for runs in blocks {
      for place in 0..<runs[0].count {
        let roles = runs.map { self.roles(of: $0.lowerBound + place, in: lambda) }
        for role in Set(roles.joined()) where !roles.allSatisfy({ $0.contains(role) }) {
          result.insert(role.coordinate)
        }
      }
    }
    for entry in columns.joined().flatMap({ layout.entries[$0] }) where lambda.entries[entry].kind == .location {
      if let coordinate = lambda.membership[entry] { result.insert(coordinate) }
    }
    return result.sorted()
  }

  private func roles(of parameter: Int, in lambda: Hyperparameters) -> Set<Role> {
    var result: Set<Role> = []
    for entry in layout.entries[parameter] {
      if let coordinate = lambda.membership[entry] {
        result.insert(Role(coordinate: coordinate, kind: lambda.entries[entry].kind))
      }
    }
    return result
  }
}

/// Which coordinate a hyperparameter of a parameter follows.
private struct Role: Hashable {
  let coordinate: Int
  let kind: Hyperparameters.Kind
}
