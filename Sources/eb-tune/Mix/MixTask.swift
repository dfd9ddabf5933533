import EmpiricalBayes
import TuningIO

/// A mixture to be found, by whatever method.
protocol MixTask: Sendable {
  /// What stands for options that were not given.
  var plan: MixPlan { get }

  /// The priors with what is tuned of them; nil where there are none.
  var priors: PriorSummary? { get }

  /// What evidence is estimated of.
  /// - Throws: `Failure` where there is no density that gradients can be followed of.
  func density() throws -> MixDensity

  /// All of it, from the beginning or from where `files` says that it stands.
  /// - Throws: `Failure` where it was interrupted.
  func perform(in files: MixFiles?, _ narrator: Narrator, _ stop: StopRequest) async throws -> MixOutcome
}

/// How a mixture is found, where options leave it open.
struct MixPlan: Sendable {
  /// What draws from the posterior, in words.
  let sampler: String
  /// How λ is moved; nil where nothing is tuned.
  let schedule: ScheduleName?
  /// Outer iterations at most; nil where nothing is tuned.
  let iterations: Int?

  /// The number of outer iterations where it is known.
  var knownIterations: Int? { schedule?.knowsWhenToStop == false ? iterations : nil }
}

/// A mixture that is a formula: precision mixing, or weights that are known of models without parameters.
struct ClosedFormTask: MixTask {
  let outcome: @Sendable () throws -> MixOutcome

  var plan: MixPlan { MixPlan(sampler: "closed form", schedule: nil, iterations: nil) }
  var priors: PriorSummary? { nil }

  func density() throws -> MixDensity {
    throw Failure("Nothing was sampled in this mixture, which is a formula: there is no evidence to estimate.", .usage)
  }

  func perform(in files: MixFiles?, _ narrator: Narrator, _ stop: StopRequest) async throws -> MixOutcome {
    try outcome()
  }
}
