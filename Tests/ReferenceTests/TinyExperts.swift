import Experts
import Foundation
import LogDensities
import Priors

/// Two experts without features and a gate with a bias only, on five rows: five or six parameters, few enough for
/// quadrature of the marginal likelihood. The likelihood and the priors are written out here, apart from the library.
///
/// Parameters are a_1, a_2, G, (g_β), ln σ_1, ln σ_2. Priors are unequal on purpose: normal on the intercepts and G,
/// Laplace on g_β, log-normal on σ.
struct TinyExperts {
  static let y = [-1.3, -0.4, 0.2, 0.9, 1.6]
  /// Location and scale of every parameter's prior.
  static let priors: [String: (Double, Double)] = [
    "intercept[1]": (-0.4, 1), "intercept[2]": (0.5, 0.7), "gate[1,bias]": (0.3, 1.1), "behaviour[bias]": (-0.2, 0.9),
    "sigma[1]": (-0.2, 0.2), "sigma[2]": (0.1, 0.15),
  ]

  let combination: Combination
  let isOrdered: Bool

  /// The library's model, every hyperparameter tuned by itself and without hyperpriors.
  func model() throws -> ExpertModel {
    var priors = ExpertPriors()
    for (name, (location, scale)) in Self.priors where combination == .cocoafuse || name != "behaviour[bias]" {
      if name.hasPrefix("sigma") {
        priors.overrides[name] = .logNormal(location: location, scale: scale)
      } else if name == "behaviour[bias]" {
        priors.overrides[name] = .laplace(location: location, scale: scale)
      } else {
        priors.overrides[name] = .normal(location: location, scale: scale)
      }
    }
    var model = try ExpertModel(
      combination, experts: 2,
      data: ExpertRows(
        expertNames: [], expertFeatures: [], gateNames: ["bias"], gateFeatures: Self.y.map { _ in 1 },
        response: Self.y), priors: priors, ordering: isOrdered ? .intercepts : .none)
    model.hyperparameters = model.hyperparameters.assigned(.all, hyperprior: nil)
    return model
  }

  /// p(y | θ) by (11), (17) and Remark 9.
  func likelihood(_ a: (Double, Double), _ share: Double, _ beta: Double, _ variance: (Double, Double)) -> Double {
    func normal(_ y: Double, _ mean: Double, _ variance: Double) -> Double {
      exp(-0.5 * (y - mean) * (y - mean) / variance) / (2 * Double.pi * variance).squareRoot()
    }
    let blend = (share * a.0 + (1 - share) * a.1, share * variance.0 + (1 - share) * variance.1)
    if combination == .boe { return Self.y.reduce(1) { $0 * normal($1, blend.0, blend.1) } }
    let weight = combination == .moe ? 1 : beta
    let means = (weight * a.0 + (1 - weight) * blend.0, weight * a.1 + (1 - weight) * blend.0)
    let variances = (weight * variance.0 + (1 - weight) * blend.1, weight * variance.1 + (1 - weight) * blend.1)
    return Self.y.reduce(1) {
      $0 * (share * normal($1, means.0, variances.0) + (1 - share) * normal($1, means.1, variances.1))
    }
  }
}

/// ln L(λ) and H(λ) of a `TinyExperts` by quadrature: the likelihood on a fixed product grid, contracted with the priors
/// at any λ. Trapezoids over ±5 prior scales for smooth integrands, whose error falls faster than any power of the
/// spacing; Gauss–Legendre panels where there is a kink (the location of a Laplace prior) or an end (a_1 = a_2).
struct TinyQuadrature {
  /// A node and its weight.
  typealias Node = (x: Double, weight: Double)

  private let problem: TinyExperts
  private let pairs: [(a: (Double, Double), weight: Double)]
  /// G, then g_β, then ln σ_1 and ln σ_2.
  private let axes: [[Node]]
  private let likelihood: [Double]

  init(_ problem: TinyExperts) {
    self.problem = problem
    func prior(_ name: String) -> (Double, Double) { TinyExperts.priors[name] ?? (0, 1) }
    let first = Self.trapezoid(prior("intercept[1]"), spacing: 0.45)
    if problem.isOrdered {
      // a_2 = a_1 + d with d ≥ 0: the ordering's edge is the end of a panel.
      let panels = [0.0, 1.5, 3, 6, 10]
      let gaps = zip(panels, panels.dropFirst()).flatMap { Self.gaussLegendre($0, $1) }
      pairs = first.flatMap { a in gaps.map { (a: (a.x, a.x + $0.x), weight: a.weight * $0.weight) } }
    } else {
      let second = Self.trapezoid(prior("intercept[2]"), spacing: 0.5)
      pairs = first.flatMap { a in second.map { (a: (a.x, $0.x), weight: a.weight * $0.weight) } }
    }
    let (center, scale) = prior("behaviour[bias]")
    let behaviour: [Node] =
      problem.combination == .cocoafuse
      ? [-16.0, -4, 0].enumerated().flatMap { index, low -> [Node] in
        let high = [-4.0, 0, 4][index]
        return Self.gaussLegendre(center + low * scale, center + high * scale)
      } + Self.gaussLegendre(center + 4 * scale, center + 16 * scale)
      : [(x: 0, weight: 1)]
    let axes = [
      Self.trapezoid(prior("gate[1,bias]"), spacing: 0.6), behaviour,
      Self.trapezoid(prior("sigma[1]"), spacing: 1.4), Self.trapezoid(prior("sigma[2]"), spacing: 1.4),
    ]
    self.axes = axes
    var values: [Double] = []
    values.reserveCapacity(pairs.count * axes.reduce(1) { $0 * $1.count })
    for pair in pairs {
      for gate in axes[0] {
        let share = 1 / (1 + exp(-gate.x))
        for behaviour in axes[1] {
          let beta = 1 / (1 + exp(-behaviour.x))
          for first in axes[2] {
            for second in axes[3] {
              values.append(problem.likelihood(pair.a, share, beta, (exp(2 * first.x), exp(2 * second.x))))
            }
          }
        }
      }
    }
    likelihood = values
  }

