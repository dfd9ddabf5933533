extension Design {
  /// For every feature how many units of the data one unit of it is: the feature is u / scale, with u in the data's units.
  ///
  /// `standardize`, `center`, `scale` and `poly` are undone wherever nothing but them stands around: `standardize(log(x))`
  /// has the unit of log(x), the k-th feature of `poly(x,d)` that of (x − mean)^k, and an interaction the product of its
  /// factors'. Any other formula is a feature as it is written, and so are its bias, Fourier features and indicators: 1.
  public var featureScales: [Double] {
    (hasBias ? [1] : []) + terms.flatMap { scales(of: $0.expression) }
  }

  private func scales(of expression: FeatureExpression) -> [Double] {
    switch expression {
    case .polynomial(let x, let degree):
      let scale = standardisedScale(of: x)
      return (1...degree).map { power in (1..<power).reduce(scale) { product, _ in product * scale } }
    case .interaction(let factors):
      return factors.reduce([1]) { products, factor in
        let own = scales(of: factor)
        return products.flatMap { left in own.map { left * $0 } }
      }
    case .standardized, .centered, .scaled: return [scale(of: expression)]
    default: return [Double](repeating: 1, count: expression.width(levels))
    }
  }

  /// Of a single feature. The sign of a scaling by a negative factor stays with the feature.
  private func scale(of expression: FeatureExpression) -> Double {
    switch expression {
    case .standardized(let x): standardisedScale(of: x)
    case .centered(let x): scale(of: x)
    case .scaled(let x, let factor): scale(of: x) * abs(factor)
    case .polynomial, .interaction: scales(of: expression).first ?? 1
    default: 1
    }
  }

  private func standardisedScale(of x: FeatureExpression) -> Double {
    scale(of: x) * (moments[x.description]?.standardDeviation ?? 1)
  }
}
