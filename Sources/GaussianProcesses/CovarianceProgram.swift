/// A covariance function as a list of nodes, children before parents, for the loops over rows.
struct CovarianceProgram: Sendable {
  enum Node: Sendable {
    case constant(parameter: Int)
    case white(parameter: Int)
    case stationary(Leaf)
    case sum(Int, Int)
    case product(Int, Int)
    case changepoint(Passage, Int, Int)
  }

  /// A changepoint: z = (x − x₀) / w, s(z) and s(−z) are three of the scaled columns.
  struct Passage: Sendable {
    var column: Int
    /// x₀; w is the one after it.
    var firstParameter: Int
    var firstScaled: Int
  }

  struct Leaf: Sendable {
    var shape: StationaryKernel.Shape
    var columns: [Int]
    /// Where its length scales begin among the parameters; the parameter of the shape's own comes after them.
    var firstParameter: Int
    var lengthScales: Int
    /// Where its scaled columns begin among those of all leaves.
    var firstScaled: Int
    /// Whether distances are over columns as they are.
    var isPeriodic: Bool
  }

  private(set) var nodes: [Node] = []
  private(set) var parameterCount = 0
  /// The scaled columns of all leaves.
  private(set) var scaledColumns = 0

  /// - Throws: `GaussianProcessError` where the function does not fit inputs of that many columns, or a hyperparameter cannot be
  ///   used.
  init(_ function: CovarianceFunction, columns: Int, names: [String] = []) throws(GaussianProcessError) {
    for named in function.namedParameters(features: names) {
      if let complaint = named.parameter.complaint { throw .parameter(name: named.name, complaint: complaint) }
    }
    _ = try append(function, columns)
  }

  private mutating func append(_ function: CovarianceFunction, _ columns: Int) throws(GaussianProcessError) -> Int {
    switch function {
    case .constant:
      nodes.append(.constant(parameter: parameterCount))
      parameterCount += 1
    case .white:
      nodes.append(.white(parameter: parameterCount))
      parameterCount += 1
    case .stationary(let kernel): nodes.append(.stationary(try leaf(kernel, columns)))
    case .sum(let first, let second):
      let (left, right) = (try append(first, columns), try append(second, columns))
      nodes.append(.sum(left, right))
    case .product(let first, let second):
      let (left, right) = (try append(first, columns), try append(second, columns))
      nodes.append(.product(left, right))
    case .changepoint(let place, let first, let second):
      let passage = try passage(place, columns)
      let (left, right) = (try append(first, columns), try append(second, columns))
      nodes.append(.changepoint(passage, left, right))
    }
    return nodes.count - 1
  }

  private mutating func passage(_ place: Changepoint, _ columns: Int) throws(GaussianProcessError) -> Passage {
    guard place.location.scale == .linear, place.width.scale == .logarithmic else {
      throw .kernel("The location of a changepoint must be a location, and its width a positive number.")
    }
    guard place.column != nil || columns == 1 else {
      throw .kernel(
        "The kernel changepoint goes along one of the \(columns) columns; name it in brackets, as in"
          + " changepoint(rbf, matern32)[1].")
    }
    let column = place.column ?? 0
    guard column >= 0, column < columns else {
      throw .kernel("The kernel changepoint goes along column \(column + 1) of \(columns).")
    }
    let passage = Passage(column: column, firstParameter: parameterCount, firstScaled: scaledColumns)
    parameterCount += 2
    scaledColumns += 3
    return passage
  }

  private mutating func leaf(_ kernel: StationaryKernel, _ columns: Int) throws(GaussianProcessError) -> Leaf {
    let used = kernel.columns ?? Array(0..<columns)
    guard !used.isEmpty else { throw .kernel("The kernel \(kernel.name) acts on no column.") }
    guard let last = used.max(), let first = used.min(), first >= 0, last < columns else {
      throw .kernel(
        "The kernel \(kernel.name) acts on column \((used.first { $0 < 0 || $0 >= columns } ?? 0) + 1) of \(columns).")
    }
    let count = kernel.lengthScales.count
    var (isPeriodic, own) = (false, 0)
    switch kernel.shape {
    case .periodic: (isPeriodic, own) = (true, 1)
    case .rationalQuadratic: own = 1
    case .rbf, .matern12, .matern32, .matern52: break
    }
    guard used.count == 1 || !isPeriodic else {
      throw .kernel(
        "The kernel periodic acts on \(used.count) columns; it is a covariance on one only: name that in brackets, as in"
          + " periodic(24)[1].")
    }
    guard count == 1 || count == used.count else {
      throw .kernel(
        "The kernel \(kernel.name) has \(count) length scales for \(used.count) columns; it needs 1 or \(used.count).")
    }
    let leaf = Leaf(
      shape: kernel.shape, columns: used, firstParameter: parameterCount, lengthScales: count,
      firstScaled: scaledColumns, isPeriodic: isPeriodic)
    parameterCount += count + own
    scaledColumns += used.count
    return leaf
  }
}
