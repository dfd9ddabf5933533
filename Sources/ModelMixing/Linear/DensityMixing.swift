/// ln Σ_k w_k N(y; f_k, σ_k² + σ_y²) row by row, by the sum of exponentials about its largest term.
struct DensityMixing {
  let offset: Double
  let background: Double

  func evaluate(_ terms: MixingTerms, _ observations: MixingObservations, into slopes: inout MixingSlopes) {
    let logBackground = logarithm(background)
    for row in 0..<terms.rows {
      let places = row * terms.models..<(row + 1) * terms.models
      let y = observations.response[row]
      var largest = logBackground
      for place in places {
        let variance = terms.deviations[place] * terms.deviations[place] + observations.variances[row]
        let difference = y - terms.means[place]
        let logDensity = -0.5 * (difference * difference / variance + logarithm(variance)) - halfLogTwoPi
        // The log terms stand where the slopes will.
        slopes.logWeights[place] = logWeight(terms.logWeights[place]) + logDensity
        largest = max(largest, slopes.logWeights[place])
      }
      guard largest.isFinite else {
        slopes.values[row] = largest < 0 ? -.infinity : .nan
        continue
      }
      var sum = exponential(logBackground - largest)
      for place in places { sum += exponential(slopes.logWeights[place] - largest) }
      slopes.values[row] = largest + logarithm(sum)
      for place in places {
        let share = exponential(slopes.logWeights[place] - largest) / sum
        let deviation = terms.deviations[place]
        let precision = 1 / (deviation * deviation + observations.variances[row])
        let difference = y - terms.means[place]
        slopes.means[place] = share == 0 ? 0 : share * difference * precision
        slopes.deviations[place] =
          share == 0 ? 0 : share * (difference * difference * precision - 1) * precision * deviation
        slopes.logWeights[place] = share * offsetSlope(terms.logWeights[place])
      }
    }
  }

  @inline(__always)
  private func logWeight(_ value: Double) -> Double { offset == 0 ? value : logarithm(exponential(value) + offset) }

  /// d ln(w + offset) / d ln w.
  @inline(__always)
  private func offsetSlope(_ value: Double) -> Double {
    offset == 0 ? 1 : exponential(value) / (exponential(value) + offset)
  }
}
