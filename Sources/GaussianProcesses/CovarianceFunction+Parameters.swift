#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A hyperparameter with its name for people, such as `rbf.length_scale[temperature]`.
public struct NamedKernelParameter: Sendable, Codable, Equatable {
  /// The term, a number where there are several terms of that kind (`rbf#2`), the hyperparameter, the column if any.
  public var name: String
  /// The hyperparameter.
  public var parameter: KernelParameter
}

extension CovarianceFunction {
  /// All hyperparameters, depth first from left to right; of one correlation first its length scales, of a changepoint first
  /// its own.
  public var parameters: [KernelParameter] {
    var list: [KernelParameter] = []
    var tree = self
    tree.visitParameters { list.append($0) }
    return list
  }

  /// The free hyperparameters, in the order of `parameters`.
  public var freeParameters: [KernelParameter] { parameters.filter { !$0.isFixed } }

  /// The logarithms of the free hyperparameters, and locations as they are, in the order of `parameters`: the position that a
  /// fit or a sampler moves.
  public var freeLogValues: [Double] { freeParameters.map(\.position) }

  /// The same function at other values of the free hyperparameters, given by their logarithms, locations as they are.
  public func settingFree(logValues: [Double]) -> Self {
    settingFree(values: zip(freeParameters, logValues).map { $0.value(at: $1) })
  }

  /// The values of the free hyperparameters at these logarithms, within their bounds: exp(ln b) may miss a bound b in the last
  /// digits.
  func boundedValues(logValues: [Double]) -> [Double] {
    zip(freeParameters, logValues).map { min(max($0.value(at: $1), $0.lower), $0.upper) }
  }

  /// The same function at other values of the free hyperparameters, in the order of `parameters`.
  public func settingFree(values: [Double]) -> Self {
    precondition(values.count == parameters.count { !$0.isFixed }, "one value a free hyperparameter")
    var next = values.makeIterator()
    return changingFree { parameter in
      if let value = next.next() { parameter.value = value }
    }
  }

  /// The same function with its free hyperparameters changed, one after the other in the order of `parameters`.
  public func changingFree(_ change: (inout KernelParameter) -> Void) -> Self {
    var tree = self
    tree.visitParameters { if !$0.isFixed { change(&$0) } }
    return tree
  }

  /// All hyperparameters with names, in the order of `parameters`.
  /// - Parameter features: Names of the columns of the inputs; columns without a name are called by their number from 1.
  public func namedParameters(features: [String] = []) -> [NamedKernelParameter] {
    var total: [String: Int] = [:]
    for term in terms { total[term.name, default: 0] += 1 }
    var seen: [String: Int] = [:]
    var names: [String] = []
    for term in terms {
      seen[term.name, default: 0] += 1
      let number = total[term.name, default: 0] > 1 ? "#\(seen[term.name, default: 0])" : ""
      names += term.parameterNames(features).map { "\(term.name)\(number).\($0)" }
    }
    return zip(names, parameters).map { NamedKernelParameter(name: $0, parameter: $1) }
  }

  /// The leaves of the tree from left to right, changepoints before what they join.
  private var terms: [CovarianceFunction] {
    switch self {
    case .constant, .white, .stationary: [self]
    case .sum(let left, let right), .product(let left, let right): left.terms + right.terms
    case .changepoint(_, let first, let second): [self] + first.terms + second.terms
    }
  }

  private var name: String {
    switch self {
    case .constant: "constant"
    case .white: "white"
    case .stationary(let kernel): kernel.name
    case .sum: "sum"
    case .product: "product"
    case .changepoint: "changepoint"
    }
  }

  private func parameterNames(_ features: [String]) -> [String] {
    switch self {
    case .constant, .white: return ["variance"]
    case .stationary(let kernel):
      var names = kernel.lengthScales.indices.map { index in
        guard kernel.lengthScales.count > 1 else { return "length_scale" }
        let column = kernel.columns.map { index < $0.count ? $0[index] : index } ?? index
        return "length_scale[\(column < features.count ? features[column] : "\(column + 1)")]"
      }
      if case .rationalQuadratic = kernel.shape { names.append("alpha") }
      if case .periodic = kernel.shape { names.append("period") }
      return names
    case .changepoint: return ["location", "width"]
    case .sum, .product: return []
    }
  }

  private mutating func visitParameters(_ visit: (inout KernelParameter) -> Void) {
    switch self {
    case .constant(var variance):
      visit(&variance)
      self = .constant(variance)
    case .white(var variance):
      visit(&variance)
      self = .white(variance)
    case .stationary(var kernel):
      for index in kernel.lengthScales.indices { visit(&kernel.lengthScales[index]) }
      switch kernel.shape {
      case .rationalQuadratic(var alpha):
        visit(&alpha)
        kernel.shape = .rationalQuadratic(alpha: alpha)
      case .periodic(var period):
        visit(&period)
        kernel.shape = .periodic(period: period)
      case .rbf, .matern12, .matern32, .matern52: break
      }
      self = .stationary(kernel)
    case .sum(var left, var right):
      left.visitParameters(visit)
      right.visitParameters(visit)
      self = .sum(left, right)
    case .product(var left, var right):
      left.visitParameters(visit)
      right.visitParameters(visit)
      self = .product(left, right)
    case .changepoint(var place, var first, var second):
      visit(&place.location)
      visit(&place.width)
      first.visitParameters(visit)
      second.visitParameters(visit)
      self = .changepoint(place, first, second)
    }
  }
}
