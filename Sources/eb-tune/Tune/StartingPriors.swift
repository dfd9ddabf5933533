import Experts
import LogDensities
import Priors

/// The priors where tuning starts, and who chose each of them.
struct StartingPriors: Sendable {
  private(set) var priors: ExpertPriors
  /// One a parameter, such as `default` or `--prior slopes=normal(0,2)`.
  private(set) var sources: [String]
  private let parameters: ParameterList

  init(_ priors: ExpertPriors, source: String, _ parameters: ParameterList) {
    self.priors = priors
    self.parameters = parameters
    sources = parameters.names.map { _ in source }
  }

  /// Puts an option's prior in place of those of the parameters that it names.
  /// - Throws: `Failure` where there are none, and where one of them cannot have such a prior.
  mutating func apply(_ option: PriorOption) throws(Failure) {
    let source = "--prior \(option.text)"
    for place in try parameters.places(of: option.pattern, for: source) {
      let name = parameters.names[place]
      let support = ExpertPriors.support(of: parameters.blocks[place])
      guard option.prior.support == support else {
        let domain =
          switch option.prior.support {
          case .real: "any number"
          case .positive: "positive numbers"
          case .interval: "numbers between its bounds"
          }
        let families = PriorFamily.allCases.filter { $0.support == support }.map(\.rawValue)
        throw Failure(
          "\(source): \(name) \(support == .positive ? "is positive" : "can be any number"), and"
            + " \(option.prior.family.rawValue) is for \(domain);"
            + " allowed is \(families.joined(separator: ", ")).", .usage)
      }
      sources[place] = source
    }
    priors.set(option.prior, at: option.pattern, parameters.names, parameters.blocks)
  }
}

extension Study {
  /// The priors at the start: the defaults or those chosen by hand, with the user's own in place of them, the last first.
  /// - Throws: `Failure`.
  func startingPriors(for architecture: ExpertArchitecture, options: [PriorOption]) throws(Failure) -> StartingPriors {
    let names = architecture.parameterNames(
      expertFeatures: training.expertNames, gateFeatures: training.gateNames)
    let parameters = ParameterList(architecture, names)
    var start = StartingPriors(ExpertPriors(), source: "default", parameters)
    if let handPriors {
      do throws(ModelError) {
        let priors = try handPriors.priors(of: architecture, named: names)
        start = StartingPriors(priors, source: "by hand, for \(name)", parameters)
      } catch { throw Failure("\(error.description.dropLast()); give --default-priors.", .usage) }
    }
    for option in options { try start.apply(option) }
    return start
  }

  /// The priors alone; see `startingPriors(for:options:)`.
  func priors(for architecture: ExpertArchitecture, options: [PriorOption]) throws(Failure) -> ExpertPriors {
    try startingPriors(for: architecture, options: options).priors
  }
}
