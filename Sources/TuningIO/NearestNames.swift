/// Names that a mistyped one may have meant.
public enum NearestNames {
  /// Up to three of `names`, nearest first: equal but for case, or within an edit distance of a third of the length.
  public static func suggestions(for name: String, among names: [String]) -> [String] {
    let wanted = Array(name.lowercased().prefix(100))
    guard !wanted.isEmpty else { return [] }
    let scored = names.enumerated().compactMap { order, candidate -> (name: String, distance: Int, order: Int)? in
      let letters = Array(candidate.lowercased().prefix(100))
      let distance = editDistance(wanted, letters)
      let isPart = wanted.count >= 3 && candidate.lowercased().contains(name.lowercased())
      guard isPart || distance <= max(1, max(wanted.count, letters.count) / 3) else { return nil }
      return (candidate, distance, order)
    }
    return scored.sorted { ($0.distance, $0.order) < ($1.distance, $1.order) }.prefix(3).map(\.name)
  }

  /// The end of a sentence about a name that does not exist: what may have been meant, or else all that there is.
  public static func hint(for name: String, among names: [String]) -> String {
    let nearest = suggestions(for: name, among: names)
    return nearest.isEmpty
      ? "allowed is \(names.joined(separator: ", "))." : "did you mean \(nearest.joined(separator: " or "))?"
  }

  /// A sentence that names what does not exist in quotation marks and then all that does, as targets write it that do not
  /// know this one (`… "tmp"; there are time, temp.`), with names that may have been meant between the two.
  public static func hinting(_ sentence: String) -> String {
    let pattern =
      /["“](?<name>[^"“”]+)(?<end>["”]); (?:allowed are|allowed is|there are|kernels are|columns are) (?<all>[^;]+)/
    guard let match = sentence.firstMatch(of: pattern) else { return sentence }
    let names = match.all.split(whereSeparator: { $0 == "," || $0 == " " }).map {
      String($0.hasSuffix(".") ? $0.dropLast() : $0)
    }
    let nearest = suggestions(for: String(match.name), among: names)
    guard !nearest.isEmpty else { return sentence }
    let place = match.end.endIndex
    return "\(sentence[..<place]); perhaps \(nearest.joined(separator: " or ")) is meant\(sentence[place...])"
  }

  /// Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment).
  static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for row in a.indices {
      var current = [row + 1]
      for column in b.indices {
        let substitution = last[column] + (a[row] == b[column] ? 0 : 1)
        var best = min(substitution, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
          best = min(best, before[column - 1] + 1)
        }
        current.append(best)
      }
      before = last
      last = current
    }
    return last[b.count]
  }
}
