/// What a later command needs of the directory that a tuning run left: its options and its priors.
public struct FinishedRun: Sendable, Equatable {
  /// The directory as the user wrote it.
  public let path: String
  /// `config.json`.
  public let configuration: RunConfiguration
  /// `priors.json`.
  public let priors: PriorExport

  /// Reads the files of the run at `path`.
  /// - Throws: `FinishedRunError`.
  public init(path: String) throws(FinishedRunError) {
    self.path = RunDirectory.trimmed(path)
    configuration = try Self.read(RunConfiguration.self, .configuration, in: self.path)
    priors = try Self.read(PriorExport.self, .priors, in: self.path)
  }

  /// The path of one of its files, for messages.
  public func path(of file: RunDirectory.File) -> String { "\(path)/\(file.rawValue)" }

  /// One of the JSON files of the run in `directory`, finished or not.
  /// - Throws: `FinishedRunError`.
  public static func read<Value: Decodable>(
    _ type: Value.Type, _ file: RunDirectory.File, in directory: String
  ) throws(FinishedRunError) -> Value {
    try read(type, from: "\(directory)/\(file.rawValue)")
  }

  /// The value of the JSON file at `path`.
  /// - Throws: `FinishedRunError`.
  public static func read<Value: Decodable>(
    _ type: Value.Type, from path: String
  ) throws(FinishedRunError) -> Value {
    let text = try self.text(of: path)
    do {
      return try JSONText.decode(type, from: text)
    } catch let DecodingError.keyNotFound(key, _) {
      throw .wrongFormat(file: path, reason: "the key \"\(key.stringValue)\" is missing")
    } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context) {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .wrongFormat(file: path, reason: "the value of \"\(place)\" is of another kind than expected")
    } catch {
      throw .wrongFormat(file: path, reason: "it is not the JSON that a run writes")
    }
  }

  /// The text of the file at `path`.
  /// - Throws: `FinishedRunError`.
  public static func text(of path: String) throws(FinishedRunError) -> String {
    let bytes: [UInt8]
    do throws(TableError) {
      bytes = try FileBytes.contents(of: path)
    } catch .missing {
      throw .missing(file: path)
    } catch { throw .unreadable(error) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .wrongFormat(file: path, reason: "it is not UTF-8")
    }
    return text
  }
}

/// What is wrong with the directory of a run.
public enum FinishedRunError: ReportableError, Sendable, Equatable {
  /// A file is not there, or the directory is not.
  case missing(file: String)
  /// A file cannot be read.
  case unreadable(TableError)
  /// A file is not what a run writes.
  case wrongFormat(file: String, reason: String)

  /// 66 for what is missing or cannot be read, 65 for what is not as it should be.
  public var exitCode: ExitCode {
    switch self {
    case .missing: .noInput
    case .unreadable(let error): error.exitCode
    case .wrongFormat: .data
    }
  }

  /// One sentence for people.
  public var description: String {
    switch self {
    case .missing(let file) where file.hasSuffix("/" + RunDirectory.File.configuration.rawValue):
      "\(file): there is no such file; the directory that a tuning run wrote with --out is needed."
    case .missing(let file):
      "\(file): there is no such file; the directory that a finished run wrote with --out is needed."
    case .unreadable(let error): error.description
    case .wrongFormat(let file, let reason): "\(file): the file of a run is needed; \(reason)."
    }
  }
}
