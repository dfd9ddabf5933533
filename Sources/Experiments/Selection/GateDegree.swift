import Experts

extension TrialGrid.Gate {
  /// The terms of a gate with every bare column, and every polynomial of one, as a polynomial of that degree; a bare column
  /// stays as it is where the degree is 1. Other terms stay. nil where there is no such column.
  ///
  /// - Throws: `FeatureSyntaxError` where `text` is no list of terms.
  public static func terms(_ text: String, ofDegree degree: Int) throws(FeatureSyntaxError) -> String? {
    precondition(degree >= 1, "a polynomial has a degree of at least 1")
    let parsed = try FeatureTerm.parse(text)
    let raised = parsed.map { term -> FeatureTerm? in
      switch term.expression {
      case .column: degree == 1 ? term : FeatureTerm(.polynomial(term.expression, degree: degree), label: term.label)
      case .polynomial(.column(let name), _):
        FeatureTerm(.polynomial(.column(name), degree: degree), label: term.label)
      default: nil
      }
    }
    guard raised.contains(where: { $0 != nil }) else { return nil }
    return FeatureTerm.text(of: zip(parsed, raised).map { $1 ?? $0 })
  }
}
