import Foundation

/// What the files of a run hold, declared here once more: a test from outside knows the format, not the code that writes it.
enum RunFiles {
  struct Estimate: Decodable, Equatable {
    let value: Double
    let standardError: Double
  }

  struct Trace: Decodable, Equatable {
    struct Info: Decodable, Equatable {
      let iteration: Int
      let lambda: [Double]
      let surrogate: Estimate
      let expectedLogLikelihood: Estimate
      let entropy: Estimate?
      let gradient: [Estimate]
      let divergences: Int
      let isBest: Bool
    }

    let info: Info
    let coordinates: [String]
  }

  struct Timing: Decodable {
    let iteration: Int
    let seconds: Double
  }

  /// All that a whole run leaves, by name.
  static let all = [
    "checkpoint", "config.json", "draws.csv", "posterior.csv", "priors.json", "report.json", "timing.jsonl",
    "trace.jsonl",
  ]
  /// What it leaves as soon as λ is tuned.
  static let tuned = all.filter { !["draws.csv", "posterior.csv", "report.json"].contains($0) }

  struct Priors: Decodable {
    struct Entry: Decodable {
      let parameter: String
      let family: String
      let block: String
      let hyperparameters: [Hyperparameter]
    }

    struct Hyperparameter: Decodable {
      let name: String
      let initial: Double
      let tuned: Double
      let coordinate: String?
    }

    let model: String
    let gamma: Double
    let bestIteration: Int
    let priors: [Entry]
  }

  struct Report: Decodable {
    struct Check: Decodable {
      let name: String
      let status: String
      let sentence: String
    }

    struct HeldOut: Decodable {
      let rows: Int
      let tuned: Estimate
      let initial: Estimate
      let difference: Estimate
      let folds: Int?
    }

    struct Coordinate: Decodable {
      let name: String
      let initial: Double
      let tuned: Double
      let interval: [Double]?
    }

    let model: String
    let simulated: Bool
    let experts: Int
    let parameters: Int
    let rows: Int
    let iterations: Int
    let bestIteration: Int
    let tuning: [Check]
    let posterior: [Check]
    let heldOut: HeldOut?
    let coordinates: [Coordinate]
    let logEvidenceGain: Estimate?
    let gradientEvaluations: Int
    let files: [String]
  }

  /// An entry of `path.json`.
  struct Point: Decodable {
    let gamma: Double
    let logEvidenceGain: Estimate?
    let expertsInUse: Double?
    let gradientEvaluations: Int
    let tuned: [Report.Coordinate]
  }

  struct Configuration: Decodable {
    struct Source: Decodable {
      let problem: String?
      let file: String?
      let sha256: String?
      let rows: Int
      let testRows: Int
    }

    let model: String
    let gamma: Double
    let experts: Int
    let iterations: Int
    let schedule: String
    let tolerance: Double
    let step: Double?
    let draws: Int?
    let order: String
    let tune: String
    let defaultPriors: Bool
    let seed: UInt64
    let data: Source
    let other: [String: String]
  }

  /// The lines of a trace, each a whole one.
  static func trace(_ text: String) throws -> [Trace] {
    try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      try JSONDecoder().decode(Trace.self, from: Data($0.utf8))
    }
  }

  /// The rows of a CSV text, header first, quotation marks resolved.
  static func csv(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { line in
      var fields = [""]
      var isQuoted = false
      for character in line {
        switch character {
        case "\"": isQuoted.toggle()
        case "," where !isQuoted: fields.append("")
        default: fields[fields.count - 1].append(character)
        }
      }
      return fields
    }
  }
}
