import EmpiricalBayes
import Evaluation
import Experts
import GaussianProcesses
import LogDensities
import ModelMixing
import Sampling
import TuningIO

/// The end of a run: a sentence for people and a code for scripts.
struct Failure: Error, Sendable {
  let sentence: String
  let status: TuningIO.ExitCode

  init(_ sentence: String, _ status: TuningIO.ExitCode) {
    self.sentence = sentence
    self.status = status
  }

  /// What any error of the libraries means to a user; nil for errors that are not theirs.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case OutputError.occupied(let path):
      self.init("\(path): a run is there already; name another directory or give --overwrite.", .cannotCreate)
    case let error as any ReportableError: self.init(error.description, error.exitCode)
    case let error as FeatureSyntaxError: self.init(NearestNames.hinting(error.description), .usage)
    case let error as DesignError:
      if case .unknownColumn = error {
        self.init(NearestNames.hinting(error.description), .usage)
      } else {
        self.init(error.description, .data)
      }
    case let error as ModelError: self.init(error.description, .usage)
    case let error as TuningError: self.init(error.description, Self.status(of: error))
    case let error as EvidenceError: self.init(error.description, Self.status(of: error))
    case let error as SamplingError: self.init(error.description, Self.status(of: error))
    case let error as MixingError: self.init(error.description, Self.status(of: error))
    case let error as GaussianProcessError: self.init(error.description, Self.status(of: error))
    case let error as EvaluationError: self.init(error.description, .data)
    default: return nil
    }
  }

  private static func status(of error: MixingError) -> TuningIO.ExitCode {
    switch error {
    case .setting: .usage
    case .cancelled: .temporary
    default: .data
    }
  }

  private static func status(of error: GaussianProcessError) -> TuningIO.ExitCode {
    switch error {
    case .setting, .kernel, .text, .parameter: .usage
    case .cancelled: .temporary
    default: .data
    }
  }

  private static func status(of error: TuningError) -> TuningIO.ExitCode {
    switch error {
    case .entropyWeight, .nothingToAllocate, .nothingToTune, .undefined: .usage
    default: .software
    }
  }

  private static func status(of error: EvidenceError) -> TuningIO.ExitCode {
    switch error {
    case .setting: .usage
    case .tooManyStages, .noFiniteLikelihood, .noWeight: .data
    case .notConverged, .batches: .software
    }
  }

  private static func status(of error: SamplingError) -> TuningIO.ExitCode {
    switch error {
    case .setting: .usage
    case .nonFiniteStart, .noFiniteStart: .data
    case .cancelled: .temporary
    default: .software
    }
  }
}
