/// The point of the simplex (no entry negative, sum 1) nearest to a point in the Euclidean distance.
///
/// Held, Wolfe and Crowder (1974): subtract from all entries the one threshold for which the positive parts sum to 1.
public enum SimplexProjection {
  /// Projects `count` entries of `values` from `start` on, in place. `sorted` is room for that many numbers.
  static func project(
    _ values: inout MutableSpan<Double>, from start: Int, count: Int, sorted: inout MutableSpan<Double>
  ) {
    for index in 0..<count {
      let value = values[start + index]
      var place = index
      while place > 0 && sorted[place - 1] < value {
        sorted[place] = sorted[place - 1]
        place -= 1
      }
      sorted[place] = value
    }
    var sum = 0.0
    var threshold = 0.0
    for index in 0..<count {
      sum += sorted[index]
      let candidate = (sum - 1) / Double(index + 1)
      if sorted[index] > candidate { threshold = candidate }
    }
    for index in 0..<count { values[start + index] = max(0, values[start + index] - threshold) }
  }

  /// The projection of a point.
  public static func project(_ point: [Double]) -> [Double] {
    var values = point
    var sorted = point
    var span = values.mutableSpan
    var room = sorted.mutableSpan
    project(&span, from: 0, count: point.count, sorted: &room)
    return values
  }
}
