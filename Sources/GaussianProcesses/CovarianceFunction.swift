/// A covariance function k(x, x′) as a tree of terms, with the values of its hyperparameters: a plain value that is read,
/// written, compared and changed like any other.
public indirect enum CovarianceFunction: Sendable, Codable, Equatable {
  /// The same variance between all rows; as a factor, the variance of what it multiplies.
  case constant(KernelParameter)
  /// Independent noise of that variance: nothing between different rows, even at equal inputs.
  case white(KernelParameter)
  /// A correlation by distance.
  case stationary(StationaryKernel)
  /// The sum of two covariances.
  case sum(CovarianceFunction, CovarianceFunction)
  /// The product of two covariances.
  case product(CovarianceFunction, CovarianceFunction)
  /// The first covariance on one side of a place, the second on the other, with a smooth passage.
  case changepoint(Changepoint, CovarianceFunction, CovarianceFunction)
}

extension CovarianceFunction {
  /// The squared exponential with one length scale.
  public static func rbf(_ lengthScale: KernelParameter = 1) -> Self { .rbf(lengthScales: [lengthScale]) }

  /// The squared exponential with one length scale a column.
  public static func rbf(lengthScales: [KernelParameter]) -> Self {
    .stationary(StationaryKernel(.rbf, lengthScales: lengthScales))
  }

  /// Matérn's covariance with ν = ½.
  public static func matern12(_ lengthScales: KernelParameter...) -> Self { matern(.matern12, lengthScales) }

  /// Matérn's covariance with ν = 3/2; of one length scale or one a column.
  public static func matern32(_ lengthScales: KernelParameter...) -> Self { matern(.matern32, lengthScales) }

  /// Matérn's covariance with ν = 5/2; of one length scale or one a column.
  public static func matern52(_ lengthScales: KernelParameter...) -> Self { matern(.matern52, lengthScales) }

  private static func matern(_ shape: StationaryKernel.Shape, _ lengthScales: [KernelParameter]) -> Self {
    .stationary(StationaryKernel(shape, lengthScales: lengthScales.isEmpty ? [1] : lengthScales))
  }

  /// A mixture of squared exponentials of many length scales; the squared exponential as alpha → ∞.
  public static func rationalQuadratic(_ lengthScale: KernelParameter = 1, alpha: KernelParameter = 1) -> Self {
    .stationary(StationaryKernel(.rationalQuadratic(alpha: alpha), lengthScales: [lengthScale]))
  }

  /// A covariance that repeats itself: scikit-learn's ExpSineSquared.
  public static func periodic(_ period: KernelParameter, lengthScale: KernelParameter = 1) -> Self {
    .stationary(StationaryKernel(.periodic(period: period), lengthScales: [lengthScale]))
  }

  /// `first` below `location`, `second` above, with a passage of that width along a column of the inputs.
  public static func changepoint(
    _ first: Self, _ second: Self, at location: Double, in bounds: ClosedRange<Double>? = nil,
    width: KernelParameter = 1, column: Int? = nil
  ) -> Self {
    let place = KernelParameter.location(location, in: bounds ?? KernelParameter.standardLocationBounds)
    return .changepoint(Changepoint(place, width: width, column: column), first, second)
  }

  /// The sum of two covariances: that of a sum of independent processes.
  public static func + (left: Self, right: Self) -> Self { .sum(left, right) }

  /// The product of two covariances.
  public static func * (left: Self, right: Self) -> Self { .product(left, right) }

  /// The same with every correlation acting on these columns alone, counted from 0. Changepoints stay where they are.
  public func on(_ columns: [Int]) -> Self { changingKernels { $0.columns = columns } }

  /// The same with a length scale of its own for every column of `features` columns, where there is one for all so far.
  /// Periodic correlations stay as they are.
  public func withLengthScalePerColumn(of features: Int) -> Self {
    changingKernels { kernel in
      if case .periodic = kernel.shape { return }
      guard kernel.lengthScales.count == 1, let one = kernel.lengthScales.first else { return }
      kernel.lengthScales = Array(repeating: one, count: kernel.columns?.count ?? features)
    }
  }

  private func changingKernels(_ change: (inout StationaryKernel) -> Void) -> Self {
    switch self {
    case .constant, .white: return self
    case .stationary(var kernel):
      change(&kernel)
      return .stationary(kernel)
    case .sum(let left, let right): return .sum(left.changingKernels(change), right.changingKernels(change))
    case .product(let left, let right): return .product(left.changingKernels(change), right.changingKernels(change))
    case .changepoint(let place, let first, let second):
      return .changepoint(place, first.changingKernels(change), second.changingKernels(change))
    }
  }
}
