#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Which hyperparameters of a model tuning may move.
public enum TuningRoles: String, Sendable, Codable, CaseIterable {
  /// None: every hyperparameter stays where it is.
  case none
  /// One scale a block, locations fixed: the default. All scales of a block move together and keep their ratios.
  case blockScales = "block-scales"
  /// Every hyperparameter but bounds by itself, the paper's setting. With a location and a scale for each parameter, type-II maximum
  /// likelihood is degenerate.
  case all
}

extension Hyperparameters {
  /// The same values with the roles that `roles` gives, replacing those that there were.
  ///
  /// - Parameters:
  ///   - hyperprior: For every coordinate that is a scale (MAP-II), in units of where the scale starts: where a tied
  ///     block's scales differ, the density is one of their common factor. On a rate it is a density of 1/rate.
  ///   - fixed: Blocks whose hyperparameters stay where they are.
  ///   - span: How far a log scale may move from where it starts; the default is a factor of 1000. A location may move
  ///     `locationSpan`.
  public func assigned(
    _ roles: TuningRoles, fixing fixed: Set<String> = [], hyperprior: Hyperprior? = .halfCauchyScale(1),
    span: Double = 6.907755278982137,
    locationSpan: Double = 1000
  ) -> Hyperparameters {
    let groups = groups(roles, []).filter { group in !group.members.contains { fixed.contains(entries[$0].block) } }
    return assigned(
      groups, hyperpriors: groups.map { _ in hyperprior }, span: span, locationSpan: locationSpan)
  }

  /// Entries that become one coordinate.
  struct Group: Equatable {
    let name: String
    var members: [Int]
  }

  /// The entries that move, in the order of coordinates: by block and scales before rates where blocks move as one, else in
  /// the order of the model.
  func groups(_ roles: TuningRoles, _ rules: [TuningPlan.Rule]) -> [Group] {
    let names = groupNames(roles, rules)
    var groups: [Group] = []
    var places: [String: Int] = [:]
    for index in order(roles) {
      guard let name = names[index] else { continue }
      if let place = places[name] {
        groups[place].members.append(index)
      } else {
        places[name] = groups.count
        groups.append(Group(name: name, members: [index]))
      }
    }
    return groups
  }

  /// The coordinate of every entry, nil where it is fixed.
  private func groupNames(_ roles: TuningRoles, _ rules: [TuningPlan.Rule]) -> [String?] {
    func own(_ entry: Entry) -> String { roles == .all ? entry.name : "\(entry.parameter): \(entry.kind.quantity)" }
    return entries.map { entry in
      let standard: String? =
        switch roles {
        case .none: nil
        case .all: entry.kind.isBound ? nil : entry.name
        case .blockScales: entry.kind.isSpread ? "\(entry.block): \(entry.kind.quantity)" : nil
        }
      return rules.reduce(standard) { name, rule in
        guard rule.pattern.matches(entry) else { return name }
        return switch rule.exception {
        case .fixed: nil
        case .tied: entry.kind.isSpread ? "\(rule.pattern): \(entry.kind.quantity)" : name
        case .free: entry.kind.isSpread ? own(entry) : name
        }
      }
    }
  }

  private func order(_ roles: TuningRoles) -> [Int] {
    guard roles != .all else { return Array(entries.indices) }
    var blocks: [String: Int] = [:]
    for entry in entries where blocks[entry.block] == nil { blocks[entry.block] = blocks.count }
    return entries.indices.sorted { a, b in
      func key(_ index: Int) -> (Int, Int, Int) {
        (blocks[entries[index].block] ?? 0, entries[index].kind == .logRate ? 1 : 0, index)
      }
      return key(a) < key(b)
    }
  }

  /// Coordinates of those groups.
  /// - Parameter hyperpriors: One a group, in units of where its first member starts.
  func assigned(
    _ groups: [Group], hyperpriors: [Hyperprior?], span: Double = Self.scaleSpan,
    locationSpan: Double = Self.locationSpan
  ) -> Hyperparameters {
    var result = Hyperparameters(entries: entries, values: values)
    for (group, hyperprior) in zip(groups, hyperpriors) {
      let first = group.members[0]
      let (kind, start) = (entries[first].kind, values[first])
      let width = kind == .location ? locationSpan : span
      result.tune(
        group.members, name: group.name, bounds: start - width...start + width,
        hyperprior: hyperprior.flatMap { $0.onScale(of: kind, startingAt: start) })
    }
    return result
  }

  /// A factor of 1000, as a logarithm.
  static let scaleSpan = 6.907755278982137
  static let locationSpan = 1000.0
}

extension Hyperprior {
  /// A density meant for the logarithm of a factor as one for an entry of that kind that starts at `start`; nil for what is
  /// no scale. A rate is divided by the factor.
  fileprivate func onScale(of kind: Hyperparameters.Kind, startingAt start: Double) -> Hyperprior? {
    switch (kind, self) {
    case (.logScale, .halfCauchyScale(let scale)): .halfCauchyScale(scale * exp(start))
    case (.logRate, .halfCauchyScale(let scale)): .halfCauchyScale(exp(start) / scale)
    case (.logScale, .normal(let location, let scale)): .normal(location: start + location, scale: scale)
    case (.logRate, .normal(let location, let scale)): .normal(location: start - location, scale: scale)
    default: nil
    }
  }
}
