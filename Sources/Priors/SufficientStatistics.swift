import LogDensities

/// The numbers through which θ enters ln p(θ | λ) of independent scalar priors, for every λ that moving the coordinates of
/// one λ can reach.
///
/// Parameters of one family that follow the same coordinates are condensed to one or two sums (the family's sufficient
/// statistics) wherever it has any; parameters that follow no coordinate are left out. A tied block of Laplace scales,
/// for one, is a single sum of |θ − m|, and the prior of a draw costs as many operations as there are sums.
public struct SufficientStatistics: Sendable {
  /// A λ of those that the statistics are for.
  private let origin: Hyperparameters
  private let layout: PriorLayout
  private let terms: [PriorTerm]
  /// The number of statistics of a draw.
  public let width: Int

  /// The statistics of `layout` for whatever can be reached from `lambda`; the same from every λ reached.
  public init(_ layout: PriorLayout, for lambda: Hyperparameters) {
    var terms: [PriorTerm] = []
    for (parameter, family) in layout.families.enumerated() {
      let entries = layout.entries[parameter]
      let coordinates = entries.map { lambda.membership[$0] }
      guard coordinates.contains(where: { $0 != nil }) else { continue }
      var displacement = HyperparameterVector.zero
      for (lane, entry) in entries.enumerated() {
        displacement[lane] = lambda.membership[entry] == nil ? lambda.values[entry] : lambda.offsets[entry]
      }
      let term = PriorTerm(family, coordinates: coordinates)
      if term.condenses, let twin = terms.firstIndex(where: { $0.form == term.form && $0.coordinates == coordinates }) {
        terms[twin].append(parameter, displacement)
      } else {
        terms.append(term)
        terms[terms.count - 1].append(parameter, displacement)
      }
    }
    var width = 0
    for index in terms.indices {
      let needs = terms[index].needs
      if needs.x {
        terms[index].x = width
        width += 1
      }
      if needs.y {
        terms[index].y = width
        width += 1
      }
    }
    origin = lambda
    self.layout = layout
    self.terms = terms
    self.width = width
  }

  /// Whether the statistics are for `lambda`.
  public func serve(_ lambda: Hyperparameters) -> Bool { lambda.isReachable(from: origin) }

  /// The statistics of a position (length `width`).
  public func statistics(at position: Span<Double>) -> [Double] {
    var result = [Double](repeating: 0, count: width)
    for term in terms {
      let sums = term.sums(at: position)
      if let x = term.x { result[x] = sums.x }
      if let y = term.y { result[y] = sums.y }
    }
    return result
  }

