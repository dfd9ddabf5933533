import Diagnostics
import Experts
import Foundation
import LogDensities

/// What the posterior at the initial priors looks like, in so many quantiles that its density can be drawn beside that at
/// the tuned priors.
struct InitialPosterior: Sendable, Codable {
  /// The number of draws that the quantiles are of.
  let draws: Int
  /// By parameter, on the model's scale: quantiles at (k − ½)/201 for k = 1 … 201.
  let quantiles: [String: [Double]]

  /// nil where experts of the two samples cannot be told to be the same ones.
  init?(_ initial: FinalDraws, beside tuned: FinalDraws, of model: ExpertModel) {
    switch (initial.numbering, tuned.numbering) {
    case (.given, .given), (.byPriors, .byPriors), (.renumbered, .renumbered): break
    default: return nil
    }
    let sample = initial.sample
    let rows = (0..<sample.count).map { sample.withPosition($0, model.constrained) }
    let weights = initial.logWeights.map { logs in
      let largest = logs.max() ?? 0
      return logs.map { exp($0 - largest) }
    }
    draws = sample.count
    quantiles = Dictionary(
      model.parameterNames.enumerated().map { column, name in
        (name, Self.quantiles(rows.map { $0[column] }, weights: weights))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The smallest values below which, with their own weight, at least the shares (k − ½)/201 lie.
  static func quantiles(_ values: [Double], weights: [Double]?, count: Int = 201) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    let total = weights.map { $0.reduce(0, +) } ?? Double(values.count)
    var found: [Double] = []
    var sum = 0.0
    for index in order {
      sum += weights?[index] ?? 1
      while found.count < count, sum >= (Double(found.count) + 0.5) / Double(count) * total {
        found.append(values[index])
      }
    }
    if let last = order.last { while found.count < count { found.append(values[last]) } }
    return found
  }
}
