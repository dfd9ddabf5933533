import LogDensities

/// Rows of an experts model: named expert features, named gate features with the bias first, and a response.
public struct ExpertRows: Sendable, Equatable {
  /// The names of the expert features (n, without a bias).
  public var expertNames: [String]
  /// Expert features, column after column (n columns of N).
  public var expertFeatures: [Double]
  /// The names of the gate features (g, the bias included).
  public var gateNames: [String]
  /// Gate features, column after column (g columns of N).
  public var gateFeatures: [Double]
  /// The response (N).
  public var response: [Double]

  /// Rows from columns.
  public init(
    expertNames: [String], expertFeatures: [Double], gateNames: [String], gateFeatures: [Double], response: [Double]
  ) {
    self.expertNames = expertNames
    self.expertFeatures = expertFeatures
    self.gateNames = gateNames
    self.gateFeatures = gateFeatures
    self.response = response
  }

  /// Rows from the designs of experts and gate.
  public init(_ expert: DesignMatrix, _ gate: DesignMatrix, response: [Double]) {
    self.init(
      expertNames: expert.names, expertFeatures: expert.values, gateNames: gate.names, gateFeatures: gate.values,
      response: response)
  }

  /// The number of rows N.
  public var count: Int { response.count }

  /// The expert features of a row.
  public func expertRow(_ row: Int) -> [Double] { expertNames.indices.map { expertFeatures[$0 * count + row] } }

  /// The rows at `indices`, in that order.
  public func selected(_ indices: [Int]) -> ExpertRows {
    func columns(_ values: [Double], _ width: Int) -> [Double] {
      (0..<width).flatMap { column in indices.map { values[column * count + $0] } }
    }
    return ExpertRows(
      expertNames: expertNames, expertFeatures: columns(expertFeatures, expertNames.count), gateNames: gateNames,
      gateFeatures: columns(gateFeatures, gateNames.count), response: indices.map { response[$0] })
  }

  /// That columns fit, names differ, and every number is finite.
  func validate() throws(ModelError) {
    guard gateNames.count >= 1 else { throw .invalid("A gate needs at least one feature, if only the bias.") }
    guard expertFeatures.count == expertNames.count * count, gateFeatures.count == gateNames.count * count else {
      throw .invalid("Every feature needs one number for each of the \(count) rows.")
    }
    guard Set(expertNames).count == expertNames.count, Set(gateNames).count == gateNames.count else {
      throw .invalid("Features of one kind need different names.")
    }
    for (name, values) in [
      ("expert features", expertFeatures), ("gate features", gateFeatures), ("response", response),
    ] where !values.allSatisfy(\.isFinite) {
      throw .invalid("The \(name) hold a number that is not finite.")
    }
  }
}
