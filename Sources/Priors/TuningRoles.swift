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
  /// Every hyperparameter by itself, the paper's setting. With a location and a scale for each parameter, type-II maximum
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
    var result = Hyperparameters(entries: entries, values: values)
    func tune(_ members: [Int], _ name: String) {
      guard let first = members.first else { return }
      let kind = entries[first].kind
      let width = kind == .location ? locationSpan : span
      result.tune(
        members, name: name, bounds: values[first] - width...values[first] + width,
        hyperprior: hyperprior.flatMap { $0.onScale(of: kind, startingAt: values[first]) })
    }
    switch roles {
    case .none: break
    case .all:
      for index in entries.indices where !fixed.contains(entries[index].block) { tune([index], entries[index].name) }
    case .blockScales:
      var blocks: [String] = []
      for entry in entries where !blocks.contains(entry.block) && !fixed.contains(entry.block) {
        blocks.append(entry.block)
      }
      for block in blocks {
        for kind in [Kind.logScale, .logRate] {
          tune(
            entries.indices.filter { entries[$0].block == block && entries[$0].kind == kind },
            "\(block): \(kind.quantity)")
        }
      }
    }
    return result
  }
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
