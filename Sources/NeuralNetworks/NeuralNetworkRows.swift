import LogDensities

/// Rows of a network: named features, without a bias, and a response.
///
/// Features and response should be of order 1 (standardised, say): the default priors are meant for that.
public struct NeuralNetworkRows: Sendable, Equatable {
  /// The names of the features (n).
  public var featureNames: [String]
  /// Features, column after column (n columns of N).
  public var features: [Double]
  /// The response (N).
  public var response: [Double]

  /// Rows from columns.
  public init(featureNames: [String], features: [Double], response: [Double]) {
    self.featureNames = featureNames
    self.features = features
    self.response = response
  }

  /// The number of rows N.
  public var count: Int { response.count }

  /// The rows at `indices`, in that order.
  public func selected(_ indices: [Int]) -> NeuralNetworkRows {
    NeuralNetworkRows(
      featureNames: featureNames,
      features: featureNames.indices.flatMap { column in indices.map { features[column * count + $0] } },
      response: indices.map { response[$0] })
  }

  /// That there are rows and features, that columns fit, names differ, and every number is finite.
  /// - Throws: `ModelError` with what is wrong.
  public func validate() throws(ModelError) {
    guard !response.isEmpty else { throw .invalid("A network needs at least one row.") }
    guard !featureNames.isEmpty else { throw .invalid("A network needs at least one feature.") }
    guard features.count == featureNames.count * count else {
      throw .invalid("Every feature needs one number for each of the \(count) rows.")
    }
    guard Set(featureNames).count == featureNames.count else { throw .invalid("Features need different names.") }
    guard features.allSatisfy(\.isFinite) else { throw .invalid("The features hold a number that is not finite.") }
    guard response.allSatisfy(\.isFinite) else { throw .invalid("The response holds a number that is not finite.") }
  }
}
