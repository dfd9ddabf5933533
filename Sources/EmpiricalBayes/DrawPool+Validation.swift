import LogDensities

extension DrawPool {
  /// Whether the pool's arrays fit together and belong to a model.
  func fits<Model: HierarchicalModel>(_ model: Model) -> Bool {
    let shape = Batch.Shape(of: model)
    guard batches.allSatisfy({ $0.fits(shape) }) else { return false }
    return logPriors.count == batches.count && logPriors.allSatisfy { $0.count == draws }
      && logConstants.count == batches.count && logMixture.count == draws
  }
}

extension DrawPool.Batch {
  /// How long the parts of a draw are.
  fileprivate struct Shape {
    let coordinates: Int
    let dimension: Int
    let statistics: Int
    let allocates: Bool

    init<Model: HierarchicalModel>(of model: Model) {
      let origin = [Double](repeating: 0, count: model.dimension)
      coordinates = model.hyperparameters.coordinates.count
      dimension = model.dimension
      statistics = model.priorStatistics(at: origin.span, for: model.hyperparameters).count
      allocates = model.logAllocationEntropy(at: origin.span) != nil
    }
  }

  /// More draws than any iteration makes.
  private static var mostDraws: Int { 1 << 24 }

  fileprivate func fits(_ shape: Shape) -> Bool {
    guard iteration >= 0, (1...Self.mostDraws).contains(draws), (1...draws).contains(chains), draws % chains == 0 else {
      return false
    }
    func isOneADraw(_ values: [Double], _ width: Int) -> Bool { values.isEmpty || values.count == draws * width }
    return lambda.count == shape.coordinates && lambda.allSatisfy(\.isFinite)
      && statistics.count == draws * shape.statistics && logEntropies.count == (shape.allocates ? draws : 0)
      && isOneADraw(pathwise, shape.coordinates) && isOneADraw(positions, shape.dimension)
      && likelihoodGradients.count == positions.count && (positions.isEmpty || !pathwise.isEmpty)
      && isOneADraw(logWeights, 1)
  }
}
