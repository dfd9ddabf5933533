import LogDensities

/// Parameters of one family whose hyperparameters follow the same coordinates of λ, and the sums through which they enter
/// ln p(θ | λ) as those coordinates move.
///
/// What a coordinate does not move is part of the sums: hyperparameter k of member i is c_k + d_ik, with c_k the coordinate's
/// value (0 where there is none) and d_ik the *displacement*: the entry's offset, or its value where it is fixed.
struct PriorTerm: Sendable, Equatable {
  /// How the members' values are condensed into x and y.
  enum Form: Sendable, Equatable {
    /// Laplace about a location that no coordinate moves: x = Σ |u − m_i| / r_i.
    case absolute
    /// Half-normal: x = Σ (θ / r_i)².
    case square
    /// Exponential: x = Σ r_i θ.
    case rate
    /// Normal, log-normal: with precisions w_i = r_i⁻², x the mean of u − d_i and y = Σ w_i (u − d_i − x)².
    case moments
    /// Gamma: with κ_i and r_i the factors of shape and rate, x = Σ κ_i (ln r_i + u) and y = Σ r_i θ.
    case gamma
    /// Half-Cauchy, of a single parameter: x = (θ / r)².
    case ratio
    /// Nothing condenses them; one parameter, with x = u.
    case value
  }

  /// One parameter.
  struct Member: Sendable, Equatable {
    let parameter: Int
    let displacement: HyperparameterVector
    /// What is made of the displacements of a scale, shape or rate once: 1/r, r⁻² or κ.
    let factor: Double
  }

  let form: Form
  /// The coordinate of every hyperparameter of the family, nil where it is fixed.
  let coordinates: [Int?]
  var members: [Member] = []
  /// Where x and y stand among the statistics of a draw; nil for a sum that no coordinate multiplies, which counts as 0.
  var x: Int?
  var y: Int?

  /// A term without members; `form` decides which of x and y there are.
  init(_ family: PriorFamily, coordinates: [Int?]) {
    switch family {
    case .laplace: form = coordinates[0] == nil ? .absolute : .value
    case .normal, .logNormal: form = .moments
    case .studentT, .uniform, .truncatedNormal: form = .value
    case .halfNormal: form = .square
    case .halfCauchy: form = .ratio
    case .gamma: form = .gamma
    case .exponential: form = .rate
    }
    self.coordinates = coordinates
  }

  /// Whether several parameters can share the term.
  var condenses: Bool { form != .value && form != .ratio }

  /// Which of x and y the coordinates multiply.
  var needs: (x: Bool, y: Bool) {
    switch form {
    case .moments, .gamma: (coordinates[0] != nil, coordinates[1] != nil)
    default: (true, false)
    }
  }

  /// Adds a parameter with those displacements.
  mutating func append(_ parameter: Int, _ displacement: HyperparameterVector) {
    let factor: Double
    switch form {
    case .absolute: factor = exponential(-displacement[1])
    case .moments: factor = exponential(-2 * displacement[1])
    case .gamma: factor = exponential(displacement[0])
    default: factor = 1
    }
    members.append(Member(parameter: parameter, displacement: displacement, factor: factor))
  }

  /// Σ of the members' factors.
  var totalFactor: Double { members.reduce(0) { $0 + $1.factor } }

  /// x and y at a position.
  func sums(at position: Span<Double>) -> (x: Double, y: Double) {
    var (x, y) = (0.0, 0.0)
    for member in members {
      let u = position[member.parameter]
      let d = member.displacement
      switch form {
      case .absolute: x += abs(u - d[0]) * member.factor
      case .square, .ratio: x += exponential(2 * (u - d[0]))
      case .rate: x += exponential(u + d[0])
      case .moments: x += member.factor * (u - d[0])
      case .gamma:
        x += member.factor * (d[1] + u)
        y += exponential(d[1] + u)
      case .value: x += u
      }
    }
    if form == .moments {
      // About a location that no coordinate moves the sum of squares is about 0.
      x = coordinates[0] == nil ? 0 : x / totalFactor
      for member in members {
        let difference = position[member.parameter] - member.displacement[0] - x
        y += member.factor * difference * difference
      }
    }
    return (x, y)
  }
}