  /// ln L and H at λ; `lambda` holds location and ln scale of a_1, a_2, G, (g_β), ln σ_1, ln σ_2 in turn.
  func evaluate(at lambda: [Double]) -> (logEvidence: Double, entropy: Double) {
    func prior(_ parameter: Int) -> (Double, Double) { (lambda[2 * parameter], exp(lambda[2 * parameter + 1])) }
    let hasBehaviour = problem.combination == .cocoafuse
    let last = hasBehaviour ? 4 : 3
    let densities = [
      axes[0].map { $0.weight * Self.normal($0.x, prior(2)) },
      axes[1].map { hasBehaviour ? $0.weight * Self.laplace($0.x, prior(3)) : 1 },
      axes[2].map { $0.weight * Self.normal($0.x, prior(last)) },
      axes[3].map { $0.weight * Self.normal($0.x, prior(last + 1)) },
    ]
    let outer = pairs.map { $0.weight * Self.normal($0.a.0, prior(0)) * Self.normal($0.a.1, prior(1)) }
    var byGate = [Double](repeating: 0, count: axes[0].count)
    let innermost = densities[2].flatMap { first in densities[3].map { first * $0 } }
    likelihood.withUnsafeBufferPointer { values in
      var index = 0
      for pair in pairs.indices {
        for gate in byGate.indices {
          var sum = 0.0
          for behaviour in densities[1].indices {
            var inner = 0.0
            for weight in innermost {
              inner += weight * values[index]
              index += 1
            }
            sum += densities[1][behaviour] * inner
          }
          byGate[gate] += outer[pair] * densities[0][gate] * sum
        }
      }
    }
    let total = byGate.reduce(0, +)
    let entropy = zip(byGate, axes[0]).reduce(0) { $0 + $1.0 / total * Self.logEntropy($1.1.x) }
    // The ordered prior is divided by the probability of the order.
    return (log(total) - (problem.isOrdered ? log(outer.reduce(0, +)) : 0), entropy)
  }

  /// ln P(a_1 ≤ a_2) at λ.
  func logOrderProbability(at lambda: [Double]) -> Double {
    log(
      pairs.reduce(0) {
        $0 + $1.weight * Self.normal($1.a.0, (lambda[0], exp(lambda[1])))
          * Self.normal($1.a.1, (lambda[2], exp(lambda[3])))
      })
  }

  private static func normal(_ x: Double, _ prior: (Double, Double)) -> Double {
    let z = (x - prior.0) / prior.1
    return exp(-0.5 * z * z) / (prior.1 * (2 * Double.pi).squareRoot())
  }

  private static func laplace(_ x: Double, _ prior: (Double, Double)) -> Double {
    exp(-abs(x - prior.0) / prior.1) / (2 * prior.1)
  }

  /// ln of the entropy in bits of two shares, from their logit.
  private static func logEntropy(_ logit: Double) -> Double {
    let (larger, smaller) = (1 / (1 + exp(-abs(logit))), 1 / (1 + exp(abs(logit))))
    return log(-(larger * log2(larger) + smaller * log2(smaller)))
  }

  private static func trapezoid(_ prior: (Double, Double), spacing: Double) -> [Node] {
    let steps = Int((5.6 / spacing).rounded(.up))
    return (-steps...steps).map { (x: prior.0 + Double($0) * spacing * prior.1, weight: spacing * prior.1) }
  }

  /// Eight nodes, by Newton's method on the Legendre polynomial.
  private static func gaussLegendre(_ low: Double, _ high: Double) -> [Node] {
    let order = 8
    return (0..<order).map { index in
      var x = cos(Double.pi * (Double(index) + 0.75) / (Double(order) + 0.5))
      var slope = 1.0
      for _ in 0..<20 {
        var (previous, value) = (1.0, x)
        for k in 2...order {
          (previous, value) = (value, (Double(2 * k - 1) * x * value - Double(k - 1) * previous) / Double(k))
        }
        slope = Double(order) * (x * value - previous) / (x * x - 1)
        x -= value / slope
      }
      return (x: (low + high) / 2 + (high - low) / 2 * x, weight: (high - low) / ((1 - x * x) * slope * slope))
    }
  }
}
