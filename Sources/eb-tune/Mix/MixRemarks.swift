import ModelMixing
import TuningIO

extension MixStudy {
  /// What of the rows a reader may not have noticed; empty where nothing is to be said.
  /// - Parameters:
  ///   - usedInput: The one input that weights depend on; nil where they may depend on all.
  ///   - usesErrors: Whether the models' own errors count.
  func remarks(usedInput: String?, usesErrors: Bool) -> [String] {
    var remarks: [String] = []
    if data.count == 1 {
      remarks.append("There is one observation: what is found is the priors, moved a little.")
    }
    for group in equalModels(usesErrors: usesErrors) {
      let names = "\(group.dropLast().joined(separator: ", ")) and \(group.last ?? "")"
      remarks.append("\(names) say the same at every observation: only the priors tell their weights apart.")
    }
    if let usedInput, data.inputNames.count > 1 {
      remarks.append(
        "These weights depend on \(usedInput) alone; --column names another input, and softmax weights use all of them."
      )
    }
    return remarks + data.inputNames.indices.compactMap(distance(ofInput:))
  }

  /// Groups of models that differ at no observation: neither in mean nor, where that counts, in their errors. Models with
  /// parameters can differ at other values of these.
  private func equalModels(usesErrors: Bool) -> [[String]] {
    guard models == nil else { return [] }
    var groups: [(first: Int, names: [String])] = []
    for (index, name) in predictions.names.enumerated() {
      let place = groups.firstIndex { group in
        let other = group.first
        guard predictions.means[other] == predictions.means[index] else { return false }
        return !usesErrors
          || predictions.standardDeviations[other] == predictions.standardDeviations[index]
            && !correlated.contains(name) && !correlated.contains(predictions.names[other])
      }
      if let place { groups[place].names.append(name) } else { groups.append((index, [name])) }
    }
    return groups.map(\.names).filter { $0.count > 1 }
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
