import Diagnostics
import LogDensities
import Sampling

extension SampleChecks {
  /// The model's label-invariant quantities over a sample.
  public static func quantities<Model: HierarchicalModel>(
    of model: Model, _ sample: PosteriorSample
  ) -> [Quantity] {
    let rows = (0..<sample.count).map { sample.withPosition($0, model.convergenceQuantities) }
    return model.convergenceQuantityNames.enumerated().map { column, name in
      Quantity(
        name: name,
        draws: (0..<sample.chains).map { chain in
          (0..<sample.drawsPerChain).map { rows[chain * sample.drawsPerChain + $0][column] }
        })
    }
  }
}
