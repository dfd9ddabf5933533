import ArgumentParser
import Experts

extension Combination: ExpressibleByArgument {}

/// Which model is fitted.
struct ModelOptions: ParsableArguments {
  /// How experts are told apart.
  enum Order: String, CaseIterable, ExpressibleByArgument {
    case none
    case intercepts
    case standardErrors = "standard-errors"

    var ordering: Ordering {
      switch self {
      case .none: .none
      case .intercepts: .intercepts
      case .standardErrors: .standardErrors
      }
    }
  }

  @Option(help: "How the experts are combined: moe (mixture), boe (blend) or cocoafuse (fusion).")
  var model = Combination.cocoafuse

  @Option(parsing: .unconditional, help: "The number of experts (default: the problem's own, 2 for --data).")
  var experts: Int?

  @Option(help: "What numbers the experts: none (draws are relabelled), intercepts or standard-errors, ascending.")
  var order = Order.none

  @Option(
    help: ArgumentHelp(
      "A prior at the start, for a block (intercepts, slopes, gate, behaviour, noise), a parameter such as 'sigma[2]', or several by stars such as 'slope[*,temperature]' or 'slope[2,*]':"
        + " \(PriorOption.unboundedFamilies). May be repeated; later ones win.", valueName: "pattern=family(…)"),
    transform: { try PriorOption($0) })
  var prior: [PriorOption] = []

  func validate() throws {
    if let experts, !(1...100).contains(experts) {
      throw ValidationError("--experts is \(experts); allowed is 1 to 100.")
    }
  }
}
