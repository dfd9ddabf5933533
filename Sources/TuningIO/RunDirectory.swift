import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The directory that holds what one run leaves: `config.json`, `trace.jsonl`, `priors.json`, `report.json`,
/// `draws.csv`, `posterior.csv`, of a mixture `predictions.csv` and `mixture.svg`; and, to go on with it, `checkpoint` and
/// `timing.jsonl`.
public struct RunDirectory: Sendable {
  /// The files of a run.
  public enum File: String, Sendable, CaseIterable {
    /// All options, resolved (`RunConfiguration`).
    case configuration = "config.json"
    /// One line an outer iteration (`TraceLine`).
    case trace = "trace.jsonl"
    /// The tuned priors (`PriorExport`).
    case priors = "priors.json"
    /// What the run found, for machines.
    case report = "report.json"
    /// Posterior draws at the best iterate (`DrawsCSV`).
    case draws = "draws.csv"
    /// Means and standard deviations, plug-in and corrected for the uncertainty of λ.
    case posterior = "posterior.csv"
    /// Of a mixture: itself, its models and their weights at new inputs.
    case predictions = "predictions.csv"
    /// Of a mixture: the figure of all that.
    case mixture = "mixture.svg"
    /// Where the run stands (`Checkpoint`).
    case checkpoint = "checkpoint"
    /// When each outer iteration ended (`TimingLine`).
    case timing = "timing.jsonl"

    /// The files that a tuning run is made for.
    public static let results: [File] = [.configuration, .trace, .priors, .report, .draws, .posterior]
    /// The files that a mixture is made for; those without draws have fewer.
    public static let mixtureResults: [File] = [
      .configuration, .trace, .priors, .report, .draws, .predictions, .mixture,
    ]
  }

  /// Where it is, as the user wrote it.
  public let path: String
  /// Held while the value lives, so that two runs never write to one directory.
  private let lock: DirectoryLock

  /// Makes the directory with its parents and checks that it takes files. Where an earlier run lies there already, its
  /// files are removed if `overwriting`, so that no files of two runs lie beside each other.
  /// - Parameter others: Further files of the work there, whose unfinished copies go.
  /// - Throws: `OutputError`, `.occupied` for an earlier run that may not be overwritten.
  public init(
    preparing path: String, overwriting: Bool = false, alsoFor others: [String] = []
  ) throws(OutputError) {
    let trimmed = Self.trimmed(path)
    self.path = trimmed
    try Self.makeDirectory(trimmed)
    guard let lock = DirectoryLock(trimmed) else { throw .inUse(path: trimmed) }
    self.lock = lock
    try Self.probe(trimmed)
    let isReplacing = !written.isEmpty
    guard overwriting || !isReplacing else { throw .occupied(path: trimmed) }
    if isReplacing { RunLeftovers.remove(from: trimmed) }
    for file in File.allCases {
      if unlink(self.path(of: file)) != 0, errno != ENOENT { throw OutputError.creating(self.path(of: file)) }
    }
    removeUnfinishedFiles(of: others)
  }

  /// Opens the directory of a run that is to go on.
  /// - Throws: `OutputError`, `.inUse` where the run is still going on.
  public init(resuming path: String) throws(OutputError) {
    let trimmed = Self.trimmed(path)
    self.path = trimmed
    guard let lock = DirectoryLock(trimmed) else { throw .inUse(path: trimmed) }
    self.lock = lock
    try Self.probe(trimmed)
    removeUnfinishedFiles()
  }

  /// Makes a new directory at `path`, or at `path-2`, `path-3` and so on where that is taken; its path. Of several processes
  /// that try at once each has its own.
  /// - Throws: `OutputError` where no directory can be made or it takes no files.
  public static func makeUnused(_ path: String) throws(OutputError) -> String {
    let trimmed = trimmed(path)
    if let slash = trimmed.lastIndex(of: "/"), slash != trimmed.startIndex {
      try makeDirectory(String(trimmed[..<slash]))
    }
    for number in 1...100_000 {
      let candidate = number == 1 ? trimmed : "\(trimmed)-\(number)"
      if mkdir(candidate, 0o777) == 0 {
        do throws(OutputError) {
          try probe(candidate)
        } catch {
          rmdir(candidate)
          throw error
        }
        return candidate
      }
      guard errno == EEXIST else { throw failure(making: candidate, errno) }
    }
    throw .occupied(path: trimmed)
  }

  /// A path without slashes at its end.
  public static func trimmed(_ path: String) -> String {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    return trimmed
  }

  /// Whether one of its files is there.
  public func holds(_ file: File) -> Bool { access(path(of: file), F_OK) == 0 }

  /// The path of one of its files.
  public func path(of file: File) -> String { "\(path)/\(file.rawValue)" }

  /// The files that are there, in order of `File.allCases`.
  public var written: [String] { File.allCases.filter(holds).map(path(of:)) }

  /// Writing and committing a file is the one honest test of permission and space.
  private static func probe(_ path: String) throws(OutputError) {
    let probe = "\(path)/.probe.\(getpid())"
    defer { unlink(probe) }
    do throws(OutputError) {
      try AtomicFile.write("probe\n", to: probe)
    } catch .cannotCreate(_, let reason) {
      throw .cannotCreate(path: path + "/" + File.configuration.rawValue, reason: reason)
    } catch .diskFull {
      throw .diskFull(path: path)
    }
  }

  /// What a run that was killed in the middle of a file left behind.
  private func removeUnfinishedFiles(of others: [String] = []) {
    Self.removeUnfinished(File.allCases.map(\.rawValue) + others, in: path)
  }

  /// Removes what a writer of one of `files` in `directory` left behind when it was killed. No writer may be at work there.
  public static func removeUnfinished(_ files: [String], in directory: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names
    where AtomicFile.isTemporary(name, for: files) || name.hasPrefix(".probe.") || name.hasPrefix("..probe.") {
      unlink("\(directory)/\(name)")
    }
  }

  private static func makeDirectory(_ path: String) throws(OutputError) {
    guard !path.isEmpty else { throw .cannotCreateDirectory(path: "\"\"", reason: "the name is empty") }
    var information = stat()
    if stat(path, &information) == 0 {
      if information.st_mode & S_IFMT != S_IFDIR { throw .notADirectory(path: path) }
      return
    }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeDirectory(String(path[..<slash])) }
    if mkdir(path, 0o777) != 0, errno != EEXIST { throw failure(making: path, errno) }
  }

  private static func failure(making path: String, _ code: Int32) -> OutputError {
    code == ENOSPC || code == EDQUOT
      ? .diskFull(path: path) : .cannotCreateDirectory(path: path, reason: SystemReason.text(of: code))
  }
}
