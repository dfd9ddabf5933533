/// The permutation of least total cost, exactly, in O(n³): the Hungarian method with shortest augmenting paths (Jonker and
/// Volgenant 1987).
struct Assignment {
  /// Place k gets `permutation[k]`.
  let permutation: [Int]
  /// The sum of the chosen costs; +∞ where every permutation is forbidden.
  let cost: Double

  /// `costs[k][i]` is the cost of i in place k; +∞ forbids.
  init(_ costs: [[Double]]) {
    let n = costs.count
    // A forbidden pair costs more than all others together, so that it is chosen only where nothing else is left.
    let forbidden = 1 + 2 * costs.joined().reduce(0) { $1.isFinite ? $0 + abs($1) : $0 }
    var placePrice = [Double](repeating: 0, count: n)
    var itemPrice = [Double](repeating: 0, count: n)
    var holder = [Int?](repeating: nil, count: n)
    for place in 0..<n {
      var distance = [Double](repeating: .infinity, count: n)
      var previous = [Int?](repeating: nil, count: n)
      var isDone = [Bool](repeating: false, count: n)
      var current = place
      var arrived: Int?
      var item = 0
      repeat {
        var next = 0
        var least = Double.infinity
        for candidate in 0..<n where !isDone[candidate] {
          let price = min(costs[current][candidate], forbidden) - placePrice[current] - itemPrice[candidate]
          if price < distance[candidate] { (distance[candidate], previous[candidate]) = (price, arrived) }
          if distance[candidate] < least { (least, next) = (distance[candidate], candidate) }
        }
        placePrice[place] += least
        for other in 0..<n {
          if isDone[other] {
            itemPrice[other] -= least
            if let owner = holder[other] { placePrice[owner] += least }
          } else {
            distance[other] -= least
          }
        }
        item = next
        isDone[item] = true
        arrived = item
        current = holder[item] ?? current
      } while holder[item] != nil
      // Along the path back every item goes to the holder of the one before; the first goes to the new place.
      var taken: Int? = item
      while let end = taken {
        holder[end] = previous[end].flatMap { holder[$0] } ?? place
        taken = previous[end]
      }
    }
    var permutation = [Int](repeating: 0, count: n)
    for (item, place) in holder.enumerated() { if let place { permutation[place] = item } }
    self.permutation = permutation
    cost = permutation.indices.reduce(0) { $0 + costs[$1][permutation[$1]] }
  }

  /// The least cost of any other permutation: one of the chosen pairs has to be broken.
  func secondCost(_ costs: [[Double]]) -> Double {
    permutation.enumerated().reduce(.infinity) { least, pair in
      var others = costs
      others[pair.offset][pair.element] = .infinity
      return min(least, Assignment(others).cost)
    }
  }
}
