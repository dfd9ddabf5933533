/// `checkpoint`: where a run stands, so that it can go on after whatever ended it. It is written anew as a whole and renamed,
/// so a run that is killed leaves the one before.
///
/// The first line names the format, the second is the SHA-256 of all that follows, the third is a `Header` as JSON, and the
/// rest is the progress as JSON.
public enum Checkpoint {
  /// What a checkpoint belongs to.
  public struct Header: Sendable, Codable, Equatable {
    /// The program's version.
    public var version: String
    /// The SHA-256 of the run's `config.json`, which holds the fingerprint of the data.
    public var configuration: String

    /// The header of a checkpoint beside the `config.json` at `path`.
    /// - Throws: `TableError` where that cannot be read.
    public init(version: String, configurationAt path: String) throws(TableError) {
      self.version = version
      configuration = try SHA256.hexadecimal(ofFile: path)
    }
  }

  /// The first line; the number counts changes of the format.
  private static let firstLine = "eb-tune checkpoint 1"

  /// Writes `progress` to `path`.
  /// - Throws: `OutputError`; what was at the path before is then untouched.
  public static func write(_ progress: some Encodable, _ header: Header, to path: String) throws(OutputError) {
    let contents: String
    do {
      contents = try JSONText.line(header) + "\n" + JSONText.line(progress) + "\n"
    } catch {
      throw .cannotEncode(path: path, reason: "\(error)")
    }
    let digest = SHA256.hexadecimal(of: Array(contents.utf8))
    let file = try AtomicFile(path: path)
    try file.append("\(firstLine)\n\(digest)\n")
    try file.append(contents)
    try file.commit()
  }

  /// The progress that was written to `path` for the run that `header` names; nil where there is no such file.
  /// - Throws: `CheckpointError`, `TableError` where the file cannot be read.
  public static func read<Progress: Decodable>(
    _ type: Progress.Type, of header: Header, from path: String
  ) throws -> Progress? {
    let bytes: [UInt8]
    do throws(TableError) {
      bytes = try FileBytes.contents(of: path)
    } catch .missing {
      return nil
    }
    let lines = bytes.split(separator: 10, maxSplits: 3, omittingEmptySubsequences: false)
    guard lines.count == 4, let first = String(validating: lines[0], as: UTF8.self) else {
      throw CheckpointError.damaged(file: path)
    }
    guard first == firstLine else { throw CheckpointError.otherFormat(file: path) }
    guard SHA256.hexadecimal(of: Array(bytes[lines[2].startIndex...])) == String(decoding: lines[1], as: UTF8.self),
      let found = try? JSONText.decode(Header.self, from: String(decoding: lines[2], as: UTF8.self))
    else { throw CheckpointError.damaged(file: path) }
    guard found.version == header.version else {
      throw CheckpointError.otherVersion(file: path, found: found.version, expected: header.version)
    }
    guard found.configuration == header.configuration else { throw CheckpointError.otherRun(file: path) }
    do {
      return try JSONText.decode(type, from: String(decoding: lines[3], as: UTF8.self))
    } catch {
      throw CheckpointError.otherRun(file: path)
    }
  }
}

/// Why a run cannot go on from a checkpoint.
public enum CheckpointError: ReportableError, Sendable, Equatable {
  /// Bytes are missing or have changed.
  case damaged(file: String)
  /// Not a checkpoint, or one of another format.
  case otherFormat(file: String)
  /// Written by another version of the program.
  case otherVersion(file: String, found: String, expected: String)
  /// It belongs to another configuration than the one beside it.
  case otherRun(file: String)
  /// The trace beside it does not reach as far.
  case shortTrace(file: String, iterations: Int)

  /// 65.
  public var exitCode: ExitCode { .data }

  /// One sentence for people.
  public var description: String {
    switch self {
    case .damaged(let file):
      "\(file): the checkpoint is damaged; once it is removed, eb-tune resume repeats the run from its first iteration."
    case .otherFormat(let file): "\(file): this is no checkpoint, or one of another version of eb-tune."
    case .otherVersion(let file, let found, let expected):
      "\(file): the checkpoint was written by version \(found) of eb-tune, and this is version \(expected)."
    case .otherRun(let file):
      "\(file): the checkpoint belongs to another run than the config.json beside it, or that was edited."
    case .shortTrace(let file, let iterations):
      "\(file): the trace does not hold the \(iterations) iteration\(iterations == 1 ? "" : "s") that the checkpoint has finished; lines were lost or edited."
    }
  }
}
