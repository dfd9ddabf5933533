import TuningIO

/// A key of `config.json` that an option decides, as text.
struct ConfigurationKey: Sendable, Equatable {
  /// In the file.
  let name: String
  /// The long name of the option.
  let option: String
  /// The value; nil where the file has none.
  let text: String?
  /// Whether the flag says the opposite of the key.
  var isInverse = false

  /// What the option would say.
  var optionText: String? {
    if option == "target-acceptance", text.flatMap(Double.init) == nil { return nil }
    return isInverse ? text.map { $0 == "true" ? "false" : "true" } : text
  }

  /// Whether the key has that value, numbers being equal however they are written.
  func says(_ other: String?) -> Bool {
    if let own = text.flatMap(Double.init), let other = other.flatMap(Double.init) { return own == other }
    return Self.split(text ?? "") == Self.split(other ?? "")
  }

  /// The values of an option that was given several times; spaces within brackets separate nothing.
  static func split(_ text: String) -> [String] {
    var values: [String] = []
    var depth = 0
    var isOpen = false
    for character in text {
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      if character.isWhitespace && depth <= 0 {
        isOpen = false
      } else if isOpen {
        values[values.count - 1].append(character)
      } else {
        values.append(String(character))
        isOpen = true
      }
    }
    return values
  }

  /// The keys of a configuration, without those that follow from the rows.
  /// - Parameter gammas: The weights of a path over γ in place of the configuration's own.
  static func all(of configuration: RunConfiguration, gamma gammas: [Double]? = nil) -> [ConfigurationKey] {
    let own = configuration
    var keys: [ConfigurationKey] = [
      .init(name: "data.problem", option: "problem", text: own.data.problem),
      .init(name: "data.file", option: "data", text: own.data.file),
      .init(name: "target", option: "target", text: own.target),
      .init(name: "expertTerms", option: "expert", text: own.expertTerms),
      .init(name: "gateTerms", option: "gate", text: own.gateTerms),
      .init(name: "standardize", option: "raw-scale", text: "\(own.standardize)", isInverse: true),
      .init(name: "defaultPriors", option: "default-priors", text: "\(own.defaultPriors)"),
      .init(name: "model", option: "model", text: own.model),
      .init(name: "experts", option: "experts", text: "\(own.experts)"),
      .init(name: "order", option: "order", text: own.order),
      .init(name: "tune", option: "tune", text: own.tune),
      .init(
        name: "gamma", option: "gamma", text: (gammas ?? [own.gamma]).map { "\($0)" }.joined(separator: ",")),
      .init(name: "schedule", option: "schedule", text: own.schedule),
      .init(name: "iterations", option: "iterations", text: "\(own.iterations)"),
      .init(name: "tolerance", option: "tolerance", text: "\(own.tolerance)"),
      .init(name: "step", option: "step", text: own.step.map { "\($0)" }),
      .init(name: "chains", option: "chains", text: "\(own.chains)"),
      .init(name: "warmup", option: "warmup", text: "\(own.warmup)"),
      .init(name: "draws", option: "draws", text: own.draws.map { "\($0)" }),
      .init(name: "threads", option: "threads", text: "\(own.threads)"),
      .init(name: "seed", option: "seed", text: "\(own.seed)"),
    ]
    for (name, text) in own.other.sorted(by: { $0.key < $1.key }) {
      keys.append(.init(name: "other.\(name)", option: name, text: text))
    }
    return keys
  }
}
