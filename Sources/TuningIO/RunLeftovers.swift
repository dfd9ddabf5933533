import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What later commands wrote beside the files of a run, at the places where they write unless told otherwise: its page and its
/// exports. They belong to the run, and go with it when another one takes its place; files of other people stay.
enum RunLeftovers {
  /// The directories of exports with the files in them.
  private static let exports = [
    ("stan", ["model.stan", "data.json"]), ("pymc", ["model.py", "data.json"]), ("numpyro", ["model.py", "data.json"]),
  ]

  /// Removes them from the directory of a run. What cannot be removed stays.
  static func remove(from directory: String) {
    let page = "\(directory)/report.html"
    if let text = try? FinishedRun.text(of: page), text.contains("Written by eb-tune") { unlink(page) }
    let export = "\(directory)/export"
    for (name, files) in exports where access("\(export)/\(name)/\(files[0])", F_OK) == 0 {
      for file in files { unlink("\(export)/\(name)/\(file)") }
      rmdir("\(export)/\(name)")
    }
    let chains = "\(export)/cmdstan"
    for file in (try? FileManager.default.contentsOfDirectory(atPath: chains)) ?? []
    where file.wholeMatch(of: /chain-\d+\.csv/) != nil { unlink("\(chains)/\(file)") }
    rmdir(chains)
    let store = "\(export)/run.zarr"
    if access("\(store)/\(ZarrStore.metadataName)", F_OK) == 0 { try? FileManager.default.removeItem(atPath: store) }
    rmdir(export)
  }
}
