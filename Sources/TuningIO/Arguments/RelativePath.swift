import Foundation

/// Paths that a file names, for a process that works elsewhere.
public enum RelativePath {
  /// The path as it is from where `directory` is known: absolute ones as they are, others below the directory.
  public static func resolved(_ path: String, in directory: String) -> String {
    guard !path.hasPrefix("/"), !path.isEmpty, directory != ".", !directory.isEmpty else { return path }
    let below = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return directory.hasSuffix("/") ? directory + below : "\(directory)/\(below)"
  }

  /// The directory that a file lies in; empty where its name alone is given.
  public static func directory(of file: String) -> String {
    guard let slash = file.lastIndex(of: "/") else { return "" }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  /// The way from one directory to another, such as `../runs/pdb`; `.` where they are the same.
  public static func from(_ start: String, to end: String) -> String {
    func parts(_ path: String) -> [String] { URL(fileURLWithPath: path).standardizedFileURL.pathComponents }
    let (here, there) = (parts(start), parts(end))
    let shared = zip(here, there).prefix { $0 == $1 }.count
    let way = here.dropFirst(shared).map { _ in ".." } + there.dropFirst(shared)
    return way.isEmpty ? "." : way.joined(separator: "/")
  }
}
