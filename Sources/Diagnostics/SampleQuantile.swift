/// The quantile of values in ascending order by linear interpolation of order statistics (type 7 of Hyndman and Fan 1996);
/// 0 of nothing.
public func sampleQuantile(ofSorted sorted: [Double], _ probability: Double) -> Double {
  precondition(probability >= 0 && probability <= 1, "a probability lies in [0, 1]")
  guard let last = sorted.last else { return 0 }
  let position = probability * Double(sorted.count - 1)
  let below = Int(position)
  guard below + 1 < sorted.count else { return last }
  let fraction = position - Double(below)
  let step = sorted[below + 1] - sorted[below]
  return fraction < 0.5 ? sorted[below] + step * fraction : sorted[below + 1] - step * (1 - fraction)
}