  /// ln p(θ | λ), up to a term that depends on the draw and on no λ served, and its score in the coordinates of `lambda`.
  /// - Parameters:
  ///   - statistics: Those of `draws` draws, one draw after the other (length `draws * width`).
  ///   - lambda: A λ that the statistics are for.
  public func table(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable {
    precondition(statistics.count == draws * width, "every draw has `width` statistics")
    let zeros = [Double](repeating: 0, count: draws)
    var table = PriorTable(logPrior: zeros, scores: lambda.coordinates.map { _ in zeros })
    var (x, y) = (zeros, zeros)
    for term in terms {
      gather(term.x, of: statistics, into: &x)
      gather(term.y, of: statistics, into: &y)
      switch density(of: term, at: lambda) {
      case .scale(let density): add(density, term, x, y, to: &table)
      case .moments(let density): add(density, term, x, y, to: &table)
      case .gamma(let density): add(density, term, x, y, to: &table)
      case .ratio(let density): add(density, term, x, y, to: &table)
      case .laplace(let density): add(density, term, x, y, to: &table)
      case .studentT(let density): add(density, term, x, y, to: &table)
      case .truncatedNormal(let density): add(density, term, x, y, to: &table)
      }
    }
    return table
  }

  /// Σ_s weights_s ∂² ln p(θ_s | λ) / ∂c ∂c′ by rows (q × q for q coordinates); see `UnivariatePrior.curvature(at:)`.
  /// Draws of weight 0 have no part in it. The other parameters are those of `table(of:draws:given:)`.
  public func curvature(
    of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters
  ) -> [Double] {
    precondition(statistics.count == draws * width, "every draw has `width` statistics")
    precondition(weights.count == draws, "every draw has a weight")
    let q = lambda.coordinates.count
    var result = [Double](repeating: 0, count: q * q)
    var (x, y) = ([Double](repeating: 0, count: draws), [Double](repeating: 0, count: draws))
    for term in terms {
      gather(term.x, of: statistics, into: &x)
      gather(term.y, of: statistics, into: &y)
      let sum =
        switch density(of: term, at: lambda) {
        case .scale(let density): weighted(density, x, y, weights)
        case .moments(let density): weighted(density, x, y, weights)
        case .gamma(let density): weighted(density, x, y, weights)
        case .ratio(let density): weighted(density, x, y, weights)
        case .laplace(let density): weighted(density, x, y, weights)
        case .studentT(let density): weighted(density, x, y, weights)
        case .truncatedNormal(let density): weighted(density, x, y, weights)
        }
      for (lane, row) in term.coordinates.enumerated() {
        for (other, column) in term.coordinates.enumerated() {
          if let row, let column { result[row * q + column] += sum[lane, other] }
        }
      }
    }
    return result
  }

  private enum Density {
    case scale(ScaleTermDensity)
    case moments(MomentsTermDensity)
    case gamma(GammaTermDensity)
    case ratio(RatioTermDensity)
    case laplace(LaplaceTermDensity)
    case studentT(StudentTTermDensity)
    case truncatedNormal(TruncatedNormalTermDensity)
  }

  /// A term at one λ, with all that depends on λ alone computed.
  private func density(of term: PriorTerm, at lambda: Hyperparameters) -> Density {
    let c = term.coordinates.map { coordinate in coordinate.map { lambda.coordinates[$0].value } ?? 0 }
    let count = term.members.count
    switch term.form {
    case .absolute: return .scale(.init(c[1], count: count, power: 1, isRate: false, isSecondLane: true))
    case .square: return .scale(.init(c[0], count: count, power: 2, isRate: false, isSecondLane: false))
    case .rate: return .scale(.init(c[0], count: count, power: 1, isRate: true, isSecondLane: false))
    case .moments: return .moments(.init(location: c[0], logScale: c[1], count: count, weight: term.totalFactor))
    case .gamma: return .gamma(.init(logShape: c[0], logRate: c[1], members: term.members))
    case .ratio: return .ratio(.init(logScale: c[0]))
    case .value:
      switch layout.prior(term.members[0].parameter, at: lambda.values) {
      case .laplace(let prior): return .laplace(.init(prior))
      case .studentT(let prior): return .studentT(.init(prior))
      case .truncatedNormal(let prior): return .truncatedNormal(.init(prior: prior))
      default: preconditionFailure("only Laplace, Student-t and truncated parameters are kept by value")
      }
    }
  }

  /// One statistic of all draws; zeros for one that is not kept.
  private func gather(_ index: Int?, of statistics: [Double], into column: inout [Double]) {
    let source = statistics.span
    var target = column.mutableSpan
    guard let index else {
      for draw in 0..<target.count { target[draw] = 0 }
      return
    }
    for draw in 0..<target.count { target[draw] = source[draw * width + index] }
  }

  private func add<D: PriorTermDensity>(
    _ density: D, _ term: PriorTerm, _ x: [Double], _ y: [Double], to table: inout PriorTable
  ) {
    add(x, y, to: &table.logPrior) { density.logDensity($0, $1) }
    for (lane, coordinate) in term.coordinates.enumerated() {
      guard let coordinate else { continue }
      // One loop a lane, so that each computes that lane alone.
      switch lane {
      case 0: add(x, y, to: &table.scores[coordinate]) { density.score($0, $1)[0] }
      case 1: add(x, y, to: &table.scores[coordinate]) { density.score($0, $1)[1] }
      default: add(x, y, to: &table.scores[coordinate]) { density.score($0, $1)[2] }
      }
    }
  }

  @inline(__always)
  private func add(
    _ x: [Double], _ y: [Double], to column: inout [Double], _ term: (Double, Double) -> Double
  ) {
    let (x, y) = (x.span, y.span)
    var target = column.mutableSpan
    for draw in 0..<target.count { target[draw] += term(x[draw], y[draw]) }
  }

  private func weighted<D: PriorTermDensity>(
    _ density: D, _ x: [Double], _ y: [Double], _ weights: [Double]
  ) -> HyperparameterCurvature {
    var sum = HyperparameterCurvature(0)
    for draw in weights.indices where weights[draw] != 0 {
      sum.lanes += weights[draw] * density.curvature(x[draw], y[draw]).lanes
    }
    return sum
  }
}
