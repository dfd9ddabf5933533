import Foundation
import Priors
import TuningIO

/// Densities as a report draws them.
enum ReportDensity {
  /// A Gaussian kernel estimate at `places`, with Silverman's bandwidth; values are taken in 400 bins, far finer than the kernel.
  /// - Parameter count: The draws that the bandwidth is for, where `values` are quantiles of more; nil for their own number.
  static func kernel(
    _ values: [Double], weights: [Double]?, at places: [Double], isPositive: Bool, count: Int? = nil
  ) -> [Double] {
    let weights = weights ?? [Double](repeating: 1 / Double(max(values.count, 1)), count: values.count)
    let sorted = values.sorted()
    guard let low = sorted.first, let high = sorted.last, case let width = (high - low) / 400, width > 0, width.isFinite
    else { return places.map { _ in 0 } }
    let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let deviation = zip(values, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }.squareRoot()
    let quartiles = (sorted[3 * sorted.count / 4] - sorted[sorted.count / 4]) / 1.34
    let spread = quartiles > 0 ? min(deviation, quartiles) : deviation
    let bandwidth = max(0.9 * spread * pow(Double(count ?? values.count), -0.2), 1e-3 * (high - low))
    var bins = [Double](repeating: 0, count: 400)
    for (value, weight) in zip(values, weights) { bins[min(Int((value - low) / width), 399)] += weight }
    return places.map { place in
      var sum = 0.0
      for (index, mass) in bins.enumerated() where mass > 0 {
        let centre = low + (Double(index) + 0.5) * width
        sum += mass * bell((place - centre) / bandwidth)
        // What the kernel puts below 0 is folded back.
        if isPositive { sum += mass * bell((place + centre) / bandwidth) }
      }
      return isPositive && place < 0 ? 0 : sum / bandwidth
    }
  }

  private static func bell(_ z: Double) -> Double { exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() }

  /// Whether a family lives on positive values.
  static func isPositive(_ entry: PriorExport.Entry) -> Bool {
    PriorFamily(rawValue: entry.family)?.support == .positive
  }
}
