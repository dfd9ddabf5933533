/// Vectors of one length in one block of memory that is allocated once, so that a leapfrog step allocates nothing.
///
/// Each vector is padded with zeros to whole SIMD lanes; every operation keeps the padding zero, so that dot products
/// run over the padding unharmed.
struct VectorSlab: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let lanes: Int

  init(vectors: Int, dimension: Int) {
    lanes = max(1, (dimension + Vector.width - 1) / Vector.width)
    let bytes = max(1, vectors) * lanes * MemoryLayout<Vector.Lane>.stride
    base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  }

  deinit { base.deallocate() }

  subscript(index: Int) -> Vector {
    Vector(base: base + index * lanes * MemoryLayout<Vector.Lane>.stride, lanes: lanes)
  }
}

/// A vector in a `VectorSlab`, which must outlive it.
struct Vector {
  typealias Lane = SIMD4<Double>
  static let width = 4

  fileprivate let base: UnsafeMutableRawPointer
  fileprivate let lanes: Int

  fileprivate init(base: UnsafeMutableRawPointer, lanes: Int) {
    self.base = base
    self.lanes = lanes
  }

  /// Its elements, one by one.
  var elements: UnsafeMutablePointer<Double> { base.assumingMemoryBound(to: Double.self) }

  @inline(__always)
  fileprivate subscript(lane: Int) -> Lane {
    get { base.load(fromByteOffset: lane * MemoryLayout<Lane>.stride, as: Lane.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: lane * MemoryLayout<Lane>.stride, as: Lane.self) }
  }

  func copy(_ other: Vector) {
    base.copyMemory(from: other.base, byteCount: lanes * MemoryLayout<Lane>.stride)
  }

  /// self ← values, which must fill the vector but for its padding.
  func assign(_ values: [Double]) {
    for (index, value) in values.enumerated() { elements[index] = value }
  }

  func array(count: Int) -> [Double] { Array(UnsafeBufferPointer(start: elements, count: count)) }

  /// self ← a + b
  func setSum(_ a: Vector, _ b: Vector) {
    for lane in 0..<lanes { self[lane] = a[lane] + b[lane] }
  }

  /// self ← a ∘ b
  func setProduct(_ a: Vector, _ b: Vector) {
    for lane in 0..<lanes { self[lane] = a[lane] * b[lane] }
  }

  /// self ← self + factor a
  func add(_ factor: Double, _ a: Vector) {
    let factor = Lane(repeating: factor)
    for lane in 0..<lanes { self[lane] += factor * a[lane] }
  }

  /// self ← self + factor a ∘ b
  func add(_ factor: Double, _ a: Vector, times b: Vector) {
    let factor = Lane(repeating: factor)
    for lane in 0..<lanes { self[lane] += factor * a[lane] * b[lane] }
  }

  func dot(_ other: Vector) -> Double {
    var sum = Lane(repeating: 0)
    for lane in 0..<lanes { sum += self[lane] * other[lane] }
    return sum.sum()
  }
}

extension TurnCriterion {
  /// The six inner products of `continues`, in one pass over the momenta.
  static func products(_ earlier: Momenta, _ later: Momenta) -> SIMD8<Double> {
    var whole = (Vector.Lane.zero, Vector.Lane.zero)
    var first = whole
    var last = whole
    for lane in 0..<earlier.sum.lanes {
      let (left, middleLeft) = (earlier.left[lane], earlier.right[lane])
      let (middleRight, right) = (later.left[lane], later.right[lane])
      let sum = earlier.sum[lane] + later.sum[lane]
      whole.0 += sum * left
      whole.1 += sum * right
      let overlapRight = earlier.sum[lane] + middleRight
      first.0 += overlapRight * left
      first.1 += overlapRight * middleRight
      let overlapLeft = later.sum[lane] + middleLeft
      last.0 += overlapLeft * middleLeft
      last.1 += overlapLeft * right
    }
    return SIMD8(whole.0.sum(), whole.1.sum(), first.0.sum(), first.1.sum(), last.0.sum(), last.1.sum(), 1, 1)
  }
}
