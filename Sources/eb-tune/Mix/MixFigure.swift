import TuningIO

/// The figures of a mixture.
struct MixFigures: Sendable {
  let report: MixReport

  var name: String { report.name }
  var bands: String { report.bands }
  /// What values are of.
  var target: String { report.configuration.target ?? "value" }
  var inputNames: [String] { report.configuration.inputs }
  var models: [String] { report.configuration.models }
  var inputs: [[Double]] { report.new.inputs }
  var means: [[Double]] { report.new.means }
  var standardDeviations: [[Double]] { report.new.standardDeviations }
  var truth: [Double]? { report.new.truth }
  var mixture: MixPredictions.Curve { report.predictions.mixture }
  var weights: [MixPredictions.Curve] { report.predictions.weights }
  var observations: MixReport.Observations { report.observations }

  /// The figures of a page: the mixture, and where they do not stand below it, the weights.
  var all: [SVGFigure] {
    switch inputNames.count {
    case 1: [overInput]
    case 2: [map, weightMaps]
    default: [againstRows, weightsAgainstInputs]
    }
  }

  /// The weights by themselves.
  var weightsAlone: SVGFigure {
    switch inputNames.count {
    case 1: weightsOverInput
    case 2: weightMaps
    default: weightsAgainstInputs
    }
  }

  /// The colour of a model: that of the mixture comes first, and is no model's.
  static func colour(ofModel index: Int) -> Int { 1 + index % 9 + 10 * (index / 9) }

  var title: String {
    "\(name): \(MixMethodOptions.Method.words(report.configuration.method)) of \(models.count)"
      + " model\(models.count == 1 ? "" : "s")"
  }

  /// The range of weights, which some methods let leave 0 to 1.
  var weightRange: ClosedRange<Double> {
    let values = weights.flatMap { $0.lower + $0.upper + $0.mean }.filter(\.isFinite)
    let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 1, 1))
    return low - 0.03 * (high - low)...high + 0.03 * (high - low)
  }

  /// Limits in which values are seen: all of `core`, and of `more` what is no further off than `share` of the core's range.
  static func limits(_ core: [Double], _ more: [(values: [Double], share: Double)]) -> ClosedRange<Double>? {
    let core = core.filter(\.isFinite)
    guard let low = core.min(), let high = core.max(), (high - low).isFinite else { return nil }
    let width = high > low ? high - low : max(abs(high), 1e-300)
    var (start, end) = (low, high)
    for (values, share) in more {
      let finite = values.filter(\.isFinite)
      start = min(start, max(finite.min() ?? low, low - share * width))
      end = max(end, min(finite.max() ?? high, high + share * width))
    }
    guard end > start else { return nil }
    return start - 0.05 * (end - start)...end + 0.05 * (end - start)
  }

  /// Between two edges, whichever is the lower; not finite ones are the middle.
  static func interval(_ a: Double, _ b: Double, about middle: Double) -> ClosedRange<Double> {
    let (a, b) = (a.isFinite ? a : middle, b.isFinite ? b : middle)
    return min(a, b)...max(a, b)
  }
}

extension MixReport {
  /// The figures that stand beside the report.
  var figures: [SVGFigure] { MixFigures(report: self).all }
}

extension MixMethodOptions.Method {
  /// A method's raw value as people call it.
  static func words(_ method: String) -> String {
    switch Self(rawValue: method) {
    case .trees: "tree mixing"
    case .gp: "Gaussian-process mixing"
    default: "\(method) mixing"
    }
  }
}
