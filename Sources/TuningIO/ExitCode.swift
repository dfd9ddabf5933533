/// What the program tells the shell, after BSD's sysexits.
public enum ExitCode: Int32, Sendable {
  /// The command line asks for something that does not exist or cannot be.
  case usage = 64
  /// The data are not what they should be.
  case data = 65
  /// An input file is missing or cannot be read.
  case noInput = 66
  /// The program itself failed.
  case software = 70
  /// An output file cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed on the way.
  case inputOutput = 74
  /// The run was interrupted; what it had finished is saved.
  case temporary = 75
}

/// An error that says in one sentence what is wrong, and how the program should end on it.
public protocol ReportableError: Error, CustomStringConvertible {
  /// The code to end with.
  var exitCode: ExitCode { get }
}
