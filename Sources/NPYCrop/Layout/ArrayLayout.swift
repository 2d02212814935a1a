/// Where the elements of an array lie in a file: the byte of index (i, j, …) is
/// `offset + i * strides[0] + j * strides[1] + …`.
///
/// An object that never changes: arrays and plans share it, and whether a plan is for an array is
/// nearly always one comparison of references.
final class ArrayLayout: Sendable {
  let shape: [Int]
  /// The bytes from one index of an axis to the next, of any sign: NumPy's `strides`.
  let strides: [Int]
  let itemSize: Int
  let offset: Int
  /// The bytes from the element at index (0, 0, …) to the end of the last one in the file.
  let span: Int

  /// The number of elements, which can be counted (`Bounds`, 1).
  var count: Int { checkedProduct(shape) ?? .max }

  /// The byte of the file before which all elements lie.
  var end: Int { offset &+ span }

  /// All bytes from the first element in the file to the last.
  var extent: Int { Self.reach(shape, strides, itemSize) { abs($0) } }

  /// A layout whose bytes can be counted (`Bounds`, 1).
  init(shape: [Int], strides: [Int], itemSize: Int, offset: Int) {
    self.shape = shape
    self.strides = strides
    self.itemSize = itemSize
    self.offset = offset
    span = Self.reach(shape, strides, itemSize) { max($0, 0) }
  }

  /// The bytes from the first element to the end of the one at the last index of each axis; 0 for an array without
  /// elements.
  private static func reach(
    _ shape: [Int], _ strides: [Int], _ itemSize: Int, _ distance: (Int) -> Int
  ) -> Int {
    guard !shape.contains(0) else { return 0 }
    var bytes = itemSize
    // Within the file's array, so no sum overflows.
    for axis in 0..<shape.count { bytes &+= (shape[axis] &- 1) &* distance(strides[axis]) }
    return bytes
  }
}

extension ArrayLayout: Hashable {
  static func == (left: ArrayLayout, right: ArrayLayout) -> Bool {
    left === right || left.hasElements(of: right)
  }

  /// Whether the elements lie in the same places.
  private func hasElements(of other: ArrayLayout) -> Bool {
    // The span is computed from the others.
    shape == other.shape && strides == other.strides && itemSize == other.itemSize
      && offset == other.offset
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    hasher.combine(strides)
    hasher.combine(itemSize)
    hasher.combine(offset)
  }
}
