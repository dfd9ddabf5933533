#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Experts

/// Training and test rows as models without experts see them: every feature of experts and gate once, without the bias, and
/// features and response standardised with the moments of the training rows.
public struct BaselineRows: Sendable {
  /// The names of the features.
  public let names: [String]
  /// Training features, column by column.
  public let training: [[Double]]
  /// Test features, column by column.
  public let test: [[Double]]
  /// The standardised training response.
  public let response: [Double]
  /// The test response on the experts' scale.
  public let observed: [Double]
  /// From the experts' scale of the response to the standardised one.
  public let scaling: ResponseScaling

  /// The features of rows with the experts' and the gate's designs, and a response of that name.
  /// - Throws: `DesignError` where the response or a feature does not vary.
  public init(training rows: ExpertRows, test testRows: ExpertRows?, target: String) throws(DesignError) {
    var names: [String] = []
    var training: [[Double]] = []
    var test: [[Double]] = []
    func columns(_ rows: ExpertRows) -> [(name: String, values: [Double])] {
      let count = rows.count
      func column(_ values: [Double], _ index: Int) -> [Double] { Array(values[index * count..<(index + 1) * count]) }
      return rows.expertNames.enumerated().map { ($1, column(rows.expertFeatures, $0)) }
        + rows.gateNames.enumerated().dropFirst().map { ($1, column(rows.gateFeatures, $0)) }
    }
    let own = columns(rows)
    let held = testRows.map(columns)
    var seen: Set<[Double]> = []
    for (index, column) in own.enumerated() where seen.insert(column.values).inserted {
      let scaling = try ResponseScaling.standardizing(column.values, name: column.name)
      names.append(names.contains(column.name) ? "gate \(column.name)" : column.name)
      training.append(scaling.apply(column.values))
      if let held { test.append(scaling.apply(held[index].values)) }
    }
    self.names = names
    self.training = training
    self.test = test
    scaling = try .standardizing(rows.response, name: target)
    response = scaling.apply(rows.response)
    observed = testRows?.response ?? []
  }

  /// ln p on the experts' scale of one on the standardised scale.
  func unscaled(logDensities: [Double]) -> [Double] { logDensities.map { $0 - logScale } }

  private var logScale: Double { log(scaling.scale) }
}
