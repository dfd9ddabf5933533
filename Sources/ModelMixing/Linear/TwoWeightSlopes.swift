extension MutableSpan where Element == Double {
  /// The derivatives of two log weights that depend on two parameters through one number. What has no slope has none along
  /// any parameter, however steep that number is.
  mutating func fill(_ slopes: (Double, Double), along direction: (Double, Double)) {
    self[0] = slopes.0 == 0 ? 0 : slopes.0 * direction.0
    self[1] = slopes.0 == 0 ? 0 : slopes.0 * direction.1
    self[2] = slopes.1 == 0 ? 0 : slopes.1 * direction.0
    self[3] = slopes.1 == 0 ? 0 : slopes.1 * direction.1
  }
}
