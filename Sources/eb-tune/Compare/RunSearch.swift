import Foundation
import TuningIO

/// The directories of runs below others.
enum RunSearch {
  /// How many levels below a directory are looked at: a path over γ in a folder of runs is the deepest that this program makes.
  private static let depth = 3

  /// Runs below `roots`, each once, in the order of their names; a directory of a run is looked at no deeper.
  /// - Throws: a sentence where a root is no directory.
  static func runs(below roots: [String]) throws(Failure) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    for root in roots {
      let root = RunDirectory.trimmed(root)
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: root, isDirectory: &isDirectory) else {
        throw Failure("\(root): there is no such directory.", .noInput)
      }
      guard isDirectory.boolValue else {
        throw Failure("\(root): this is a file; a directory with runs is needed.", .noInput)
      }
      for path in search(root, depth) {
        if seen.insert(URL(fileURLWithPath: path).resolvingSymlinksInPath().path).inserted { found.append(path) }
      }
    }
    return found
  }

  private static func search(_ path: String, _ depth: Int) -> [String] {
    let files = FileManager.default
    if files.fileExists(atPath: "\(path)/\(RunDirectory.File.configuration.rawValue)") { return [path] }
    guard depth > 0 else { return [] }
    let names = ((try? files.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".") }
    return names.sorted { $0.localizedStandardCompare($1) == .orderedAscending }.flatMap { name -> [String] in
      let child = path == "." ? name : "\(path)/\(name)"
      var isDirectory: ObjCBool = false
      guard files.fileExists(atPath: child, isDirectory: &isDirectory), isDirectory.boolValue else { return [] }
      return search(child, depth - 1)
    }
  }
}
