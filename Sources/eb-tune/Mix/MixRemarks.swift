import ModelMixing
import TuningIO

extension MixStudy {
  /// What of the rows a reader may not have noticed; empty where nothing is to be said.
  /// - Parameter usedInput: The one input that weights depend on; nil where they may depend on all.
  func remarks(usedInput: String?) -> [String] {
    var remarks: [String] = []
    if data.count == 1 {
      remarks.append("There is one observation: what is found is the priors, moved a little.")
    }
    for (first, second) in equalModels {
      remarks.append(
        "\(first) and \(second) say the same at every observation: only the priors tell their weights apart.")
    }
    if let usedInput, data.inputNames.count > 1 {
      remarks.append(
        "These weights depend on \(usedInput) alone; --column names another input, and softmax weights use all of them."
      )
    }
    return remarks + data.inputNames.indices.compactMap(distance(ofInput:))
  }

  /// Models that differ at no observation, neither in mean nor in spread.
  private var equalModels: [(String, String)] {
    let names = predictions.names
    return names.indices.flatMap { first in
      names.indices.dropFirst(first + 1).filter { second in
        predictions.means[first] == predictions.means[second]
          && predictions.standardDeviations[first] == predictions.standardDeviations[second]
      }.map { (names[first], names[$0]) }
    }
  }

  /// How many new inputs lie farther outside the observed ones than half of their range.
  private func distance(ofInput index: Int) -> String? {
    let observed = data.inputs[index]
    guard let low = observed.min(), let high = observed.max(), low < high else { return nil }
    let reach = 0.5 * (high - low)
    let far = new.inputs[index].filter { $0 < low - reach || $0 > high + reach }.count
    guard far > 0 else { return nil }
    let range = "\(NumberText.significant(low)) to \(NumberText.significant(high))"
    return
      "\(far) of \(new.inputs[index].count) new inputs \(far == 1 ? "lies" : "lie") far outside the observed \(data.inputNames[index])"
      + " (\(range)): what is said there is extrapolated."
  }
}
