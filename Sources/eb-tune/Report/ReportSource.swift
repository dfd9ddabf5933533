import Foundation
import TuningIO

/// A directory that a report is about: a tuning run, a path of runs over γ, a mixture, or a selection.
enum ReportSource: Sendable {
  case run(ReportRun)
  case mixture(ReportMixture)
  case selection(path: String, SelectReport)

  /// Whether it is a run of `mix`, which scales nothing.
  var isMixture: Bool {
    if case .mixture = self { true } else { false }
  }

  /// Where it is.
  var path: String {
    switch self {
    case .run(let run): run.path
    case .mixture(let run): run.path
    case .selection(let path, _): path
    }
  }

  /// The path without slashes at its end.
  static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// What lies at `path`; a path over γ is its runs.
  /// - Throws: one sentence where it is no directory of this program.
  static func load(_ path: String) throws -> [ReportSource] {
    let path = trimmed(path)
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw Failure("\(path): there is no such directory.", .noInput)
    }
    guard isDirectory.boolValue else {
      throw Failure("\(path): this is a file; the directory that a run wrote with --out is needed.", .noInput)
    }
    func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
    if holds("verdict.json") {
      return [.selection(path: path, try FinishedRun.read(SelectReport.self, from: "\(path)/verdict.json"))]
    }
    if !holds("config.json"), holds("selection.json") {
      throw Failure("\(path): the selection is not finished; give its command again to go on with it.", .data)
    }
    if !holds("config.json") {
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter {
        holds("\($0)/config.json") && $0.hasPrefix("gamma")
      }
      if !names.isEmpty {
        return try names.sorted { $0.localizedStandardCompare($1) == .orderedAscending }.map {
          .run(try ReportRun(path: "\(path)/\($0)"))
        }
      }
    }
    switch try RunKind(of: path) {
    case .tune: return [.run(try ReportRun(path: path))]
    case .mix: return [.mixture(try ReportMixture(path: path))]
    }
  }
}
