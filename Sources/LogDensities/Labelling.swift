/// Which part of a model has which number, carried from one set of draws to the next: the point in the model's own
/// standardised coordinates that draws are renumbered towards.
public struct Labelling: Sendable, Codable, Equatable {
  /// The pivot, part by part.
  public let pivot: [Double]
  /// What was taken off each coordinate before it was scaled.
  public let centre: [Double]
  /// What each coordinate was multiplied by.
  public let factor: [Double]

  /// A labelling; `centre` and `factor` are as long as a part of the pivot.
  public init(pivot: [Double], centre: [Double], factor: [Double]) {
    precondition(centre.count == factor.count, "one factor a coordinate")
    precondition(
      pivot.isEmpty || (!centre.isEmpty && pivot.count % centre.count == 0), "a pivot is made of whole parts")
    self.pivot = pivot
    self.centre = centre
    self.factor = factor
  }
}
