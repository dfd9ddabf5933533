import EmpiricalBayes
import TuningIO

/// Where the files of a run go, and what to say about it at the beginning.
struct RunHome: Sendable, Equatable {
  /// The directory; nil where nothing is written.
  let path: String?
  /// A sentence where the user did not choose.
  let notice: String?
  /// Whether the directory was named after the options.
  let isStandard: Bool

  /// What `--out` says, or a new directory at `standard`, with a number after it where that is taken. Where none can be made,
  /// the run goes on without files, since nobody asked for any.
  /// - Throws: `OutputError` for an earlier run that cannot be replaced.
  init(_ output: OutputOptions, standard: String) throws(OutputError) {
    if let out = output.out {
      self.init(path: out == "none" ? nil : out, notice: nil, isStandard: false)
      return
    }
    do throws(OutputError) {
      let path = output.overwrite ? standard : try RunDirectory.makeUnused(standard)
      self.init(path: path, notice: "Writing to \(path); --out names another place.", isStandard: true)
    } catch {
      self.init(
        path: nil, notice: "No files are written, since --out is not given and \(error.description)", isStandard: false)
    }
  }

  private init(path: String?, notice: String?, isStandard: Bool) {
    self.path = path
    self.notice = notice
    self.isStandard = isStandard
  }

  /// Says it.
  func announce(_ style: ProgressStyle) {
    guard let notice else { return }
    // That nothing is kept is said to those who asked for silence as well.
    if path == nil { Console.standardError(notice + "\n") } else { Narrator(style).say(notice) }
  }

  /// The options and what was typed, with the place written down as if it had been typed.
  func noted(in output: OutputOptions, _ invocation: Invocation) -> (OutputOptions, Invocation) {
    var (output, invocation) = (output, invocation)
    output.out = path
    if isStandard, let path { invocation.arguments += ["--out", path] }
    return (output, invocation)
  }

  /// The directory of a run that names none: what is fitted, how, and what else sets it apart from other runs.
  static func standard(of study: Study, _ command: TuneCommand) -> String {
    let gammas = command.tuning.gamma.values
    var parts = [stem(study.name), command.model.model.rawValue]
    if let experts = command.model.experts { parts.append("\(experts)experts") }
    parts.append(gammas.count == 1 ? "gamma\(GammaPath.name(gammas[0]))" : "path")
    if command.tuning.schedule != ScheduleName.pooledNewton { parts.append(command.tuning.schedule.rawValue) }
    if command.sampling.seed != 1 { parts.append("seed\(command.sampling.seed)") }
    return "runs/" + parts.joined(separator: "-")
  }

  /// The same of a mixture.
  static func standard(of study: MixStudy, _ command: MixCommand) -> String {
    var parts = ["mix", stem(study.name), command.chosenMethod.rawValue]
    if let weights = command.chosenWeights(study) { parts.append(weights.rawValue) }
    if let rule = command.method.rule { parts.append(rule.rawValue) }
    if command.tuning.gamma > 0 { parts.append("gamma\(GammaPath.name(command.tuning.gamma))") }
    if command.sampling.seed != 1 { parts.append("seed\(command.sampling.seed)") }
    return "runs/" + parts.joined(separator: "-")
  }

  /// The name of a problem or of a data file as a part of a file's name.
  static func stem(_ name: String) -> String {
    let file = name.split(separator: "/").last.map(String.init) ?? ""
    let base = file.lastIndex(of: ".").map { $0 == file.startIndex ? file : String(file[..<$0]) } ?? file
    let plain = base.map { $0.isLetter || $0.isNumber || "._+".contains($0) ? $0 : "-" }
    let words = String(plain).split(separator: "-").joined(separator: "-")
    let trimmed = String(words.drop { $0 == "." }.prefix(40))
    return trimmed.isEmpty ? "data" : trimmed
  }
}
