#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// The paper's synthetic Switch data: Y ~ N(±3, 1/4), +3 with probability p(x) = 1/(1 + exp(−τx)): pure competition.
///
/// The paper leaves τ and the law of x open: τ = 2 and x ~ N(0, 1) here, unless asked for otherwise. The experiment of the
/// same name has other defaults, which come nearer to the paper's figures.
public enum SwitchProblem {
  /// Training rows, then as many test rows, from one stream.
  public static func problem(
    seed: UInt64 = 1, rows: Int = 500, slope: Double = 2, law: SimulatedInput = .normal
  ) -> Problem {
    TwoRegimes.problem(
      name: "switch",
      summary: "Simulated: two lines at ±3, one of which each row takes at random (CoCoAFusE paper, Switch).",
      seed: seed, rows: rows, slope: slope, law: law
    ) { stream, probability in stream.uniform() < probability ? 1 : 0 }
  }
}

/// The paper's synthetic Transition data: α | x ~ Beta(k p(x), k (1 − p(x))), Y ~ N(3α − 3(1 − α), 1/4): rows between two
/// lines.
///
/// The paper leaves τ, k and the law of x open: τ = 2, k = 20 and x ~ N(0, 1) here, unless asked for otherwise. The experiment
/// of the same name has other defaults, which come nearer to the paper's figures.
public enum TransitionProblem {
  /// Training rows, then as many test rows, from one stream.
  public static func problem(
    seed: UInt64 = 1, rows: Int = 500, slope: Double = 2, concentration: Double = 20, law: SimulatedInput = .normal
  ) -> Problem {
    TwoRegimes.problem(
      name: "transition",
      summary: "Simulated: rows between two lines at ±3, at a random place (CoCoAFusE paper, Transition).",
      seed: seed, rows: rows, slope: slope, law: law
    ) { stream, probability in
      stream.beta(concentration * probability, concentration * (1 - probability))
    }
  }
}

/// How x of a simulation is spread, which the paper leaves open.
public enum SimulatedInput: String, Sendable, Codable, CaseIterable {
  /// x ~ N(0, 1).
  case normal
  /// x uniform on (−1, 1).
  case uniform

  var description: String { self == .normal ? "standard normal" : "uniform between -1 and 1" }

  func value(_ stream: inout RandomStream) -> Double {
    switch self {
    case .normal: stream.normal()
    case .uniform: 2 * stream.uniform() - 1
    }
  }
}

/// What the two have in common: p(x) = logistic(τx), Y ~ N(6α − 3, 1/4) with α drawn given p(x).
enum TwoRegimes {
  static func problem(
    name: String, summary: String, seed: UInt64, rows: Int, slope: Double, law: SimulatedInput,
    share: (inout RandomStream, Double) -> Double
  ) -> Problem {
    var stream = RandomStream(seed: seed, purpose: .simulation)
    var x: [Double] = []
    var y: [Double] = []
    for _ in 0..<2 * rows {
      let position = law.value(&stream)
      let alpha = share(&stream, 1 / (1 + exp(-slope * position)))
      x.append(position)
      y.append(6 * alpha - 3 + 0.25 * stream.normal())
    }
    let all = NumericColumns(names: ["x", "y"], values: [x, y])
    return Problem(
      name: name, summary: summary, isSimulated: true, training: all.selecting(Array(0..<rows)),
      test: all.selecting(Array(rows..<2 * rows)), target: "y", expertTerms: "x", gateTerms: "x",
      standardizesColumns: false, scaling: .identity, experts: 2, priors: nil,
      notes: ["The data are simulated (seed \(seed)): x is \(law.description), the noise has standard deviation 1/4."])
  }
}
