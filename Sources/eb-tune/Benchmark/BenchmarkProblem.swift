import AnalyticModels
import EmpiricalBayes
import Experts
import LogDensities
import TuningIO

/// A model whose maximiser is known, to run schedules on.
protocol BenchmarkProblem: Sendable {
  associatedtype Model: HierarchicalModel where Model.Posterior: LogDensity
  var name: String { get }
  /// A sentence on data, reference and doubts.
  var summary: String { get }
  /// γ, 0 where there are no experts.
  var gamma: Double { get }
  /// The model that the run of that seed is on.
  func model(for seed: Int) -> Model
  /// What λ lacks of the maximum, in nats; infinite where it is too far off to tell.
  func regret(of lambda: Hyperparameters, for seed: Int) -> Double
  /// The mean log predictive density of held-out rows; nil where there are none.
  func heldOutDensity(_ draws: WeightedSample) throws -> Double?
  /// Whether `heldOutDensity` gives a number.
  var holdsRowsOut: Bool { get }
}

/// The problems by name.
enum BenchmarkCatalogue {
  static let analytic = ["gaussian-hierarchy", "gaussian-regression", "laplace-regression", "logistic-hierarchy"]
  static let names = analytic + BuiltInProblem.allCases.map(\.rawValue)
  /// The user's own rows.
  static let study = "study"

  /// The analytic problem of that name; nil for another one.
  static func analyticProblem(_ name: String) throws -> (any BenchmarkProblem)? {
    let data = AnalyticProblem<GaussianHierarchy>.dataSeeds
    switch name {
    case "gaussian-hierarchy":
      return AnalyticProblem(
        name, "50 groups with known errors, location and scale tuned",
        data.map { GaussianHierarchy.simulated(seed: $0) })
    case "gaussian-regression":
      return AnalyticProblem(
        name, "linear regression, 100 rows, 40 features, normal prior, scale tuned",
        try data.map { try GaussianRegression.simulated(seed: $0) })
    case "laplace-regression":
      return AnalyticProblem(
        name, "linear regression, 100 rows, 40 orthogonal features, Laplace prior, scale tuned",
        data.map { LaplaceRegression.simulated(seed: $0) })
    case "logistic-hierarchy":
      return AnalyticProblem(
        name, "30 groups of Bernoulli trials, location and scale tuned",
        data.map { LogisticHierarchy.simulated(seed: $0) })
    default: return nil
    }
  }
}

/// A problem with an exact evidence: two data sets, for odd and for even seeds, since one can hide what fails on another.
struct AnalyticProblem<Model: AnalyticModel>: BenchmarkProblem {
  let name: String
  let summary: String
  let gamma = 0.0
  let holdsRowsOut = false
  private let models: [Model]
  private let heights: [Double]

  static var dataSeeds: [UInt64] { [1, 2] }

  init(_ name: String, _ subject: String, _ models: [Model]) {
    self.name = name
    summary = "\(subject); \(models.count) simulated data sets in turn, exact evidence."
    self.models = models
    heights = models.map { $0.logObjective(at: $0.maximiser()) }
  }

  private func index(_ seed: Int) -> Int { (seed - 1) % models.count }

  func model(for seed: Int) -> Model { models[index(seed)] }

  func regret(of lambda: Hyperparameters, for seed: Int) -> Double {
    let regret = heights[index(seed)] - model(for: seed).logObjective(at: lambda)
    return regret.isNaN ? .infinity : max(0, regret)
  }

  func heldOutDensity(_ draws: WeightedSample) -> Double? { nil }
}
