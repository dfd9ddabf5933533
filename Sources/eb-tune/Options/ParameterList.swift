import Experts
import LogDensities
import Priors
import TuningIO

/// The parameters of a model, in the order of a position, that options point at by patterns.
struct ParameterList: Sendable {
  let names: [String]
  let blocks: [String]

  init(_ architecture: ExpertArchitecture, _ names: [String]) {
    self.names = names
    blocks = architecture.blocks.map(\.rawValue)
  }

  /// Those with an entry of λ.
  init(of lambda: Hyperparameters) {
    var known: Set<String> = []
    let first = lambda.entries.filter { known.insert($0.parameter).inserted }
    names = first.map(\.parameter)
    blocks = first.map(\.block)
  }

  /// The places that a pattern points at.
  /// - Throws: `ModelError` where there are none.
  func places(of pattern: ParameterPattern) throws(ModelError) -> [Int] {
    let places = pattern.places(among: names, blocks: blocks)
    guard places.isEmpty else { return places }
    throw .invalid("There is no parameter \"\(pattern)\" in this model; \(hint(for: pattern.text))")
  }

  /// The places that the pattern of an option points at.
  /// - Throws: `Failure` where there are none.
  func places(of pattern: ParameterPattern, for option: String) throws(Failure) -> [Int] {
    do throws(ModelError) {
      return try places(of: pattern)
    } catch { throw Failure("\(option): \(error.description)", .usage) }
  }

  /// What could have been meant, or what there is.
  private func hint(for text: String) -> String {
    var known: Set<String> = []
    let present = blocks.filter { known.insert($0).inserted }
    let starred = names.map { ParameterPattern.variants(of: $0) }
    known = []
    let all = (present + names + starred.joined()).filter { known.insert($0).inserted }
    // A block that a model does not have is no slip of the pen.
    let nearest =
      ExpertBlock(rawValue: text) == nil ? NearestNames.suggestions(for: text, among: all) : []
    if !nearest.isEmpty { return "did you mean \(nearest.joined(separator: " or "))?" }
    known = []
    let shapes = starred.compactMap(\.first).filter { known.insert($0).inserted }
    let shown = shapes.prefix(Self.mostShown).joined(separator: ", ")
    let rest = shapes.count > Self.mostShown ? " and \(shapes.count - Self.mostShown) more" : ""
    return "its blocks are \(present.joined(separator: ", ")), its parameters \(shown)\(rest)."
  }

  private static let mostShown = 20
}
