import Experiments
import Experts
import Foundation
import LogDensities
import Priors

/// The argument of `--prior-set`: `default`, `own`, or a set such as `wide: slopes=normal(0,2); gate=laplace(0,2)`.
struct SelectPriorSet: Sendable {
  let name: String
  /// The default priors are under those named here.
  let options: [PriorOption]
  /// Priors chosen by hand for one shape; nil for the defaults.
  let own: HandPriors?

  /// The defaults of Appendix D.
  static let standard = SelectPriorSet(name: "default", options: [], own: nil)

  private init(name: String, options: [PriorOption], own: HandPriors?) {
    self.name = name
    self.options = options
    self.own = own
  }

  init(_ text: String, own: HandPriors?, of study: String) throws(Failure) {
    let text = text.trimmingCharacters(in: .whitespaces)
    switch text {
    case "default": self = .standard
    case "own":
      guard let own else { throw Failure("--prior-set own: \(study) has no priors of its own.", .usage) }
      self.init(name: "own", options: [], own: own)
    default:
      let (name, list) = Self.split(text)
      var options: [PriorOption] = []
      for part in list.split(separator: ";") {
        let part = part.trimmingCharacters(in: .whitespaces)
        guard part.contains("=") else {
          throw Failure(
            "--prior-set has \"\(part)\"; a set is default, own, or a name, a colon and priors separated by semicolons,"
              + " such as 'wide: slopes=normal(0,2); gate=laplace(0,2)'.", .usage)
        }
        do throws(OptionError) {
          options.append(try PriorOption(part))
        } catch { throw Failure("--prior-set has \"\(part)\": \(error.description)", .usage) }
      }
      guard !name.isEmpty, !options.isEmpty else {
        throw Failure(
          "--prior-set \"\(text)\" names no priors; allowed is default, own, or such as 'wide: slopes=normal(0,2)'.",
          .usage)
      }
      self.init(name: name, options: options, own: nil)
    }
  }

  /// The sets to try, all with different names; the defaults where the user names none.
  static func sets(_ texts: [String], own: HandPriors?, of study: String) throws(Failure) -> [SelectPriorSet] {
    var sets: [SelectPriorSet] = []
    for text in texts {
      let set = try SelectPriorSet(text, own: own, of: study)
      if sets.contains(where: { $0.name == set.name }) {
        throw Failure("--prior-set names \"\(set.name)\" twice; give each set a name of its own.", .usage)
      }
      sets.append(set)
    }
    return sets.isEmpty ? [.standard] : sets
  }

  /// As a grid takes it.
  var forGrid: TrialGrid.PriorSet {
    TrialGrid.PriorSet(
      name: name, definition: options.isEmpty ? name : options.map(\.text).joined(separator: "; ")
    ) { architecture, names in
      let parameters = ParameterList(architecture, names)
      var priors = try own?.priors(of: architecture, named: names) ?? ExpertPriors()
      for option in options {
        // A model may lack a whole block; a parameter that it lacks makes it none of this set's.
        if ExpertBlock(rawValue: option.pattern.text) == nil { _ = try parameters.places(of: option.pattern) }
        priors.set(option.prior, at: option.pattern, names, parameters.blocks)
      }
      return priors
    }
  }

  /// Before the colon and behind it. A feature's name may hold a colon too, behind the bracket of `slope[1,a:b]`.
  private static func split(_ text: String) -> (name: String, list: String) {
    let head = text.prefix { $0 != "=" && $0 != "[" }
    guard let colon = head.firstIndex(of: ":") else { return (text, text) }
    return (
      text[..<colon].trimmingCharacters(in: .whitespaces), String(text[text.index(after: colon)...])
    )
  }
}
