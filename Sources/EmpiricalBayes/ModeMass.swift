#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities
import Sampling

/// The logarithm of ∫ f over one mode of f, from the draws of chains that stayed in it.
///
/// Bridge sampling (Meng and Wong 1996) between the mode's draws and a Student-t fitted to those of the other half, both
/// ways round. In many dimensions it can miss by more than its own error says (by 3 nats in 54, measured), which is why no
/// error is given below d / 18 nats. Where no bridge stands, `NormalMass` stands in, whose difference between two modes is good
/// to about √d / 2 + d / 10 nats.
struct ModeMass {
  /// ln ∫ f, with its error.
  let logMass: Estimate
  /// Evaluations of f with its gradient.
  let evaluations: Int

  /// At most so many draws of a half take part.
  private static let mostDraws = 1000

  /// nil where the draws have no spread, or f is not finite at them.
  init?(_ chains: [[[Double]]], of density: some LogDensity, stream: RandomStream) {
    var stream = stream
    let d = density.dimension
    let count = chains.reduce(0) { $0 + $1.count }
    var evaluations = 0
    func logDensity(_ position: [Double]) -> Double {
      evaluations += 1
      guard let (value, _) = try? density.evaluate(at: position) else { return -.infinity }
      return value
    }
    guard let found = count >= 10 * d ? Self.bothWays(chains, logDensity, &stream) : nil else {
      let step = max(1, count / Self.mostDraws)
      let some = chains.joined().enumerated().filter { $0.offset % step == 0 }.map(\.element)
      guard let mass = Self.byEntropy(some, logDensity) else { return nil }
      logMass = mass
      self.evaluations = evaluations
      return
    }
    let value = 0.5 * (found[0].value + found[1].value)
    let own = 0.5 * (pow(found[0].standardError, 2) + pow(found[1].standardError, 2)).squareRoot()
    let between = 0.5 * abs(found[0].value - found[1].value)
    logMass = Estimate(value: value, standardError: max(own, between, Double(d) / 18))
    self.evaluations = evaluations
  }

  /// Each half of the draws bridged to what was fitted to the other; nil where there are too few draws, or too few of either
  /// side lie where the other's do.
  private static func bothWays(
    _ chains: [[[Double]]], _ logDensity: ([Double]) -> Double, _ stream: inout RandomStream
  ) -> [Estimate]? {
    guard chains.allSatisfy({ $0.count >= 8 }) else { return nil }
    let halves = [0, 1].map { half in
      chains.map { chain in
        let own = half == 0 ? chain[..<(chain.count / 2)] : chain[(chain.count / 2)...]
        let step = max(1, own.count * chains.count / mostDraws)
        return stride(from: own.startIndex, to: own.endIndex, by: step).map { own[$0] }
      }
    }
    var found: [Estimate] = []
    for half in 0..<2 {
      let fitted = Array(halves[1 - half].joined())
      guard let estimate = bridge(halves[half], fittedTo: fitted, logDensity, &stream) else { return nil }
      found.append(estimate)
    }
    return found
  }

  /// Bridge sampling with the optimal bridge; the error is that of Frühwirth-Schnatter (2004), with autocorrelated draws
  /// counted by their effective number.
  private static func bridge(
    _ chains: [[[Double]]], fittedTo fitted: [[Double]], _ logDensity: ([Double]) -> Double,
    _ stream: inout RandomStream
  ) -> Estimate? {
    guard let proposal = ModeProposal(fitted) else { return nil }
    let draws = Array(chains.joined())
    let proposed = draws.map { _ in proposal.draw(&stream) }
    let targets = (draws + proposed).map(logDensity)
    let proposals = (draws + proposed).map(proposal.logDensity)
    guard targets.prefix(draws.count).allSatisfy(\.isFinite) else { return nil }
    var start = 0
    let perChain = chains.map { chain in
      defer { start += chain.count }
      return (start..<start + chain.count).map { targets[$0] - proposals[$0] }
    }
    let n = Double(draws.count)
    let effective = min(n, max(1, EffectiveSampleSize.mean(perChain)))
    let logWeights = targets.indices.map { $0 < draws.count ? log(effective / n) : 0 }
    let ratio = MultistateRatio(logDensities: [targets, proposals], counts: [effective, n], logWeights: logWeights)
    let value = ratio.logConstants[0]
    guard value.isFinite else { return nil }
    // f₁ and f₂: shares of the target and of the proposal in the mixture of both, seen from the other side.
    let shares = targets.indices.map { index in
      let logOdds = log(effective / n) + targets[index] - value - proposals[index]
      return 1 / (1 + exp(-logOdds))
    }
    let own = moments(Array(shares.suffix(proposed.count)))
    let other = moments(shares.prefix(draws.count).map { 1 - $0 })
    guard own.mean > 0, other.mean > 0 else { return nil }
    let relative =
      own.variance / (own.mean * own.mean) / n + other.variance / (other.mean * other.mean) / effective
    return Estimate(value: value, standardError: relative.squareRoot())
  }

  private static func byEntropy(_ draws: [[Double]], _ logDensity: ([Double]) -> Double) -> Estimate? {
    guard let d = draws.first?.count else { return nil }
    let mean = draws.reduce(0) { $0 + logDensity($1) } / Double(draws.count)
    return NormalMass.logMass(of: draws.map { $0[...] }, meanLogDensity: mean).map {
      Estimate(value: $0, standardError: 0.5 * Double(d).squareRoot() + 0.1 * Double(d))
    }
  }

  private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, n - 1))
  }
}
