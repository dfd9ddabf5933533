import TuningIO

/// What a configuration says about a study, without its rows.
struct StudyFacts: Sendable {
  let target: String
  let expertTerms: String
  let gateTerms: String
  let standardizes: Bool
  let usesDefaultPriors: Bool
  /// M unless the user says otherwise.
  let experts: Int
  let source: RunConfiguration.DataSource
}

extension StudyFacts {
  init(_ study: Study) {
    self.init(
      target: study.target, expertTerms: study.expertTerms, gateTerms: study.gateTerms,
      standardizes: study.standardizes, usesDefaultPriors: study.handPriors == nil, experts: study.experts,
      source: study.source)
  }

  /// The facts that options lead to; a file of the user's own is not looked at.
  /// - Throws: `Failure` for a built-in problem that does not exist.
  init(_ options: DataOptions, seed: UInt64) throws {
    guard let file = options.data else {
      self.init(try Study.load(options, seed: seed))
      return
    }
    self.init(
      target: options.target ?? "", expertTerms: options.expert ?? "", gateTerms: options.gate ?? "",
      standardizes: !options.rawScale, usesDefaultPriors: true, experts: 2, source: .init(file: file, rows: 0))
  }
}
