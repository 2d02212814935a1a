extension Validity {
  /// For each element whether it is such a one.
  ///
  /// - Throws: ``CropError/outOfMemory(byteCount:)``.
  func mask(shape: [Int], order: MemoryOrder) throws(CropError) -> [Bool] {
    guard let count = checkedProduct(shape), canAllocate(byteCount: count) else {
      throw .outOfMemory(byteCount: checkedProduct(shape) ?? .max)
    }
    if case .list(let list, let own, _, var axes) = self {
      // As one axis, whose indices are in the order of the result.
      var lengths = shape
      lengths.replaceSubrange(list, with: [own.count])
      axes.replaceSubrange(list, with: [Validity.ranges(of: own)])
      return try Validity.part(axes).mask(shape: lengths, order: order)
    }
    guard case .part(let axes) = self, count > 0 else {
      return [Bool](repeating: self == .whole, count: count)
    }
    var mask: [Bool] = []
    mask.reserveCapacity(count)
    var slowestFirst: [MaskAxis] = []
    var inner = count
    for axis in order == .c ? Array(shape.indices) : shape.indices.reversed() {
      inner /= shape[axis]
      slowestFirst.append(MaskAxis(ranges: axes[axis], length: shape[axis], inner: inner))
    }
    Self.append(slowestFirst[...], to: &mask)
    return mask
  }

  /// An axis of a mask, with the elements that there are for each of its indices.
  private struct MaskAxis {
    let ranges: [Range<Int>]
    let length: Int
    let inner: Int
  }

  /// Appends what the axes' indices make, the first axis' the slowest.
  private static func append(_ axes: ArraySlice<MaskAxis>, to mask: inout [Bool]) {
    guard let axis = axes.first else {
      mask.append(true)
      return
    }
    let others = axes.dropFirst()
    var done = 0
    for range in axis.ranges {
      mask.append(
        contentsOf: repeatElement(false, count: (range.lowerBound - done) * axis.inner))
      if others.isEmpty {
        mask.append(contentsOf: repeatElement(true, count: range.count))
      } else {
        for _ in range { append(others, to: &mask) }
      }
      done = range.upperBound
    }
    mask.append(contentsOf: repeatElement(false, count: (axis.length - done) * axis.inner))
  }
}
