/// Potential scale reduction R̂: how much wider all chains together are than each alone; 1 where they agree.
///
/// Rank-normalised split R̂ of Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), by the formulas of ArviZ. Draws are
/// chains × draws. Unlike ArviZ, and like the R package posterior, a single chain is judged by its two halves.
/// Chains that are equal everywhere give 1. Chains that each stand still at different values, chains of fewer than four
/// draws and draws that are not finite give ∞: nothing says that they agree. NaN is never returned.
public enum RHat {
  /// The larger of `bulk` and `folded`: the one to report. Above 1.01 is a warning.
  public static func rankNormalised(_ chains: [[Double]]) -> Double { max(bulk(chains), folded(chains)) }

  /// R̂ of normal scores of the split chains: whether chains agree in location.
  public static func bulk(_ chains: [[Double]]) -> Double {
    judged(chains) { basic(RankNormalisation.normalScores($0)) }
  }

  /// R̂ of normal scores of distances from the median: whether chains agree in spread.
  public static func folded(_ chains: [[Double]]) -> Double {
    judged(chains) { basic(RankNormalisation.normalScores(RankNormalisation.folded($0))) }
  }

  private static func judged(_ chains: [[Double]], _ body: ([[Double]]) -> Double) -> Double {
    switch ChainShape(chains) {
    case .tooShort, .notFinite: .infinity
    case .constant: 1
    case .varying: body(RankNormalisation.split(chains))
    }
  }

  /// √((B/W + n − 1) / n) with B/n the variance of chain means and W the mean variance within chains.
  private static func basic(_ chains: [[Double]]) -> Double {
    let n = Double(chains[0].count)
    let means = chains.map(Moments.mean)
    let between = n * Moments.variance(means)
    let within = Moments.mean(chains.map(Moments.variance))
    if within == 0 { return between == 0 ? 1 : .infinity }
    return ((between / within + n - 1) / n).squareRoot()
  }
}
