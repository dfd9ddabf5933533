extension SVGSeries {
  /// The parts of a line between the lower and the upper edge of the frame, each ending where it meets an edge: a line that
  /// leaves the frame must not be taken for one that runs along it.
  func visibleParts(_ frame: SVGFrame) -> [[(Double, Double)]] {
    let (h, v) = (frame.horizontal, frame.vertical)
    var parts: [[(Double, Double)]] = [[]]
    for (index, point) in points.enumerated() {
      let isInside = v.contains(point.y)
      if index > 0 {
        let before = points[index - 1]
        let crossings = v.crossings(from: before.y, to: point.y).map { crossing in
          (h.place(before.x) + crossing.share * (h.place(point.x) - h.place(before.x)), v.place(crossing.edge))
        }
        if !v.contains(before.y) { parts.append([]) }
        parts[parts.count - 1] += crossings
      }
      if isInside { parts[parts.count - 1].append((h.place(point.x), v.place(point.y))) }
    }
    return parts.filter { !$0.isEmpty }
  }
}
